import CThenarDriver
import ContractCoding
import DriverTestKit
import Glibc
import Readings
import Testing
import WorkerLink

@testable import Worker

/// A host table as a driver sees it, and what the hub hears.
private final class Bench {
  let hub: TestHub
  let calls: HostCalls
  private let link: HubLink
  private let table: UnsafeMutablePointer<thenar_host>

  init() throws {
    hub = try TestHub()
    link = HubLink(descriptor: hub.workerEnd)
    calls = HostCalls(link: link, module: "probe-driver")
    table = .allocate(capacity: 1)
    table.initialize(to: makeHostTable(calls))
  }

  deinit {
    close(hub.workerEnd)
    table.deallocate()
  }

  var host: thenar_host { table.pointee }

  /// What the hub heard since the last time.
  func heard() throws -> [WorkerMessage] {
    link.post(.pong(0))
    link.flush()
    return try hub.messages(until: .pong(0)).dropLast()
  }

  func declare() throws {
    withLentText("force") { name in
      var channel = goodChannel(name)
      host.channel(host.context, &channel)
    }
    _ = try heard()
  }
}

private func size<Structure>(_: Structure.Type) -> UInt32 { UInt32(MemoryLayout<Structure>.size) }

private func goodChannel(_ name: thenar_text) -> thenar_channel {
  thenar_channel(
    struct_size: size(thenar_channel.self), number: 1, name: name, quantity: name, unit: name,
    raw_unit: thenar_text(), minimum: .nan, maximum: .nan, resolution: .nan, interval_us: 0, uncertainty_us: 0,
    kind: thenar_text(),
    direction: thenar_text(), capacity: 0, usual_interval_us: 0)
}

private func withSamples(_ body: (inout thenar_samples) -> Void) {
  let numbers: [Double] = [1, .nan, .infinity]
  numbers.withUnsafeBufferPointer { numbers in
    var samples = thenar_samples(
      struct_size: size(thenar_samples.self), channel: 1, count: numbers.count, values: numbers.baseAddress, raw: nil,
      quality: nil, time_us: 5, interval_us: 10, offsets_us: nil, device_time_us: THENAR_NO_TIME)
    body(&samples)
  }
}

private func withEvent(_ body: (inout thenar_event, inout thenar_field) -> Void, _ use: (inout thenar_event) -> Void) {
  withLentText("peg.inserted") { name in
    var field = thenar_field()
    field.key = name
    var event = thenar_event()
    (event.struct_size, event.name, event.time_us) = (size(thenar_event.self), name, 5)
    (event.device_time_us, event.field_count) = (THENAR_NO_TIME, 1)
    body(&event, &field)
    withUnsafePointer(to: &field) {
      event.fields = $0
      use(&event)
    }
  }
}

private struct Breach: Sendable, CustomTestStringConvertible {
  let function: String
  let rule: String
  let commit: @Sendable (thenar_host) -> Void
  var testDescription: String { "\(function): \(rule)" }

  init(_ function: String, _ rule: String, _ commit: @escaping @Sendable (thenar_host) -> Void) {
    (self.function, self.rule, self.commit) = (function, rule, commit)
  }

  static func samples(_ rule: String, _ spoil: @escaping @Sendable (inout thenar_samples) -> Void) -> Breach {
    Breach("samples", rule) { host in
      withSamples {
        spoil(&$0)
        host.samples(host.context, &$0)
      }
    }
  }

  static func channel(_ rule: String, _ spoil: @escaping @Sendable (inout thenar_channel) -> Void) -> Breach {
    Breach("channel", rule) { host in
      withLentText("pinch") { name in
        var channel = goodChannel(name)
        spoil(&channel)
        host.channel(host.context, &channel)
      }
    }
  }

  static func event(
    _ rule: String, _ spoil: @escaping @Sendable (inout thenar_event, inout thenar_field) -> Void
  ) -> Breach {
    Breach("event", rule) { host in withEvent(spoil) { host.event(host.context, &$0) } }
  }
}

private let breaches: [Breach] = [
  .samples("channel 2 was never declared") { $0.channel = 2 },
  .samples("struct_size is 4, less than 72") { $0.struct_size = 4 },
  .samples("count 0 is not one of 1 to 4096") { $0.count = 0 },
  .samples("count 4097 is not one of 1 to 4096") { $0.count = 4097 },
  .samples("values is NULL") { $0.values = nil },
  .samples("a pointer is not aligned") {
    $0.values = $0.values.map { (UnsafeRawPointer($0) + 1).assumingMemoryBound(to: Double.self) }
  },
  .samples("interval_us is -1, outside 0...2^40") { $0.interval_us = -1 },
  .samples("interval_us is \(Int64.max), outside 0...2^40") { $0.interval_us = .max },
  .samples("time_us is \(Int64.min), outside -9007199254740992...2^53") { $0.time_us = THENAR_NO_TIME },
  .samples("device_time_us is \(Int64.max), outside -9007199254740992...2^53") { $0.device_time_us = .max },
  Breach("samples", "offsets_us fall") { host in
    withSamples { samples in
      [Int64(0), 5, 4].withUnsafeBufferPointer {
        samples.offsets_us = $0.baseAddress
        host.samples(host.context, &samples)
      }
    }
  },
  Breach("samples", "the structure is NULL") { $0.samples($0.context, nil) },
  .channel("channel 64 is not one of 0 to 63") { $0.number = 64 },
  .channel("name \"\" is not a name of 1 to 64 letters, digits, '-', '_' and '.'") { $0.name.count = 0 },
  .channel("name is NULL") { $0.name.bytes = nil },
  .channel("unit is empty") { $0.unit.count = 0 },
  .channel("unit is longer than 32 bytes") { $0.unit.count = 33 },
  .channel("interval_us is -1, outside 0...2^40") { $0.interval_us = -1 },
  .channel("minimum is above maximum") { ($0.minimum, $0.maximum) = (2, 1) },
  .channel("resolution is not above 0") { $0.resolution = 0 },
  Breach("channel", "two channels are named \"force\"") { host in
    withLentText("force") { name in
      var channel = goodChannel(name)
      channel.number = 2
      host.channel(host.context, &channel)
    }
  },
  .event("field_count 33 is past 32") { event, _ in event.field_count = 33 },
  .event("field peg.inserted is of kind 9, which does not exist") { _, field in field.kind = 9 },
  .event("field peg.inserted is \(Int64(1) << 54), outside -9007199254740992...2^53") { $1.integer = 1 << 54 },
  .event("field peg.inserted is not a finite number") { ($1.kind, $1.number) = (THENAR_FIELD_NUMBER, .nan) },
  .event("flag peg.inserted is 2, not 0 or 1") { ($1.kind, $1.integer) = (THENAR_FIELD_FLAG, 2) },
  .event("a quality has bits that do not exist") { event, _ in event.quality = 1 << 10 },
  .event("uncertainty_us is -1, outside 0...2^40") { event, _ in event.uncertainty_us = -1 },
  Breach("ready", "it was called a second time") {
    $0.ready($0.context)
    $0.ready($0.context)
  },
  Breach("write", "the line is not open") { $0.write($0.context, [1], 1) },
  Breach("request_feature", "the line is not open") { $0.request_feature($0.context, 1) },
  Breach("write_feature", "the line is not open") { $0.write_feature($0.context, [1], 1) },
  .channel("capacity is below 0") { $0.capacity = -1 },
  .channel("usual_interval_us is -1, outside 0...2^40") { $0.usual_interval_us = -1 },
  Breach("lost", "channel 5 was never declared") { $0.lost($0.context, 5, 1, thenar_text()) },
  Breach("tally", "amount is \(UInt64.max), past 2^53") { host in
    withLentText("errors") { host.tally(host.context, $0, .max) }
  },
  Breach("tally", "counter \"two words\" is not a name of 1 to 64 letters, digits, '-', '_' and '.'") { host in
    withLentText("two words") { host.tally(host.context, $0, 1) }
  },
  Breach("outcome", "command 8 was not given, or was answered before") { $0.outcome($0.context, 8, thenar_text()) },
  Breach("fault", "severity 3 does not exist") { $0.fault($0.context, 3, thenar_text(), thenar_text()) },
  Breach("fault", "the text is empty") { $0.fault($0.context, 0, thenar_text(), thenar_text()) },
]

@Suite struct HostCallsTests {
  @Test(arguments: breaches) fileprivate func aBrokenRuleIsNamedAndTheCallDropped(_ breach: Breach) throws {
    let bench = try Bench()
    try bench.declare()
    breach.commit(bench.host)
    let sentence =
      "The driver probe-driver broke the driver contract in \(breach.function): \(breach.rule). "
      + "Tell its author; it is started anew."
    #expect(
      try bench.heard().filter { $0 != .ready } == [.fault(.restart, code: "contract", sentence: sentence)])
    #expect(bench.calls.ending == .closed(.restart, code: "contract", sentence: sentence))
  }

  @Test func aStructureOfAnotherContractIsTakenAsFarAsItGoes() throws {
    let bench = try Bench()
    try withLentText("force") { name throws in
      var channel = goodChannel(name)
      (channel.kind, channel.capacity) = (name, 900)
      channel.struct_size = UInt32(thenar_channel.firstSize)
      bench.host.channel(bench.host.context, &channel)
      #expect(try bench.heard() == [.channel(Channel(number: 1, name: "force", quantity: "force", unit: "force"))])
      channel.struct_size = 4096
      bench.host.channel(bench.host.context, &channel)
      #expect(
        try bench.heard() == [
          .channel(
            Channel(number: 1, name: "force", quantity: "force", unit: "force", kind: "force", capacity: 900))
        ])
    }
  }

  @Test func onlyTheFirstBrokenRuleIsReported() throws {
    let bench = try Bench()
    for _ in 0..<100 { bench.host.samples(bench.host.context, nil) }
    #expect(try bench.heard().count == 1)
  }

  @Test func afterABrokenRuleNothingIsBelieved() throws {
    let bench = try Bench()
    try bench.declare()
    bench.calls.openCommands = [8]
    bench.host.samples(bench.host.context, nil)
    withSamples { bench.host.samples(bench.host.context, &$0) }
    bench.host.outcome(bench.host.context, 8, thenar_text())
    bench.host.ready(bench.host.context)
    #expect(try bench.heard().filter { !isContractFault($0) } == [])
  }

  @Test func numbersThatAreNotFiniteStayInSamples() throws {
    let bench = try Bench()
    try bench.declare()
    withSamples { bench.host.samples(bench.host.context, &$0) }
    guard case .samples(let samples) = try bench.heard().first else {
      Issue.record("no samples")
      return
    }
    #expect(samples.values[0] == 1 && samples.values[1].isNaN && samples.values[2] == .infinity)
  }

  @Test func aTextForPeopleIsMendedAndCut() throws {
    let bench = try Bench()
    let long = [UInt8](repeating: 0x61, count: 1023) + Array("é and more".utf8)
    let broken: [UInt8] = [0x62, 0xFF, 0x63]
    withLentText("weak") { code in
      for bytes in [long, broken] {
        bytes.withUnsafeBufferPointer {
          $0.withMemoryRebound(to: CChar.self) {
            bench.host.fault(bench.host.context, 0, code, thenar_text(bytes: $0.baseAddress, count: $0.count))
          }
        }
      }
    }
    #expect(
      try bench.heard() == [
        .fault(.note, code: "weak", sentence: String(repeating: "a", count: 1023)),
        .fault(.note, code: "weak", sentence: "b\u{FFFD}c"),
      ])
    #expect(bench.calls.ending == nil)
  }

  @Test func aCommandIsAnsweredOnce() throws {
    let bench = try Bench()
    bench.calls.openCommands = [8]
    bench.host.outcome(bench.host.context, 8, thenar_text())
    bench.host.outcome(bench.host.context, 8, thenar_text())
    #expect(try bench.heard().first == .outcome(command: 8, error: ""))
    #expect(bench.calls.ending != nil)
  }

  @Test func whateverADriverSaysTheHubCanRead() throws {
    let bench = try Bench()
    try bench.declare()
    var random = RandomInput(seeds: [
      Array("force.N_-".utf8), Array("é\u{1F600}".utf8), [UInt8](repeating: 7, count: 600),
    ])
    var heard = 0
    for round in 0..<20_000 {
      let bytes = random.next() + [0]
      let integers = (0..<8).map { _ in oddInteger(&random) }
      bytes.withUnsafeBufferPointer {
        $0.withMemoryRebound(to: CChar.self) {
          let text = thenar_text(bytes: random.below(9) == 0 ? nil : $0.baseAddress, count: random.below($0.count))
          call(bench.host, random.below(8), text, integers, &random)
        }
      }
      // Each a fresh driver: else the first broken rule would hide all that follow.
      bench.calls.ending = nil
      // Reads every message with the hub's own parser, which refuses what no honest driver says.
      if round.isMultiple(of: 8) { heard += try bench.heard().filter { !isContractFault($0) }.count }
    }
    #expect(heard > 1000, "most of it must be good enough to be said")
  }

  private func isContractFault(_ message: WorkerMessage) -> Bool {
    if case .fault(.restart, "contract", _) = message { true } else { false }
  }

  private func oddInteger(_ random: inout RandomInput) -> Int64 {
    [0, 1, 2, 3, 1 << 53, (1 << 53) + 1, -1, .min, .max, Int64(random.below(1 << 40))][random.below(10)]
  }

  private func call(
    _ host: thenar_host, _ function: Int, _ text: thenar_text, _ integers: [Int64], _ random: inout RandomInput
  ) {
    switch function {
    case 0:
      var channel = goodChannel(text)
      (channel.number, channel.interval_us) = (UInt32(random.below(66)), integers[0])
      (channel.minimum, channel.uncertainty_us) = (Double(bitPattern: UInt64(bitPattern: integers[1])), integers[2])
      host.channel(host.context, &channel)
    case 1:
      withSamples { samples in
        (samples.channel, samples.time_us, samples.interval_us) = (UInt32(random.below(3)), integers[0], integers[1])
        integers.withUnsafeBufferPointer { list in
          if random.below(2) == 0 { samples.offsets_us = list.baseAddress }
          if random.below(4) == 0 {
            samples.quality = UnsafeRawPointer(list.baseAddress!).assumingMemoryBound(to: UInt32.self)
          }
          host.samples(host.context, &samples)
        }
      }
    case 2:
      withEvent { event, field in
        (event.time_us, event.device_time_us, event.uncertainty_us) = (integers[0], integers[1], integers[2])
        (event.raw, field.text, field.kind, field.integer) = (text, text, UInt32(random.below(5)), integers[3])
        field.number = Double(bitPattern: UInt64(bitPattern: integers[4]))
        if random.below(2) == 0 { event.name = text }
        if random.below(2) == 0 { field.key = text }
      } _: {
        host.event(host.context, &$0)
      }
    case 3: host.lost(host.context, UInt32(random.below(3)), UInt64(bitPattern: integers[0]), text)
    case 4: host.tally(host.context, text, UInt64(bitPattern: integers[0]))
    case 5: withLentText("weak") { host.fault(host.context, UInt32(random.below(4)), $0, text) }
    case 6: host.fault(host.context, UInt32(random.below(4)), text, text)
    default:
      var identity = thenar_identity(
        struct_size: size(thenar_identity.self), vendor: text, model: text, serial: text, firmware: text,
        battery_percent: .nan)
      host.identify(host.context, &identity)
    }
  }
}
