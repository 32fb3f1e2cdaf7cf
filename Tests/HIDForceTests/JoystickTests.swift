import DriverKit
import DriverTestKit
import HIDForce
import Testing

@Suite struct JoystickTests {
  private let joystick = EmulatedKind.joystick.reportDescriptor

  private func settings(axis: String = "y", _ raw0: String, _ raw1: String, _ newtons1: String = "100") -> String {
    #"{"axis": "\#(axis)", "calibration": {"raw0": \#(raw0), "raw1": \#(raw1), "newtons1": \#(newtons1)}}"#
  }

  @Test(
    arguments: [
      ("01 00 02 00", sample(0, raw: 512)), ("01 84 03 00", sample(100, raw: 900)),
      ("01 c2 02 03", sample(50, raw: 706)),
      ("01 00 00 00", sample(-131.9588, raw: 0)), ("01 ff 03 00", sample(131.7010, raw: 1023, .overRange)),
      ("01 00 fe 00", sample(0, raw: 512)),
    ] as [(String, Recorder.Samples)])
  func twoPointsMakeNewtons(_ report: String, _ expected: Recorder.Samples) {
    let driver = started(joystick, settings: settings("512", "900"))
    driver.receive(bytes(report))
    #expect(driver.recorder.samples.map(\.rounded) == [expected])
    #expect(driver.recorder.channels[0]?.rawUnit == "{count}")
  }

  @Test func anAxisMayFallWhenPressed() {
    let driver = started(joystick, settings: settings("1023", "511.5", "50"))
    driver.receive(bytes("01 00 00 00"))
    driver.receive(bytes("01 ff 03 00"))
    #expect(driver.recorder.samples == [sample(100, raw: 0, .overRange), sample(0, raw: 1023)])
    #expect(driver.recorder.channels[0]?.range == 0...100)
  }

  @Test func pedalsAreNamedByUsage() {
    let pedal = bytes("05 02 09 01 a1 01 09 c4 15 00 26 ff 0f 75 10 95 01 81 02 c0")
    let driver = started(pedal, settings: settings(axis: "02:c4", "0", "4095"))
    driver.receive(bytes("00 04"))
    #expect(driver.recorder.samples.map(\.rounded) == [sample(25.0061, raw: 1024)])
  }

  @Test func aSensorWithoutAUnitCanBeCalibrated() {
    let sensor = bytes("05 20 09 64 a1 01 0a 94 04 15 00 26 ff 03 75 10 95 01 81 02 c0")
    let driver = started(sensor, settings: settings(axis: "20:494", "0", "1000"))
    driver.receive(bytes("f4 01"))
    #expect(driver.recorder.samples == [sample(50, raw: 500)])
  }

  @Test func withoutACalibrationOnlyCountsArePassedOn() {
    let driver = started(joystick, settings: #"{"axis": "y", "calibration": "none"}"#)
    driver.receive(bytes("01 00 02 00"))
    #expect(driver.recorder.samples == [sample(nil, raw: 512, .needsCalibration)])
    #expect(driver.recorder.channels[0]?.range == nil)
  }

  @Test func pointsTooCloseTogetherAreRefused() {
    // 2 % of 0...1023 is 20.46 counts.
    #expect(
      refusal(joystick, settings: settings("512", "532"))
        == "The setting \"calibration\" has raw0 512 and raw1 532 too close together: they must be at least 21 apart, "
        + "2 % of the axis's range. Calibrate again with a larger force.")
    #expect(refusal(joystick, settings: settings("512", "491.5")) == nil)
    #expect(refusal(joystick, settings: settings("512", "532.5")) == nil)
  }

  @Test(arguments: [
    (
      "{}",
      "This instrument does not say where its force is: name the axis in the setting \"axis\". It has 1:31."
    ),
    (
      #"{"axis": "x"}"#,
      "The setting \"axis\" names 1:30, which this instrument does not report. It has 1:31."
    ),
    (
      #"{"axis": "y"}"#,
      "The setting \"calibration\" is missing, and this axis has no unit. Start once with \"calibration\": \"none\", note "
        + "the raw value at rest (raw0) and under a known force (raw1, newtons1), and set \"calibration\": {\"raw0\": …, "
        + "\"raw1\": …, \"newtons1\": …}."
    ),
    (
      #"{"axis": "w"}"#,
      "Line 1: \"axis\" must be \"x\", \"y\", \"z\" or a usage page and a usage in hexadecimal such as \"02:c4\"."
    ),
    (
      #"{"axis": "y", "calibration": 5}"#,
      "Line 1: \"calibration\" must be an object with raw0, raw1 and newtons1, or \"none\"."
    ),
    (#"{"axis": "y", "calibration": {"raw0": 1, "raw1": 900}}"#, "Line 1: \"calibration.newtons1\" is missing."),
    (
      #"{"axis": "y", "calibration": {"raw0": 1, "raw1": 900, "newtons1": 0}}"#,
      "Line 1: \"calibration.newtons1\" must be a number from 0.1 to 5000.0."
    ),
    (
      #"{"axis": "y", "calibration": {"raw0": 512, "raw1": 1024, "newtons1": 100}}"#,
      "The setting \"calibration.raw1\" is 1024, but the axis reports 0 to 1023: read the raw value again and correct it."
    ),
    (
      #"{"tare": 1}"#,
      "Line 1: \"tare\" is not a known key; known here: axis, calibration, discard_first, force_unit, interval_ms."
    ),
  ])
  func refusalsSayWhatToDo(_ settings: String, _ sentence: String) {
    #expect(refusal(joystick, settings: settings) == sentence)
  }

  @Test func aBrokenDescriptorIsRefused() {
    #expect(
      refusal(bytes("05"))
        == "The HID report descriptor is not usable at byte 0: an item ends too early. Plug the instrument in again; "
        + "if that does not help, it cannot be read.")
    #expect(refusal([]) != nil)
  }
}
