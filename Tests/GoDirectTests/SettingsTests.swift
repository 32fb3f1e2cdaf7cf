import DriverKit
import DriverTestKit
import GoDirect
import StrictJSON
import Testing

@Suite struct SettingsTests {
  private func settings(_ text: String) throws -> GoDirectSettings {
    try GoDirectSettings(JSONNode(parsing: Array(text.utf8), limits: .file))
  }

  @Test func everythingIsOptional() throws {
    let nothing = try settings("{}")
    #expect(nothing.period == nil && nothing.sensors == [])
    #expect(try settings(#"{"period_ms": 2.5, "sensors": [4, 1]}"#).period == 2500)
    #expect(try settings(#"{"period_us": 5000, "sensors": [4, 1]}"#).sensors == [4, 1])
  }

  @Test(arguments: [
    (#"{"period_ms": 0}"#, "Line 1: \"period_ms\" must be a number from 0.1 to 3600000.0."),
    (
      #"{"period_ms": 1, "period_us": 1000}"#,
      "Line 1: \"period_us\" and \"period_ms\" say the same thing: leave one of them out."
    ),
    (#"{"sensors": [1, 1]}"#, "Line 1: \"sensors\" must hold numbers of channels from 0 to 31, each once."),
    (#"{"sensors": [32]}"#, "Line 1: \"sensors\" must hold numbers of channels from 0 to 31, each once."),
    (#"{"rate": 1}"#, "Line 1: \"rate\" is not a known key; known here: period_ms, period_us, sensors."),
  ])
  func wrongSettingsAreRefusedByName(_ text: String, _ sentence: String) {
    let driver = DriverInstance(goDirectModule, settings: text)
    #expect(driver.isRefused)
    #expect(
      driver.recorder.faults == [
        .init(
          severity: .refuse, code: "setup",
          sentence: "The settings of the instrument cannot be used. \(sentence)")
      ])
  }

  @Test(arguments: [
    #"{"order_code": "GDX-TMP"}"#, #"{"serial": "12345678901234567"}"#, #"{"seed": -1}"#, #"{"peaks_N": [2, 1]}"#,
    #"{"peaks_N": [1]}"#, #"{"sequence_N": []}"#, #"{"sequence_N": ["a"]}"#, #"{"constant_N": 1, "peaks_N": [1, 2]}"#,
    #"{"faults": {"drop_every": 0}}"#, #"{"faults": {"explode": true}}"#, #"{"faults": {"battery_percent": 101}}"#,
    #"{"colour": "red"}"#,
  ])
  func wrongSettingsOfTheEmulatorAreRefused(_ text: String) {
    let emulator = EmulatorInstance(goDirectModule, settings: text)
    #expect(emulator?.refusal?.hasPrefix("The settings of the emulated instrument cannot be used. Line 1: ") == true)
  }
}
