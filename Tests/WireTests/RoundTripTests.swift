import DriverTestKit
import Readings
import StrictJSON
import Testing
import Wire

/// What is written is read back as the same.
@Suite struct RoundTripTests {
  /// Each notification through the whole way: a line, a message, the same content.
  @Test func everyNotification() throws {
    func expect<Told: Telling & Equatable>(
      _ told: Told, _ content: (Told) -> Notification.Content, sequence: UInt64?,
      location: SourceLocation = #_sourceLocation
    ) throws {
      let bytes = Array(wireLine { $0.notification(told) }.dropLast())
      guard case .notification(let notification) = try Message(line: bytes) else {
        Issue.record("no notification", sourceLocation: location)
        return
      }
      #expect(notification.content == content(told), sourceLocation: location)
      #expect(notification.sequence == sequence && notification.line == bytes, sourceLocation: location)
    }
    var measurement = Example.measurement
    measurement.samples.values = [1, 2, 3]
    try expect(measurement, Notification.Content.measurement, sequence: 48_211)
    try expect(Example.irregular, Notification.Content.measurement, sequence: 1)
    try expect(Example.event, Notification.Content.event, sequence: 2)
    try expect(Example.effort, Notification.Content.result, sequence: 41)
    try expect(Example.time, Notification.Content.result, sequence: 5)
    try expect(Example.device, Notification.Content.device, sequence: 6)
    var snapshot = Example.device
    snapshot.isSnapshot = true
    try expect(snapshot, Notification.Content.device, sequence: nil)
    try expect(Example.sourceGap, Notification.Content.sourceGap, sequence: 6)
    try expect(Example.slow, Notification.Content.consumerGap, sequence: nil)
    try expect(ConsumerGap.noLongerHeld(from: 4, to: 9), Notification.Content.consumerGap, sequence: nil)
    try expect(Example.welcome, Notification.Content.welcome, sequence: nil)
    try expect(Example.heartbeat, Notification.Content.heartbeat, sequence: nil)
    try expect(SnapshotEnd(subscription: "s", sequence: 8), Notification.Content.snapshotEnd, sequence: nil)
    try expect(
      Wire.Warning.queueHigh(queuedBytes: 1, maxBytes: 2), Notification.Content.warning, sequence: nil)
    try expect(Example.latest, Notification.Content.latest, sequence: nil)
  }

  /// What has no number comes back as what has no number.
  @Test func whatIsNotValidStaysSo() throws {
    let again = try reread(Example.measurement)
    #expect(again.samples.values[1].isNaN && again.samples.values[0] == 312.5)
    #expect(again.samples.quality == [[], .overRange, .overRange] && again.qualityWords(of: 1) == ["over_range"])
    var latest = Example.latest
    (latest.value, latest.lowest, latest.highest) = (nil, nil, nil)
    #expect(try reread(latest) == latest)
    for record in [Example.effort, Example.time] {
      var void = record
      void.result.void = "device_lost"
      let again = try reread(void)
      #expect(again.result.void == "device_lost")
      switch again.result.outcome {
      case .effort(let effort): #expect(effort.peak == nil && effort.peakRaw == nil)
      case .time(let timing): #expect(timing.elapsed == nil)
      case .other: Issue.record("another kind")
      }
    }
  }

  @Test func everyRequest() throws {
    func expect<Parameters: WireObject & Equatable>(
      _ method: Wire.Method, _ parameters: Parameters, location: SourceLocation = #_sourceLocation
    ) throws {
      let id = JSONNode(.integer(7))
      let bytes = wireLine { writer in writer.request(method.rawValue, id: id) { parameters.write(to: &$0) } }
      let request = try Request(line: Array(bytes.dropLast()))
      #expect(request.id == id && request.method == method.rawValue, sourceLocation: location)
      #expect(try request.parameters() == parameters, sourceLocation: location)
    }
    try expect(.hello, HelloRequest(version: 1, client: "station-ui"))
    try expect(.subscribe, Subscription())
    try expect(.subscribe, Example.subscription)
    var oldest = Subscription(.results)
    oldest.start = .oldest
    oldest.queue.onFull = .close
    try expect(.subscribe, oldest)
    try expect(.unsubscribe, UnsubscribeRequest(subscription: "big"))
    try expect(
      .command,
      CommandRequest(
        device: "pegs", command: "reset",
        arguments: JSONNode(.object([JSONMember("text", JSONNode(.string("\u{7F}\"")))]))))
    for method in [Wire.Method.listDevices, .listDrivers, .describe, .stats, .ping] {
      let request = try Request(line: Array(wireLine { $0.request(method.rawValue, id: nil) }.dropLast()))
      #expect(request.id == nil && request.method == method.rawValue && request.parameters == .emptyObject)
    }
  }

  @Test func everyAnswer() throws {
    func expect<Answer: WireObject & Equatable>(_ answer: Answer, location: SourceLocation = #_sourceLocation) throws {
      let bytes = wireLine { $0.reply(to: JSONNode(.integer(7)), answer) }
      guard case .reply(let reply) = try Message(line: Array(bytes.dropLast())) else {
        Issue.record("no reply", sourceLocation: location)
        return
      }
      #expect(reply.id == 7, sourceLocation: location)
      #expect(try Reply.read(reply.outcome.get()) == answer, sourceLocation: location)
    }
    try expect(
      HelloAnswer(version: 1, role: "operator", user: 1001, group: 990, process: 4312, time: 5, wallTime: 6))
    try expect(
      SubscriptionAnswer(
        subscription: "live", epoch: "e", oldestSequence: 12, headSequence: 48, startSequence: 47, replay: true,
        delivery: .live, queue: SubscriptionQueue(maxBytes: 32_768, onFull: .close)))
    try expect(UnsubscribeRequest(subscription: "big"))
    try expect(DeviceList(epoch: "e", devices: [Example.device]))
    try expect(DriverList(drivers: [Example.driver, DriverReport(refused: "It is none.", file: "/y")]))
    try expect(DescribeAnswer())
    try expect(Example.counters)
    try expect(PingAnswer(time: 1, wallTime: 2, headSequence: 3))
    try expect(CommandAnswer(device: "pegs", command: "reset"))
  }

  @Test(arguments: RequestError.Name.allCases) func everyError(_ name: RequestError.Name) throws {
    let error = RequestError(name, "It is so.", details: [JSONMember("epoch", JSONNode(.string("e")))])
    for id in [JSONNode(.integer(7)), nil] {
      let bytes = wireLine { $0.refusal(of: id, error) }
      guard case .reply(let reply) = try Message(line: Array(bytes.dropLast())) else {
        Issue.record("no reply")
        continue
      }
      #expect(reply.id == id?.integer)
      #expect(throws: error) { try reply.outcome.get() }
    }
    #expect(error.name == name)
  }

  private func reread<Told: Telling>(_ told: Told) throws -> Told {
    var writer = JSONWriter()
    writer.object { told.write(to: &$0) }
    return try Told(JSONFields(JSONNode(parsing: writer.bytes, limits: .line), "params"))
  }

  @Test func damagedLinesNeverTrap() throws {
    var input = RandomInput(seeds: [
      wireLine { $0.notification(Example.measurement) }, wireLine { $0.notification(Example.irregular) },
      wireLine { $0.notification(Example.effort) }, wireLine { $0.notification(Example.device) },
      wireLine { $0.notification(Example.latest) }, wireLine { $0.notification(Example.heartbeat) },
    ])
    for _ in 0..<20_000 {
      guard case .notification(let notification)? = try? Message(line: input.next()),
        case .measurement(let record) = notification.content
      else { continue }
      for index in record.samples.values.indices {
        _ = record.samples.time(of: index)
        _ = record.qualityWords(of: index)
      }
    }
  }
}
