import Consumers
import Glibc
import Hub
import HubTestKit
import Platform
import Readings
import StrictJSON
import Supervision
import Testing
import Wire
import WorkerLink

/// A consumer all of whose lines are held to the schema.
private final class CheckedConsumer {
  let consumer: TestConsumer
  private(set) var check: WireCheck
  private var number = 0

  init(_ station: TestStation) throws {
    consumer = station.connect()
    check = try WireCheck(ofHub: true)
  }

  /// Sends a request and reads until its answer.
  @discardableResult
  func ask(_ method: String, _ parameters: String = "{}") -> JSONNode? {
    number += 1
    let id = Int64(number)
    send(#"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":\#(parameters)}"#)
    return read { $0["id"]?.integer == id }
  }

  func send(_ request: String) {
    check.expect(Array(request.utf8))
    consumer.send(request)
  }

  /// Reads until a line fits; `nil` at the end.
  @discardableResult
  func read(where fits: (JSONNode) -> Bool) -> JSONNode? {
    while let line = consumer.nextLine() {
      check.expect(line)
      if let message = try? JSONNode(parsing: line, limits: .line), fits(message) { return message }
    }
    return nil
  }

  @discardableResult func read(_ method: String) -> JSONNode? { read { $0["method"]?.string == method }?["params"] }
}

/// What a running hub sends is what the schema says, all of it.
@Suite struct RunningHubTests {
  @Test func everythingThatTheHubSends() throws {
    let station = try TestStation { options in
      options.drivers = [
        DriverReport(id: "go-direct", name: "Go Direct", version: "0.1.0", transport: "hid", file: "/x"),
        DriverReport(refused: "It cannot be loaded.", file: "/y"),
      ]
      options.station = "room-2"
    }
    showIdleDevices(station)
    let worker = station.attach("grip-1")
    let consumer = try CheckedConsumer(station)
    for method in ["hello", "subscribe", "devices.list", "drivers.list", "describe", "stats", "ping"] {
      #expect(consumer.ask(method)?["result"] != nil, "\(method)")
    }
    consumer.ask("subscribe", #"{"sub":"big-number","mode":"latest","snapshot":false}"#)
    becomeReady(worker)
    consumer.read { $0["params"]?["state"]?.string == "ready" }
    measure(worker)
    consumer.read { $0["params"]?["reason"]?.string == "samples_lost" }
    time(worker)
    consumer.read { $0["params"]?["elapsed_us"] != nil }
    command(consumer, worker, error: "")
    command(consumer, worker, error: "The instrument moves.")
    consumer.ask("unsubscribe", #"{"sub":"big-number"}"#)
    // A trial runs when the instrument is unplugged.
    worker.send(.event(Event("trial.started", at: SystemClock.boot())))
    consumer.read("event")
    station.server.detach(DeviceIdentityKey(kind: "usb-serial", value: "grip-1"))
    #expect(consumer.read("result")?["reason"]?.string == "device_lost")
    consumer.read("heartbeat")
    let answers = Wire.Method.allCases.flatMap { ["request \($0.rawValue)", "answer \($0.rawValue)"] }
    let notifications = notificationsOfTheSchema().filter { $0 != "warning" }.map { "notification \($0)" }
    #expect(Set(answers + notifications).subtracting(consumer.check.seen).isEmpty)
  }

  private func showIdleDevices(_ station: TestStation) {
    for (name, state) in [("a", IdleDevice.IdleState.needsConsent), ("b", .disabled), ("c", .failed)] {
      station.server.show(
        IdleDevice(
          name: name, key: DeviceIdentityKey(kind: "path", value: "/dev/\(name)"), state: state, reason: "why",
          sentence: "Why.", fix: "Do this.", node: "/dev/\(name)"))
    }
  }

  private func becomeReady(_ worker: TestWorker) {
    worker.send(
      .channel(
        Channel(
          number: 1, name: "force", quantity: "force", unit: "N", rawUnit: "kgf", minimum: -9.8, maximum: 900,
          resolution: 0.1, interval: 10_000, uncertainty: 800)),
      .channel(Channel(number: 2, name: "elapsed", quantity: "time", unit: "s")),
      .identity(
        Identity(vendor: "Vernier", model: "GDX-HD", serial: "1", firmware: "1.8", batteryPercent: 87.5)),
      .tally(counter: "checksum_errors", amount: 2), .ready)
  }

  /// One whole effort, one that a loss spoils, samples at irregular times, one alone.
  private func measure(_ worker: TestWorker) {
    let start = SystemClock.boot() - 10_000_000
    func batch(_ index: Int, _ force: Double, _ quality: Quality = []) -> WorkerMessage {
      .samples(
        Samples(
          channel: 1, time: start + Int64(index) * 100_000, interval: 10_000, deviceTime: Int64(index) * 100_000,
          values: [Double](repeating: force, count: 10), raw: [Double](repeating: force / 9.80665, count: 10),
          quality: [Quality](repeating: [], count: 9) + [quality]))
    }
    worker.send([0, 20, 30, 0, 0].enumerated().map { batch($0, $1) })
    worker.send(batch(5, 20), batch(6, .nan, Quality(rawValue: 1 << 2 | 1 << 30)))
    worker.send(.samples(Samples(channel: 2, time: start, offsets: [0, 70], values: [1, 1.5])))
    worker.send(.samples(Samples(channel: 2, time: start, values: [18.42])))
    worker.send(batch(7, 20), batch(8, 0), batch(9, 0), batch(10, 20))
    worker.send(.lost(Loss(channel: 1, count: 11, reason: "device_dropped")))
  }

  private func time(_ worker: TestWorker) {
    let now = SystemClock.boot()
    worker.send(
      .event(
        Event(
          "trial.started", at: now, uncertainty: 500, quality: .inferred,
          fields: [("source", .text("hand_lift")), ("x", .number(0.5)), ("on", .flag(true))], raw: "I")),
      .event(
        Event(
          "trial.stopped", at: now, deviceTime: 18_420_000,
          fields: [("elapsed_us", .integer(18_420_000)), ("resolution_us", .integer(10_000))])))
  }

  private func command(_ consumer: CheckedConsumer, _ worker: TestWorker, error: String) {
    let id = #""\#(error.isEmpty ? "good" : "bad")""#
    consumer.send(
      #"{"jsonrpc":"2.0","id":\#(id),"method":"device.command","params":{"device":"grip-1","command":"zero"}}"#)
    while let message = worker.next() {
      guard case .command(let number, _, _) = message else { continue }
      worker.send(.outcome(command: number, error: error))
      break
    }
    consumer.read { $0["id"]?.string != nil }
  }

  @Test func aSlowConsumerIsTold() throws {
    let station = try TestStation { $0.consumerLimits.queueBytes = 32_768 }
    let worker = station.attach("grip-1")
    let slow = try CheckedConsumer(station)
    slow.ask("subscribe")
    let watcher = station.connect()
    _ = watcher.ask("subscribe", #"{"filter":{"kind":["device","event"]}}"#)
    worker.becomeReady()
    // Many digits: what fills a queue with the fewest numbers to check afterwards.
    let values = [Double](repeating: .pi * 1e-300, count: 500)
    // More than the kernel and the queue take, a line at a time: not a burst that only the loop's turn makes wait.
    for _ in 0..<40 {
      worker.send(.samples(Samples(channel: 1, time: SystemClock.boot(), values: values)))
      worker.send(.event(Event("test.step", at: SystemClock.boot())))
      _ = watcher.next("event")
    }
    // Between two heartbeats of the one, the other was looked at.
    for _ in 0..<2 { _ = watcher.next("heartbeat") }
    // News of the connection go before records.
    #expect(slow.read("warning")?["name"]?.string == "queue_high")
    #expect(slow.read("gap")?["reason"]?.string == "consumer_slow")
  }

  @Test func whatIsNoLongerHeldIsTold() throws {
    let station = try TestStation { $0.ringBytes = 1000 }
    let worker = station.attach("grip-1")
    let watcher = station.connect()
    _ = watcher.ask("subscribe")
    worker.becomeReady()
    for value in 0..<20 { worker.sample(Double(value)) }
    while let value = watcher.next("measurement")?["v"]?.elements?.first?.number, value < 19 {}
    let late = try CheckedConsumer(station)
    late.ask("subscribe", #"{"from":{"epoch":"\#(station.server.epoch)","seq":2}}"#)
    #expect(late.read("gap")?["reason"]?.string == "no_longer_held")
  }

  /// Each error happens as the document says, and looks as the schema says. `consumer_slow` is not among them: whether its
  /// line is still read depends on how soon; its shape is that of all.
  @Test func everyErrorHappens() throws {
    var seen: Set<String> = ["error consumer_slow"]
    func onStation(_ change: (inout HubOptions) -> Void = { _ in }, _ body: (CheckedConsumer) throws -> Void) throws {
      let station = try TestStation(change)
      let consumer = try CheckedConsumer(station)
      try body(consumer)
      seen.formUnion(consumer.check.seen)
    }
    func provoke(_ requests: [String]) throws {
      try onStation { consumer in
        for request in requests { consumer.consumer.send(request) }
        consumer.consumer.endSending()
        consumer.read { _ in false }
      }
    }
    func request(_ method: String, _ parameters: String = "{}") -> String {
      #"{"jsonrpc":"2.0","method":"\#(method)","params":\#(parameters)}"#
    }
    try provoke([
      "{", "[]", request("nothing"), request("subscribe", #"{"mode":"loud"}"#),
      request("subscribe", #"{"from":{"epoch":"other","seq":1}}"#), request("subscribe", #"{"delivery":"committed"}"#),
      request("unsubscribe"), request("device.command", #"{"device":"none","command":"zero"}"#),
    ])
    try provoke([request("hello", #"{"proto":99}"#)])
    try provoke([String(repeating: "x", count: 70_000)])
    try provoke([String](repeating: "{", count: 101))
    try onStation { consumer in
      for number in 0...16 { consumer.ask("subscribe", #"{"sub":"\#(number)"}"#) }
      consumer.ask("unsubscribe", #"{"sub":"0"}"#)
      consumer.ask("subscribe", #"{"sub":"1"}"#)
      consumer.ask("subscribe", #"{"sub":"0","from":"oldest"}"#)
    }
    try onStation({ $0.roles.adminUsers = [] }) { $0.ask("device.command", #"{"device":"grip-1","command":"zero"}"#) }
    try onStation({ $0.consumerLimits.arrival = 0 }) { consumer in consumer.read { _ in false } }
    try onStation({ $0.consumerLimits.consumers = 0 }) { consumer in consumer.read { _ in false } }
    try onStation({ $0.consumerLimits.bytesOfUser = 0 }) { consumer in
      consumer.consumer.sendRaw([UInt8](repeating: 0x20, count: 8192))
      consumer.read { _ in false }
    }
    let station = try TestStation()
    try unrecorded(&seen)
    let worker = station.attach("grip-1")
    let consumer = try CheckedConsumer(station)
    consumer.ask("subscribe")
    consumer.ask("device.command", #"{"device":"grip-1","command":"zero"}"#)
    worker.becomeReady()
    consumer.read { $0["params"]?["state"]?.string == "ready" }
    command(consumer, worker, error: "The instrument moves.")
    for _ in 0..<33 { consumer.consumer.send(request("device.command", #"{"device":"grip-1","command":"zero"}"#)) }
    consumer.read { $0["error"] != nil }
    worker.hangUp()
    station.server.stop()
    consumer.read { _ in false }
    seen.formUnion(consumer.check.seen)
    #expect(Set(RequestError.Name.allCases.map { "error \($0.rawValue)" }).subtracting(seen).isEmpty)
  }

  /// A directory stands where the audit log should be.
  private func unrecorded(_ seen: inout Set<String>) throws {
    let station = try TestStation { $0.auditPath = "/tmp" }
    let worker = station.attach("grip-1")
    let consumer = try CheckedConsumer(station)
    consumer.ask("subscribe")
    worker.becomeReady()
    consumer.read { $0["params"]?["state"]?.string == "ready" }
    #expect(
      consumer.ask("device.command", #"{"device":"grip-1","command":"zero"}"#)?["error"]?["data"]?["name"]?.string
        == "not_recorded")
    seen.formUnion(consumer.check.seen)
  }
}
