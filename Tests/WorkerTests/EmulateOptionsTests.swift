import Testing
import Worker

@testable import thenar_worker

@Suite struct EmulateOptionsTests {
  @Test func aWholeCommandLineIsRead() throws {
    let options = try EmulateOptions([
      "--library", "/lib/libA.so", "--die-with-parent", "--module", "a", "--transport", "hid", "--at", "unix:/run/a",
      "--settings", "{\"x\":1}", "--report-descriptor", "06 00 FF c0",
    ])
    #expect(options.library == "/lib/libA.so" && options.module == "a" && options.diesWithParent)
    #expect(options.place == .socket(path: "/run/a"))
    #expect(options.setup.isHID && options.setup.settings == "{\"x\":1}")
    #expect(options.setup.reportDescriptor == [6, 0, 0xFF, 0xC0])
  }

  private static let good = ["--library", "l", "--module", "m", "--at", "p", "--transport"]

  @Test(arguments: [
    (good + ["usb"], "--transport is usb: give hid or serial."),
    (good + ["hid", "--at", "q"], "--at is given twice: give it once."),
    (
      good + ["hid", "--report-descriptor", "6 0 f"],
      "--report-descriptor is not pairs of hexadecimal digits: give it like \"06 00 ff\"."
    ),
    (good, "--transport needs a value."),
  ])
  func aWrongOneSaysWhatIsWrong(_ arguments: [String], _ sentence: String) {
    #expect(throws: UsageError(sentence: sentence)) { try EmulateOptions(arguments[...]) }
  }
}
