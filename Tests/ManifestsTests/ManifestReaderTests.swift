import CThenarDriver
import DriverTestKit
import ModuleSamples
import StrictJSON
import Testing

@testable import Manifests

@Suite struct ManifestReaderTests {
  @Test func readsAHIDManifest() throws {
    let manifest = try Sample.manifest(Sample.grip)
    #expect(manifest.id == "go-direct")
    #expect(manifest.transport == .hid)
    #expect(
      manifest.rules == [
        MatchRule(usb: USBID(vendor: 0x08F7, product: 0x0010)), MatchRule(usb: nil, usagePage: 0x8D, usage: 0x20),
      ])
    #expect(manifest.serial == nil)
    #expect(manifest.probeWrites)
    #expect(manifest.instruments.map(\.usb?.description) == ["08f7:0010", "0922:8003"])
    #expect(manifest.emulator?.reportDescriptor == [0x06, 0x00, 0xFF, 0x09, 0x01])
    #expect(manifest.emulator?.settings["period_ms"]?.integer == 10)
  }

  @Test func readsASerialManifestWithItsDefaults() throws {
    let manifest = try Sample.manifest(Sample.timer)
    #expect(
      manifest.serial
        == SerialSettings(baud: 1200, dataBits: 8, parity: .none, stopBits: 1, dtr: true, rts: true))
    #expect(manifest.settingFiles == ["profile": "profiles"])
    #expect(manifest.commands.isEmpty)
    #expect(manifest.emulator == nil)
  }

  @Test func speaksTheABIOfTheContract() { #expect(ModuleManifest.supportedABI == Int64(THENAR_DRIVER_ABI)) }

  @Test(arguments: [
    (
      #""go-direct""#, #""Go Direct""#,
      "line 4: \"id\" must be 2 to 32 lower-case letters and digits, words joined by \"-\""
    ),
    (
      #""go-direct""#, #""a--b""#, "line 4: \"id\" must be 2 to 32 lower-case letters and digits, words joined by \"-\""
    ),
    (#""id": "go-direct", "#, "", "line 1: \"id\" is missing"),
    (#""0.1.0""#, #""1.0""#, "line 4: \"version\" must be three numbers, such as \"0.1.0\""),
    (#""08F7""#, #""8f7""#, "line 6: \"match[0].usb_vendor\" must be four hexadecimal digits, such as \"08f7\""),
    (
      #", "usb_product": "0010" }, {"#, " }, {",
      "line 6: \"match[0].usb_product\" is missing beside \"usb_vendor\"; add it"
    ),
    (#""usage_page": "8d", "#, "", "line 6: \"match[1].usage_page\" is missing beside \"usage\"; add it"),
    (#""usage_page": "8d", "usage": "20""#, "", "line 6: \"match[1]\" must have a USB id or a usage page"),
    (#""8d""#, #""08d00""#, "line 6: \"match[1].usage_page\" must be one to four hexadecimal digits, such as \"8d\""),
    (
      #"{ "usage_page": "8d", "usage": "20" }"#, #"{ "usb_vendor": "08f7", "usb_product": "0010" }"#,
      "line 6: \"match[1]\" says the same as an entry before it; take it out"
    ),
    (#""hid""#, #""usb""#, "line 5: \"transport\" must be one of \"hid\", \"serial\""),
    (#""hid""#, #""serial""#, "line 6: \"match[1].usage_page\" is for HID modules and this one is serial; take it out"),
    (
      #""libGoDirect.so""#, #""../libGoDirect.so""#,
      "line 5: \"library\" must be a file name such as \"libExample.so\", relative to the module's folder and not outside it"
    ),
    (#""probe_writes": true"#, #""probe_writes": 1"#, "line 7: \"probe_writes\" must be true or false, not a number"),
    (
      #""probe_writes": true,"#, #""probe_writes": true, "serial": { "baud": 9600 },"#,
      "line 7: \"serial\" is for serial modules and this one is HID; take it out"
    ),
    (
      #""name": "zero""#, #""name": "set zero""#,
      "line 9: \"commands[0].name\" must be 1 to 32 letters, digits, \"-\" and \"_\""
    ),
    (
      #""0922:8003""#, #""0922-8003""#,
      "line 13: \"instruments[1].usb\" must be two times four hexadecimal digits, such as \"08f7:0010\""
    ),
    (
      #""Never tried.""#, #""a\nb""#,
      "line 13: \"instruments[1].evidence\" must be one line of 1 to 400 bytes without control characters"
    ),
    (
      #""0600ff 09 01""#, #""0600f""#,
      "line 16: \"emulator.report_descriptor\" must be bytes of two hexadecimal digits each, such as \"06 00 ff\""
    ),
    (
      #", "report_descriptor": "0600ff 09 01""#, "",
      "line 15: \"emulator.report_descriptor\" must be 1 to 4096 bytes for a HID module"
    ),
    (#""abi": 1"#, #""abi": "1""#, "line 4: \"abi\" must be a whole number from 1 to 1"),
  ])
  func refusesNamingLineAndKey(_ good: String, _ bad: String, _ problem: String) throws {
    let broken = Sample.grip.replacing(good, with: bad, maxReplacements: 1)
    #expect { try Sample.manifest(broken) } throws: {
      ($0 as? DocumentProblem)?.sentence == "driver.json, \(problem); see driver.schema.json."
    }
  }

  @Test func anotherABIIsSaidBeforeAnUnknownKey() {
    let text = Sample.grip.replacing(#""abi": 1"#, with: #""abi": 2, "novelty": true"#)
    #expect { try Sample.manifest(text) } throws: {
      ($0 as? DocumentProblem)?.sentence
        == "driver.json, line 4: \"abi\" is 2: the module was made for driver ABI 2 and this Thenar speaks 1; rebuild the "
        + "module for it or update Thenar."
    }
  }

  @Test func whatIsNotJSONIsSaidWithItsPlace() {
    #expect { try Sample.manifest("{\n  \"id\" 1 }") } throws: {
      ($0 as? DocumentProblem)?.sentence
        == "driver.json, line 2: column 8: a colon after the key \"id\" was expected, not \"1\"; correct the file there."
    }
  }

  @Test func refusesASettingFileThatLeavesTheFolder() {
    for folder in ["../x", "/etc", "", "a/../../b"] {
      #expect(throws: DocumentProblem.self) {
        try Sample.manifest(Sample.timer.replacing("\"profiles\"", with: "\"\(folder)\""))
      }
    }
    #expect(throws: DocumentProblem.self) {
      try Sample.manifest(Sample.timer.replacing("{ \"profile\":", with: "{ \"unknown\":"))
    }
  }

  @Test func damagedManifestsAreRefusedAndNeverTrap() {
    var input = RandomInput(seeds: [Array(Sample.grip.utf8), Array(Sample.timer.utf8)])
    for _ in 0..<5_000 {
      if let manifest = try? ModuleManifest(parsing: input.next(), file: "x"), manifest.id.isEmpty {
        Issue.record("a manifest without an id was accepted")
      }
    }
  }
}
