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

@Suite struct HubServerTests {
  @Test func aReadingGoesFromWorkerToConsumer() throws {
    let station = try TestStation()
    let worker = station.attach("grip-1")
    let consumer = station.connect()
    #expect(consumer.next("welcome")?["epoch"]?.string == station.server.epoch)
    #expect(consumer.ask("subscribe")?["result"]?["sub"]?.string == "main")
    #expect(consumer.next("device")?["snapshot"]?.bool == true)
    #expect(consumer.next("snapshot_end") != nil)
    worker.becomeReady()
    let ready = consumer.next("device")
    #expect(ready?["state"]?.string == "ready" && ready?["model"]?.string == "GDX-HD")
    worker.sample(12.5)
    #expect(consumer.next("device")?["state"]?.string == "streaming")
    let measurement = consumer.next("measurement")
    #expect(measurement?["v"]?.elements?.map(\.value) == [.number(12.5)])
    #expect(measurement?["device"]?.string == "grip-1" && measurement?["unit"]?.string == "N")
    #expect(measurement?["seq"]?.integer == (ready?["seq"]?.integer ?? 0) + 2)
  }

  @Test func oneLineAndAnEndOfInputIsEnough() throws {
    let station = try TestStation()
    let worker = station.attach("grip-1")
    let consumer = station.connect()
    consumer.send(#"{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{}}"#)
    consumer.endSending()
    #expect(consumer.next { $0["id"]?.integer == 1 }?["result"] != nil)
    worker.becomeReady()
    worker.sample(1)
    #expect(consumer.next("measurement") != nil)
  }

  @Test func aRecordIsTheSameBytesForEverybody() throws {
    let station = try TestStation()
    let worker = station.attach("grip-1")
    let consumers = (0..<3).map { _ in station.connect() }
    for consumer in consumers {
      _ = consumer.ask("subscribe", #"{"snapshot":false,"filter":{"kind":"measurement"}}"#)
    }
    worker.becomeReady()
    for value in 0..<50 { worker.sample(Double(value)) }
    let lines = consumers.map { consumer in
      (0..<50).compactMap { _ -> [UInt8]? in
        while let line = consumer.nextLine() {
          if line.starts(with: Array(#"{"jsonrpc":"2.0","method":"measurement""#.utf8)) { return line }
        }
        return nil
      }
    }
    #expect(lines[0].count == 50 && lines[0] == lines[1] && lines[1] == lines[2])
  }

  @Test func aConsumerThatComesBackGetsWhatItMissed() throws {
    let station = try TestStation()
    let worker = station.attach("grip-1")
    let first = station.connect()
    _ = first.ask("subscribe")
    worker.becomeReady()
    for value in 0..<200 { worker.sample(Double(value)) }
    var seen: Int64 = 0
    while seen < 20 { seen = first.next("measurement")?["seq"]?.integer ?? 0 }
    let again = station.connect()
    let answer = again.ask(
      "subscribe", #"{"from":{"epoch":"\#(station.server.epoch)","seq":\#(seen)},"snapshot":false}"#)
    #expect(answer?["result"]?["start_seq"]?.integer == seen + 1)
    for expected in 0..<100 {
      let record = again.next { ["measurement", "device"].contains($0["method"]?.string) }
      #expect(record?["params"]?["seq"]?.integer == seen + 1 + Int64(expected))
    }
    let stranger = station.connect().ask("subscribe", #"{"from":{"epoch":"other","seq":1}}"#)
    #expect(stranger?["error"]?["data"]?["name"]?.string == "epoch_changed")
    #expect(stranger?["error"]?["data"]?["epoch"]?.string == station.server.epoch)
  }

  @Test func whatIsNoLongerHeldIsSaid() throws {
    let station = try TestStation { $0.ringBytes = 4096 }
    let worker = station.attach("grip-1")
    let watcher = station.connect()
    _ = watcher.ask("subscribe")
    worker.becomeReady()
    for value in 0..<200 { worker.sample(Double(value)) }
    while let seq = watcher.next("measurement")?["seq"]?.integer, seq < 200 {}
    let late = station.connect()
    _ = late.ask("subscribe", #"{"from":{"epoch":"\#(station.server.epoch)","seq":3},"snapshot":false}"#)
    let gap = late.next("gap")
    #expect(gap?["after_seq"]?.integer == 3 && gap?["reason"]?.string == "no_longer_held")
    #expect(gap?["recoverable"]?.bool == false)
    let next = late.next("measurement")
    #expect(next?["seq"]?.integer == gap?["next_seq"]?.integer)
    #expect((gap?["lost_records"]?.integer ?? 0) + 4 == next?["seq"]?.integer)
  }

  @Test func latestKeepsOnlyTheNewestAndCountsTheRest() throws {
    let station = try TestStation()
    let worker = station.attach("grip-1")
    let consumer = station.connect()
    _ = consumer.ask("subscribe", #"{"mode":"latest","max_hz":100,"snapshot":false}"#)
    worker.becomeReady()
    worker.send((0..<500).map { .samples(Samples(channel: 1, time: SystemClock.boot(), values: [Double($0)])) })
    var (seen, skipped, last) = (0, 0, -1.0)
    while last < 499 {
      let value = try #require(consumer.next("measurement"))
      last = value["v"]?.elements?.first?.number ?? 500
      seen += 1
      skipped += Int(value["skipped"]?.integer ?? 0)
    }
    #expect(seen + skipped == 500)
    #expect(seen < 100)
  }

  @Test func aWorkerThatDiesIsStartedAgainAndCountsGoOn() throws {
    let station = try TestStation()
    let worker = station.attach("grip-1")
    let consumer = station.connect()
    _ = consumer.ask("subscribe")
    worker.becomeReady()
    worker.sample(1)
    #expect(consumer.next("measurement")?["n0"]?.integer == 0)
    worker.hangUp()
    #expect(consumer.next("device")?["state"]?.string == "backoff")
    let second = station.nextWorker()
    second.send(.tally(counter: "restarts", amount: 7))
    second.becomeReady()
    #expect(
      consumer.next { $0["params"]?["state"]?.string == "ready" }?["params"]?["health"]?["restarts"]?.integer == 1)
    second.sample(2)
    #expect(consumer.next("measurement")?["n0"]?.integer == 1)
  }

  /// What no honest driver says: each ends the driver that says it, and nothing else.
  private static let lies: [(String, [WorkerMessage])] = [
    ("an undeclared channel", [.samples(Samples(channel: 9, time: SystemClock.boot(), values: [1]))]),
    ("the future", [.samples(Samples(channel: 1, time: SystemClock.boot() + 90_000_000, values: [1]))]),
    (
      "an interval of ages",
      [.samples(Samples(channel: 1, time: SystemClock.boot(), interval: .max, values: [1, 2, 3]))]
    ),
    (
      "an interval of minutes",
      [
        .samples(Samples(channel: 1, time: SystemClock.boot(), interval: 60_000_000, values: [1, 2, 3]))
      ]
    ),
    (
      "offsets of ages",
      [
        .samples(Samples(channel: 1, time: SystemClock.boot(), offsets: [0, .max], values: [1, 2]))
      ]
    ),
    (
      "a time past 2^53",
      [
        .samples(Samples(channel: 1, time: SystemClock.boot(), deviceTime: 1 << 53 + 1, values: [1]))
      ]
    ),
    (
      "a channel of ages",
      [
        .channel(Channel(number: 2, name: "x", quantity: "force", unit: "N", interval: .max))
      ]
    ),
    ("an uncertainty of ages", [.event(Event("a.b", at: SystemClock.boot(), uncertainty: .max))]),
    (
      "losses past 2^53",
      [WorkerMessage](repeating: .lost(Loss(channel: 1, count: 1 << 40 - 1, reason: "x")), count: 8193)
    ),
  ]

  @Test(arguments: lies.map(\.0) + ["rubbish"]) func aWorkerThatLiesHarmsItselfOnly(_ what: String) throws {
    let station = try TestStation { $0.deviceLimits.records = 1e9 }
    let (good, bad) = (station.attach("good"), station.attach("bad"))
    let consumer = station.connect()
    _ = consumer.ask("subscribe")
    good.becomeReady()
    bad.becomeReady()
    if let messages = Self.lies.first(where: { $0.0 == what })?.1 {
      bad.send(messages)
    } else {
      bad.sendRaw([UInt8](repeating: 0xAA, count: 4096))
    }
    let broken = consumer.next {
      $0["params"]?["device"]?.string == "bad" && $0["params"]?["state"]?.string == "backoff"
    }
    #expect(broken != nil)
    good.sample(5)
    #expect(consumer.next("measurement")?["device"]?.string == "good")
  }

  @Test func aFloodIsEndedAndTheOthersGoOn() throws {
    let station = try TestStation {
      $0.deviceLimits.records = 100
    }
    let (good, bad) = (station.attach("good"), station.attach("bad"))
    let consumer = station.connect()
    _ = consumer.ask("subscribe", #"{"filter":{"kind":["device","measurement"]}}"#)
    good.becomeReady()
    bad.becomeReady()
    bad.send((0..<2000).map { .samples(Samples(channel: 1, time: SystemClock.boot(), values: [Double($0)])) })
    #expect(consumer.next { $0["params"]?["reason"]?.string == "flood" } != nil)
    good.sample(5)
    #expect(consumer.next { $0["params"]?["device"]?.string == "good" && $0["method"]?.string == "measurement" } != nil)
  }

  @Test func aSubscriptionWithoutAnIdGetsNoAnswer() throws {
    let station = try TestStation()
    _ = station.attach("grip-1")
    let consumer = station.connect()
    _ = consumer.next("welcome")
    consumer.send(#"{"jsonrpc":"2.0","method":"subscribe"}"#)
    #expect(consumer.next()?["params"]?["snapshot"]?.bool == true)
  }
}
