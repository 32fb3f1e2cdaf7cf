import DriverTestKit
import MeasurementStream
import StrictJSON
import Testing
import ThenarClient

private let force = StreamChannel(
  name: "force", quantity: "force", unit: "N", rawUnit: "kgf", minimum: 0, maximum: 900, resolution: 0.5,
  interval: 10_000, uncertainty: 800)

/// What the client understands of a record as the hub encodes it.
private func content(_ record: Record) throws -> ThenarClient.Notification.Content {
  let line = Array(record.line.dropLast())
  guard case .notification(let notification) = try Message(parsing: line) else {
    throw ClientError.malformed(problem: "", line: line)
  }
  #expect(notification.line == line)
  return notification.content
}

private func content(_ json: String) throws -> ThenarClient.Notification.Content? {
  guard case .notification(let notification) = try Message(parsing: Array(json.utf8)) else { return nil }
  return notification.content
}

@Suite struct MessageTests {
  private var encoder = RecordEncoder()

  @Test mutating func aMeasurement() throws {
    let record = encoder.encode(
      MeasurementStream.Measurement(
        device: "grip-7f3a", channel: force, firstSample: 90_310, time: 81_234_567_890, wallTime: 1_771_500_000_123_456,
        interval: 10_000, deviceTime: 40_960, values: [312.5, .nan, 313.5], raw: [31.9, 0, 32], quality: [0, 4, 4]),
      sequence: 48_211)
    guard case .measurement(let it) = try content(record) else { return #expect(Bool(false)) }
    #expect(it.sequence == 48_211 && it.device == "grip-7f3a" && it.channel == "force" && it.firstSample == 90_310)
    #expect(it.values == [312.5, nil, 313.5] && it.unit == "N")
    #expect(it.raw == [31.9, 0, 32] && it.rawUnit == "kgf")
    #expect((0..<3).map(it.quality(of:)) == [[], ["over_range"], ["over_range"]])
    #expect((0..<3).map(it.time(of:)) == [81_234_567_890, 81_234_577_890, 81_234_587_890])
    #expect(it.wallTime == 1_771_500_000_123_456 && it.deviceTime == 40_960 && it.uncertainty == 800)
  }

  @Test mutating func samplesAtIrregularTimes() throws {
    let record = encoder.encode(
      MeasurementStream.Measurement(
        device: "peg-1", channel: StreamChannel(name: "elapsed", quantity: "time", unit: "s"), firstSample: 0,
        time: 1000, wallTime: 5000, offsets: [0, 70], values: [1, 1.5]), sequence: 1)
    guard case .measurement(let it) = try content(record) else { return #expect(Bool(false)) }
    #expect((0..<2).map(it.time(of:)) == [1000, 1070])
    #expect(it.raw == [])
  }

  @Test mutating func anEvent() throws {
    let record = encoder.encode(
      Happening(
        device: "pegs", name: "peg.inserted", time: 7, wallTime: 8, deviceTime: 9, uncertainty: 2, quality: 1 << 9,
        fields: [("hole", .integer(4)), ("side", .text("left")), ("on", .flag(true))], raw: "I,9,4"), sequence: 2)
    guard case .event(let it) = try content(record) else { return #expect(Bool(false)) }
    #expect(it.sequence == 2 && it.device == "pegs" && it.name == "peg.inserted" && it.raw == "I,9,4")
    #expect(it.time == 7 && it.wallTime == 8 && it.deviceTime == 9 && it.uncertainty == 2)
    #expect(it.quality == ["inferred"])
    #expect(
      it.fields == [
        JSONMember("hole", JSONNode(.integer(4))), JSONMember("side", JSONNode(.string("left"))),
        JSONMember("on", JSONNode(.bool(true))),
      ])
  }

  private var effort: MeasurementStream.TrialResult {
    MeasurementStream.TrialResult(
      device: "grip", channel: "force",
      outcome: .effort(
        .init(
          peak: 312.5, peakRaw: 31.866, rawUnit: "kgf", peakTime: 5, onset: 1, release: 9, baseline: nil, samples: 40,
          rule: .standard)), quality: 4, sequences: 3...40, instrument: ("GDX-HD", "1", ""), driver: "go-direct@0.1.0",
      emulated: true)
  }

  @Test mutating func aResultOfAnEffort() throws {
    guard case .result(let it) = try content(encoder.encode(effort, id: "r-1", sequence: 41)),
      case .effort(let peak) = it.outcome
    else { return #expect(Bool(false)) }
    #expect(it.sequence == 41 && it.id == "r-1" && it.device == "grip" && it.channel == "force" && it.void == nil)
    #expect(peak.peak == 312.5 && peak.peakRaw == 31.866 && peak.rawUnit == "kgf" && peak.samples == 40)
    #expect(it.time == 5 && it.sequences == 3...40 && it.quality == ["over_range"] && it.emulated)
    #expect(it.model == "GDX-HD" && it.serial == "1" && it.driver == "go-direct@0.1.0")
  }

  @Test mutating func aVoidResultHasNoNumber() throws {
    var void = effort
    void.void = "device_lost"
    guard case .result(let it) = try content(encoder.encode(void, id: "r-2", sequence: 42)),
      case .effort(let peak) = it.outcome
    else { return #expect(Bool(false)) }
    #expect(it.void == "device_lost" && peak.peak == nil && peak.peakRaw == nil)
  }

  @Test func onlyTheWordValidMakesAResultValid() throws {
    let line =
      #"{"method":"result","params":{"seq":1,"result":"r","device":"d","kind":"effort","state":"doubted","peak_N":3}}"#
    guard case .result(let it)? = try content(line), case .effort(let peak) = it.outcome else {
      return #expect(Bool(false))
    }
    #expect(it.void == "doubted" && peak.peak == nil)
  }

  @Test mutating func aTimeFromAnInstrument() throws {
    let record = encoder.encode(
      MeasurementStream.TrialResult(
        device: "mat",
        outcome: .time(
          .init(
            elapsed: 18_420_000, resolution: 10_000, clock: "instrument", startedBy: "hand_lift",
            stoppedBy: "both_hands_down", stop: 77)), sequences: 3...4), id: "r-9", sequence: 5)
    guard case .result(let it) = try content(record), case .time(let time) = it.outcome else {
      return #expect(Bool(false))
    }
    #expect(time.elapsed == 18_420_000 && time.resolution == 10_000 && time.clock == "instrument")
    #expect(time.startedBy == "hand_lift" && time.stoppedBy == "both_hands_down" && it.time == 77)
  }

  @Test(arguments: MeasurementStream.DeviceState.allCases)
  func everyStateOfADevice(state: MeasurementStream.DeviceState) throws {
    var encoder = RecordEncoder()
    var report = DeviceReport(device: "grip", key: ("usb-serial", "08f7:0010:A1"), since: 12)
    report.state = state
    report.previous = .found
    report.driver = ("go-direct", "0.1.0")
    report.model = "GDX-HD"
    report.batteryPercent = 80
    report.emulated = true
    report.channels = [force]
    report.health = [("checksum_errors", 2)]
    guard case .device(let it) = try content(encoder.encode(report, sequence: 5, snapshot: true)) else {
      return #expect(Bool(false))
    }
    #expect(it.state.rawValue == state.rawValue && it.previous == .found && it.reason == "attached")
    #expect(it.name == "grip" && it.sequence == 5 && it.isSnapshot && it.since == 12)
    #expect(it.keyKind == "usb-serial" && it.key == "08f7:0010:A1")
    #expect(it.driver == "go-direct" && it.driverVersion == "0.1.0" && it.model == "GDX-HD")
    #expect(it.batteryPercent == 80 && it.emulated && it.sentence == "The device was found.")
    #expect(it.health.map(\.name) == ["checksum_errors"] && it.health.map(\.count) == [2])
    let channel = try #require(it.channels.first)
    #expect(channel.name == "force" && channel.quantity == "force" && channel.unit == "N" && channel.rawUnit == "kgf")
    #expect(channel.maximum == 900 && channel.resolution == 0.5 && channel.interval == 10_000)
  }

  @Test mutating func aGapBeforeTheStation() throws {
    let gap = SourceGap(
      device: "grip", channel: force, firstSample: 90_881, lostSamples: 11, reason: "device_dropped", time: 4)
    guard case .gap(let it) = try content(encoder.encode(gap, sequence: 6)) else { return #expect(Bool(false)) }
    #expect(it.place == .source(device: "grip", channel: "force", after: 90_881))
    #expect(it.lostSamples == 11 && it.reason == "device_dropped" && !it.recoverable && it.time == 4)
  }

  @Test func aGapOfThisConsumer() throws {
    let line =
      #"{"jsonrpc":"2.0","method":"gap","params":{"after_seq":48220,"next_seq":48307,"lost_records":86,"#
      + #""lost_samples":516,"reason":"consumer_slow","recoverable":true}}"#
    guard case .gap(let it)? = try content(line) else { return #expect(Bool(false)) }
    #expect(it.place == .consumer(after: 48_220, next: 48_307, records: 86) && it.lostSamples == 516 && it.recoverable)
  }

  @Test func aHeartbeat() throws {
    let line =
      #"{"jsonrpc":"2.0","method":"heartbeat","params":{"t_us":81236000000,"wall_us":1771500001555566,"#
      + #""epoch":"9f2c61d0","head_seq":48990,"sent_seq":48990,"sent_records":9,"sent_samples":70,"lost_records":1,"#
      + #""lost_samples":7,"queued_bytes":5,"subs":{"live":{"mode":"all"},"big":{"mode":"latest","skipped":112}},"#
      + #""devices":{"streaming":2,"lost":0},"journal":{"state":"ok"}}}"#
    guard case .heartbeat(let it)? = try content(line) else { return #expect(Bool(false)) }
    #expect(it.headSequence == 48_990 && it.devices == ["streaming": 2, "lost": 0] && it.skipped == ["big": 112])
    #expect(it.sentSamples == 70 && it.lostRecords == 1 && it.lostSamples == 7 && it.queuedBytes == 5)
  }

  @Test func whatIsNotKnownIsPassedOver() throws {
    #expect(
      try content(#"{"method":"op","params":{"op":"op-1"}}"#)
        == .other(JSONNode(.object([JSONMember("op", JSONNode(.string("op-1")))]))))
    guard
      case .device(let device)? = try content(
        #"{"new":1,"method":"device","params":{"device":"d","state":"asleep","calibration":{"id":"c"}}}"#)
    else { return #expect(Bool(false)) }
    #expect(device.state.rawValue == "asleep")
  }

  @Test(arguments: [
    ("x", #"Line 1, column 1: a value was expected, not "x"."#),
    ("[]", "Line 1: the document must be an object, not a list."),
    (#"{"id":1}"#, #"Line 1: "result" is missing."#),
    (#"{"method":"measurement","params":{"seq":1}}"#, #"Line 1: "params.device" is missing."#),
    (
      #"{"method":"measurement","params":{"seq":1,"device":"d","channel":"c","n0":0,"t0_us":0,"v":[1,2],"raw":[1]}}"#,
      #""params.raw" must be as long as "v"."#
    ),
    (
      #"{"method":"measurement","params":{"seq":1,"device":"d","channel":"c","n0":0,"t0_us":0,"v":[1],"t_us":[0.5]}}"#,
      #""params.t_us" must hold a whole number for each value of "v"."#
    ),
    (
      #"{"method":"measurement","params":{"seq":1,"device":"d","channel":"c","n0":0,"t0_us":0,"v":[1],"q":[[1,1]]}}"#,
      #"Line 1: "params.q" must hold runs of samples: [first, count, words]."#
    ),
    (#"{"method":"gap","params":{"after_seq":1}}"#, #"Line 1: "params.next_seq" is missing."#),
  ])
  func whatCannotBeUnderstoodIsAnError(_ line: String, _ problem: String) {
    #expect(throws: ClientError.malformed(problem: problem, line: Array(line.utf8))) {
      try Message(parsing: Array(line.utf8))
    }
  }

  @Test mutating func damagedLinesNeverTrap() {
    let records = [
      encoder.encode(
        MeasurementStream.Measurement(
          device: "g", channel: force, firstSample: 3, time: 81_234, wallTime: 17, interval: 10_000, values: [1, 2],
          raw: [3, 4], quality: [0, 4]), sequence: 1),
      encoder.encode(effort, id: "r", sequence: 2),
      encoder.encode(DeviceReport(device: "g", key: ("a", "b"), since: 1), sequence: 3),
    ]
    var input = RandomInput(seeds: records.map { Array($0.line.dropLast()) })
    for _ in 0..<20_000 {
      guard case .notification(let notification)? = try? Message(parsing: input.next()),
        case .measurement(let measurement) = notification.content
      else { continue }
      for index in measurement.values.indices {
        _ = measurement.time(of: index)
        _ = measurement.quality(of: index)
      }
    }
  }
}
