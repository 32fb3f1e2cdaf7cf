import Foundation
import HIDForce
import HIDReportDescriptor
import StrictJSON
import Testing

@Suite struct ManifestTests {
  private func manifest() throws -> JSONNode {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = try Data(contentsOf: folder.appendingPathComponent("Plugins/HIDForce/driver.json"))
    return try JSONNode(parsing: Array(data), limits: .file)
  }

  @Test func theEmulatedDescriptorIsTheEmulators() throws {
    let text = try #require(try manifest()["emulator"]?["report_descriptor"]?.string)
    #expect(bytes(text) == EmulatedKind.sensor.reportDescriptor)
  }

  /// What the manifest matches is what the emulated scale and sensor are, and never a joystick.
  @Test func descriptorsMatchByContent() throws {
    let entries = try #require(try manifest()["match"]?.elements)
    let matched = entries.compactMap { entry in
      HIDUsage("\(entry["usage_page"]?.string ?? ""):\(entry["usage"]?.string ?? "")")
    }
    #expect(matched == [HIDUsage(0x8D, 0x20), HIDUsage(0x8D, 0x01), HIDUsage(0x20, 0x64)])
    let found = try EmulatedKind.allCases.map { kind in
      try ReportDescriptor(parsing: kind.reportDescriptor).applications.contains(where: matched.contains)
    }
    #expect(found == [true, true, false])
  }

  @Test func theDescriptorsAreThoseOfTheFactSheet() {
    #expect(EmulatedKind.allCases.map(\.reportDescriptor.count) == [192, 133, 50])
  }
}
