import DriverKit
import DriverTestKit
import HIDForce
import Testing

/// Driver and emulator joined, in virtual time.
@Suite struct SessionTests {
  private func station(_ kind: EmulatedKind, _ emulator: String, driver: String = "{}") -> VirtualStation {
    let settings = #"{"kind": "\#(kind.rawValue)", "# + emulator.dropFirst()
    return VirtualStation(
      hidForceModule, setup: DriverSetup(reportDescriptor: kind.reportDescriptor), driverSettings: driver,
      emulatorSettings: settings, hid: true, numberedReports: true)
  }

  @Test func pinchesOfTenSeconds() throws {
    let station = station(.sensor, #"{"peaks_N": [80, 80], "seed": 3}"#)
    station.open()
    station.run(for: 10_000_000)
    let samples = station.recorder.samples
    #expect(samples.count == 1000)
    #expect(samples.map(\.time) == (1...1000).map { 1_000_000 + $0 * 10_000 })
    let values = try samples.map { try #require($0.values[0]) }
    #expect((79...80.4).contains(values.max() ?? 0))
    #expect((values.min() ?? -1) >= 0)
    #expect(zip(values, samples).allSatisfy { $0 == $1.raw[0] / 100 })
    #expect(station.recorder.tallies == [:] && station.recorder.faults == [])
  }

  @Test func theDefaultHandPinchesBetween60And110Newtons() {
    let station = station(.sensor, "{ }")
    station.open()
    station.run(for: 60_000_000)
    let peak = station.recorder.values(of: 0).compactMap { $0 }.max() ?? 0
    #expect((60...110.5).contains(peak))
  }

  @Test func aSequenceArrivesAsItIs() {
    let station = station(.sensor, #"{"sequence_raw": [0, 12345, -10000, 100000, 7], "interval_ms": 20}"#)
    station.open()
    station.run(for: 1_000_000)
    #expect(station.recorder.values(of: 0) == [0, 123.45, -100, 1000, 0.07])
    #expect(station.recorder.samples.last?.time == 1_100_000)
    #expect(station.emulator.wakeTime == nil)
  }

  @Test(
    arguments: [
      ("kg", 98.0665, 98.0665, 10.0, "kgf", [.inMotion, .stable]),
      ("lb", 73.4, 73.3957, 16.5, "[lbf_av]", [.inMotion, .stable]),
      ("kg", -0.5, -0.4903, -0.05, "kgf", [.underRange, .underRange]),
      ("kg", 1000, nil, nil, nil, [.overRange, .overRange]), ("lb", 0, 0, 0, "[lbf_av]", [.stable, .stable]),
    ] as [(String, Double, Double?, Double?, String?, [Quality])])
  func aScaleUnderAWeight(
    _ unit: String, _ force: Double, _ value: Double?, _ raw: Double?, _ rawUnit: String?, _ quality: [Quality]
  ) {
    let station = station(.scale, #"{"unit": "\#(unit)", "constant_N": \#(force)}"#)
    station.open()
    station.run(for: 200_000)
    #expect(
      station.recorder.samples.map(\.rounded)
        == quality.enumerated().map { sample(value, raw: raw, $1, at: 1_100_000 + Microseconds($0) * 100_000) })
    #expect(station.recorder.channels[0]?.rawUnit == rawUnit ?? "")
    #expect(station.recorder.tallies == ["stale_reports": 1])
  }

  @Test func zeroTakesTheLoadAway() {
    let station = station(.scale, #"{"constant_N": 98.0665}"#)
    station.open()
    station.run(for: 500_000)
    station.driver.command("zero", at: station.now)
    station.run(for: 500_000)
    #expect(station.recorder.outcomes == [1: ""])
    #expect(station.recorder.values(of: 0).last == 0)
  }

  @Test func aJoystickPressedAndReleased() {
    let station = station(
      .joystick, #"{"constant_N": 75}"#,
      driver: #"{"axis": "y", "calibration": {"raw0": 512, "raw1": 900, "newtons1": 100}}"#)
    station.open()
    station.run(for: 1_000_000)
    #expect(station.recorder.samples.count == 100)
    #expect(Set(station.recorder.samples.map(\.rounded.values)) == [[75]])
  }

  @Test func reportsThatAreCutShortAreCountedAndNothingElseIs() {
    let station = station(.sensor, #"{"constant_N": 50}"#)
    var count = 0
    station.onWire = { report in
      count += 1
      return count % 10 == 0 ? Array(report.prefix(4)) : report
    }
    station.open()
    station.run(for: 1_000_000)
    #expect(Set(station.recorder.values(of: 0)) == [50])
    #expect(station.recorder.samples.count == 90)
    #expect(station.recorder.lost.reduce(0) { $0 + $1.count } == 10)
    #expect(station.recorder.tallies == ["short_reports": 10])
  }

  @Test(arguments: [
    (#"{"kind": "pedal"}"#, "Line 1: \"kind\" must be one of \"sensor\", \"scale\", \"joystick\"."),
    (
      #"{"kind": "scale"}"#,
      "The setting \"kind\" is \"scale\", but the report descriptor given is another instrument's: change one of them."
    ),
    (#"{"peaks_N": [80]}"#, "Line 1: \"peaks_N\" must be the lowest and the highest peak, above 0 and up to 10000."),
    (#"{"sequence_raw": [1.5]}"#, "Line 1: \"sequence_raw\" must hold whole numbers below 2^31 only."),
    (#"{"sequence_raw": 1}"#, "Line 1: \"sequence_raw\" must be a list of whole numbers."),
  ])
  func theEmulatorRefusesWhatItCannotBe(_ settings: String, _ sentence: String) {
    let setup = DriverSetup(reportDescriptor: EmulatedKind.sensor.reportDescriptor)
    #expect(EmulatorInstance(hidForceModule, setup: setup, settings: settings)?.refusal == sentence)
  }
}
