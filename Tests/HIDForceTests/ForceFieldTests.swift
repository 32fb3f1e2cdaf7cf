import DriverKit
import DriverTestKit
import HIDForce
import Testing

@Suite struct SensorTests {
  /// The sensor of 3.9 with one more event, range maximum reached, and a null state.
  private let withRangeEvent = bytes(
    """
    05 20 09 64 a1 01
    15 01 25 07 75 08 95 01 1a 00 08 2a 06 08 81 00
    15 00 25 07 1a 10 08 2a 17 08 81 00
    0a 94 04 16 18 fc 26 10 27 75 10 55 0e 66 11 e1 81 42 c0
    """)

  @Test func theChannelSaysWhatTheDescriptorSays() throws {
    let driver = started(EmulatedKind.sensor.reportDescriptor, settings: #"{"interval_ms": 10}"#)
    let channel = try #require(driver.recorder.channels[0])
    #expect(driver.recorder.readyCount == 1)
    #expect(channel.name == "force" && channel.quantity == "force" && channel.unit == "N")
    #expect(channel.rawUnit == "{count}")
    #expect(channel.range == -100...1000)
    #expect(channel.resolution == 0.01)
    #expect(channel.interval == 10_000)
    #expect(driver.recorder.faults == [])
  }

  @Test(
    arguments: [
      ("01 01 03 39 30 00 00", sample(123.45, raw: 12345)),
      ("01 01 03 f0 d8 ff ff", sample(-100, raw: -10000)),
      ("01 01 03 00 00 00 00", sample(0, raw: 0)),
      ("01 01 03 d0 7e 01 00", sample(980, raw: 98000, .overRange)),
      ("01 01 03 cf 7e 01 00", sample(979.99, raw: 97999)),
      ("01 01 03 a1 86 01 00", sample(nil, raw: 100_001, .overRange)),
      ("01 01 03 ef d8 ff ff", sample(nil, raw: -10001, .underRange)),
      ("01 00 03 39 30 00 00", sample(123.45, raw: 12345, .suspect)),
      ("01 07 03 39 30 00 00", sample(123.45, raw: 12345, .suspect)),
      ("01 02 03 39 30 00 00", sample(nil, raw: nil, .noData)),
      ("01 03 03 39 30 00 00", sample(nil, raw: nil, .noData)),
      ("01 04 03 39 30 00 00", sample(nil, raw: nil, .noData)),
      ("01 05 03 39 30 00 00", sample(nil, raw: nil, .noData)),
      ("01 06 03 39 30 00 00", sample(nil, raw: nil, .instrumentFault)),
    ] as [(String, Recorder.Samples)])
  func reports(_ report: String, _ expected: Recorder.Samples) {
    let driver = started(EmulatedKind.sensor.reportDescriptor)
    driver.receive(bytes(report))
    #expect(driver.recorder.samples == [expected])
  }

  /// No report ids; the state counts from 1; value outside -1000...10000 is null.
  @Test(
    arguments: [
      ("02 03 e8 03", sample(10, raw: 1000)), ("02 06 e8 03", sample(10, raw: 1000, .overRange)),
      ("02 07 e8 03", sample(10, raw: 1000, .underRange)), ("01 03 e8 03", sample(10, raw: 1000, .suspect)),
      ("04 03 e8 03", sample(nil, raw: nil, .noData)), ("02 03 00 80", sample(nil, raw: nil, .noData)),
    ] as [(String, Recorder.Samples)])
  func statesEventsAndNull(_ report: String, _ expected: Recorder.Samples) {
    let driver = started(withRangeEvent)
    driver.receive(bytes(report))
    #expect(driver.recorder.samples == [expected])
  }

  @Test func shortReportsAreCountedAsLost() {
    let driver = started(EmulatedKind.sensor.reportDescriptor)
    for report in ["01 01 03 39 30 00", "01", "", "02 01 03 39 30 00 00"] { driver.receive(bytes(report)) }
    #expect(driver.recorder.samples == [])
    #expect(driver.recorder.tallies == ["short_reports": 3, "unknown_reports": 1])
    #expect(driver.recorder.lost.map(\.count) == [1, 1])
  }
}

@Suite struct ForceUnitTests {
  /// A field for a usage, with a unit: the newtons of the number 100 of -1000...10000, and the notes.
  private func newtons(_ usage: String, _ unit: String, settings: String = "{}") -> (Double?, [String]) {
    let driver = started(
      bytes("05 01 09 04 a1 01 16 18 fc 26 10 27 75 10 95 01 \(usage) \(unit) 81 02 c0"), settings: settings)
    driver.receive(bytes("64 00"))
    let value = driver.recorder.samples.first?.rounded.values.first ?? nil
    return (value, driver.recorder.faults.map(\.code))
  }

  private static let sensor = "0b 94 04 20 00"
  private static let weight = "0b 98 04 20 00"
  private static let other = "0b 31 00 01 00"

  @Test(
    arguments: [
      // Sensors say newton, everything else dyne, unless the range is impossible.
      (sensor, "55 0e 66 11 e1", "{}", 1, []), (other, "55 03 66 11 e1", "{}", 1, []),
      (sensor, "55 fe 66 11 e1", "{}", 1, []),
      (sensor, "55 03 66 11 e1", "{}", 1, ["unit_reading"]), (other, "55 0e 66 11 e1", "{}", 1, ["unit_reading"]),
      (other, "55 00 66 11 e1", "{}", 0.001, []),
      (sensor, "55 0e 66 11 e1", #"{"force_unit": "dyne"}"#, 0, []),
      (other, "55 0e 66 11 e1", #"{"force_unit": "newton"}"#, 1, []),
      (sensor, "55 03 66 11 e1", #"{"force_unit": "newton"}"#, 100_000, []),
      // Both meanings are impossible: the one of the page stays.
      (sensor, "55 07 66 11 e1", "{}", 1e9, []),
      (weight, "55 0e 66 11 e1", "{}", 1, []),
      // Masses are read as weight.
      (other, "55 00 66 01 01", "{}", 0.9807, []), (sensor, "55 02 66 01 01", "{}", 98.0665, []),
      (weight, "55 00 66 01 01", "{}", 0.9807, []), (other, "55 0e 66 03 01", "{}", 143.1173, []),
      (other, "55 00 66 13 e1", "{}", 37.0685, []),
      // Physical 0...1: the number 100 of -1000...10000 stands for a tenth.
      (other, "45 01 55 00 66 13 e1", "{}", 0.0371, []),
    ] as [(String, String, String, Double, [String])])
  func units(_ usage: String, _ unit: String, _ settings: String, _ expected: Double, _ notes: [String]) {
    let (value, codes) = newtons(usage, unit, settings: settings)
    #expect(value.map { abs($0 - expected) <= max(1e-9, expected * 1e-12) } == true, "\(String(describing: value))")
    #expect(codes == notes)
  }

  @Test func theWorkedJoystick() {
    let driver = started(joystickInDynes)
    driver.receive(bytes("01 00 02 00"))
    driver.receive(bytes("01 ff 03 03"))
    #expect(
      driver.recorder.samples.map(\.rounded) == [sample(250.2444, raw: 512), sample(500, raw: 1023, .overRange)])
    #expect(driver.recorder.channels[0]?.range == 0...500)
  }
}

@Suite struct ChoiceTests {
  private static let forceSensor = "0b 94 04 20 00 15 00 26 10 27 75 10 95 01 55 0e 66 11 e1 81 02"
  private static let weightSensor = "0b 98 04 20 00 15 00 26 10 27 75 10 95 01 55 00 66 01 01 81 02"
  private static let dynes = "0b 31 00 01 00 15 00 26 10 27 75 10 95 01 55 03 66 11 e1 81 02"
  private static let scale = """
    65 00 55 00 15 01 25 08 75 08 95 01 1b 71 00 8d 00 2b 78 00 8d 00 81 00 25 0c 1b 51 00 8d 00 2b 5c 00 8d 00 81 00
    15 81 25 7f 0b 41 00 8d 00 81 02 75 10 15 00 27 ff ff 00 00 0b 40 00 8d 00 81 02
    """
  private static let points = #"{"axis": "y", "calibration": {"raw0": 0, "raw1": 5000, "newtons1": 100}}"#

  /// The fields stand in the worst order; the report holds 1 in each 16-bit field, and stable, kg, 10^0, 1 in the scale's.
  @Test(arguments: [
    ([dynes, scale, weightSensor, forceSensor], "01 00 04 03 00 01 00 01 00 01 00", 0.01, "{count}"),
    ([dynes, scale, weightSensor], "01 00 04 03 00 01 00 01 00", 0.0098, "{count}"),
    ([dynes, scale], "01 00 04 03 00 01 00", 9.8067, "kgf"),
    ([dynes], "01 00", 0.01, "{count}"),
  ])
  func theOrderIsThatOfTheFactSheet(_ fields: [String], _ report: String, _ value: Double, _ rawUnit: String) {
    let driver = started(
      bytes("05 01 09 04 a1 01 \(fields.joined(separator: " ")) c0"), settings: #"{"discard_first": false}"#)
    driver.receive(bytes(report))
    #expect(driver.recorder.samples.first?.rounded.values == [value])
    #expect(driver.recorder.channels[0]?.rawUnit == rawUnit)
    #expect(driver.recorder.faults == [])
  }

  @Test func eachOfSeveralForcesIsAChannel() {
    let driver = started(bytes("05 01 09 04 a1 01 \(Self.forceSensor) \(Self.forceSensor) c0"))
    #expect(driver.recorder.channels.mapValues(\.name) == [0: "force", 1: "force-2"])
    #expect(driver.recorder.faults.isEmpty && driver.recorder.breaches.isEmpty && driver.recorder.readyCount == 1)
    driver.receive([UInt8](repeating: 1, count: 64))
    #expect(driver.recorder.values(of: 0).count == 1 && driver.recorder.values(of: 1).count == 1)
    driver.receive([1])
    #expect(driver.recorder.lost.map(\.channel).contains(1))
    #expect(driver.recorder.tallies == ["short_reports": 1])
  }

  @Test func aDescriptorThatClaimsManyForcesGetsAsManyChannelsAsThereAre() {
    // 1000 elements of one field.
    let driver = started(bytes("05 01 09 04 a1 01 09 31 15 00 26 10 27 55 03 66 11 e1 75 10 96 e8 03 81 02 c0"))
    #expect(driver.recorder.channels.count == 64)
    #expect(driver.recorder.faults.map(\.code) == ["several_forces"])
  }

  @Test func aCalibrationThatIsNotUsedIsTold() {
    let driver = started(joystickInDynes, settings: Self.points)
    #expect(driver.recorder.faults.map(\.code) == ["calibration_unused"])
  }

  @Test(arguments: [
    // Constant, relative, an array, an output and a single bit are not forces.
    "55 03 66 11 e1 75 10 81 03", "55 03 66 11 e1 75 10 81 06", "55 03 66 11 e1 75 10 81 00",
    "55 03 66 11 e1 75 10 91 02", "55 03 66 11 e1 25 01 75 01 81 02", "55 03 66 11 f1 75 10 81 02",
    "55 03 66 11 e1 75 21 81 02", "55 03 66 11 e1 35 05 45 05 75 10 81 02",
  ])
  func whatIsNoForceIsNotChosen(_ field: String) {
    let sentence = refusal(bytes("05 01 09 04 a1 01 09 31 15 00 26 10 27 95 01 \(field) c0"))
    #expect(sentence?.hasPrefix("This instrument does not say where its force is") == true)
  }
}
