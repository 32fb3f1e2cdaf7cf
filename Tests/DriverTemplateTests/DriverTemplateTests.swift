import DriverTemplate
import Glibc
import Manifests
import Testing

@Suite struct DriverTemplateTests {
  private func files(_ id: String, _ thenar: ThenarPackage = .unknown) throws -> [String: String] {
    let files = try DriverTemplate(id: id, thenar: thenar).files
    return Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0.text) })
  }

  @Test func underItsOwnNameTheModuleIsTheTemplate() throws {
    let files = try files("acorn")
    #expect(files.count == DriverTemplate.originals.count)
    for (path, bytes) in DriverTemplate.originals where path != "Package.swift" {
      #expect(files[path] == String(decoding: bytes, as: UTF8.self))
    }
  }

  @Test(arguments: ["pinch-gauge", "9hpt", "acorn-2"]) func nothingOfTheOldNameIsLeft(id: String) throws {
    for (path, text) in try files(id) {
      let without = (path + text).lowercased().replacing(id, with: "").replacing(id.replacing("-", with: ""), with: "")
        .replacing(id.replacing("-", with: "_"), with: "")
      #expect(!without.contains("acorn"), "\(path)")
    }
  }

  @Test func namesAreThoseOfTheID() throws {
    let files = try files("pinch-gauge")
    #expect(files["Sources/PinchGauge/PinchGaugeDriver.swift"]?.contains("struct PinchGaugeDriver: Driver {") == true)
    #expect(
      files["Sources/PinchGauge/Module.swift"]?.contains(
        "@c(thenar_driver_pinch_gauge) public func pinchGaugeEntry() -> UnsafeRawPointer? { pinchGaugeModule.entry }")
        == true)
    #expect(try self.files("9hpt").keys.contains("Sources/Driver9hpt/Module.swift"))
  }

  @Test(arguments: ["acorn", "pinch-gauge", "9hpt"]) func theManifestIsOneThatTheStationTakes(id: String) throws {
    let text = try #require(try files(id)["driver.json"])
    let manifest = try ModuleManifest(parsing: Array(text.utf8), file: "driver.json")
    #expect(manifest.id == id)
    #expect(manifest.library == "lib\(try DriverTemplate(id: id, thenar: .unknown).name).so")
    #expect(manifest.emulator != nil)
  }

  @Test(arguments: [
    (
      ThenarPackage.checkout(path: "/srv/acorn \"a\""), #".package(name: "thenar", path: "/srv/acorn \"a\"")"#, "thenar"
    ),
    (
      .repository(url: "https://example.org/hub.git"), #".package(url: "https://example.org/hub.git", branch: "main")"#,
      "hub"
    ),
    (.unknown, "// Put the place of Thenar's repository here", "thenar"),
  ])
  func thePackageSaysWhereThenarIs(thenar: ThenarPackage, line: String, identity: String) throws {
    let package = try #require(try files("pinch-gauge", thenar)["Package.swift"])
    #expect(package.contains(line))
    #expect(package.contains(#".product(name: "DriverKit", package: "\#(identity)")"#))
    #expect(!package.contains("../.."))
  }

  @Test(arguments: ["", "a", "Pinch", "pinch_gauge", "-a", "a--b", "swift", "driver-kit"])
  func anIDThatWillNotDoIsRefused(id: String) {
    #expect(throws: DriverTemplateFailure.self) { try DriverTemplate(id: id, thenar: .unknown) }
  }

  @Test func thePageShowsTheFilesOfTheTemplate() throws {
    let page = try text("docs/write-a-driver.md")
    var shown = 0
    for (path, bytes) in DriverTemplate.originals {
      guard let start = page.firstRange(of: "\n`\(path)`\n\n```")?.upperBound else { continue }
      let block = page[start...].drop { $0 != "\n" }.dropFirst()
      let end = try #require(block.firstRange(of: "\n```\n"))
      #expect(block[..<end.lowerBound] + "\n" == String(decoding: bytes, as: UTF8.self), "\(path)")
      shown += 1
    }
    #expect(shown == 6)
  }
}

/// A file of the checkout.
private func text(_ path: String) throws -> String {
  let checkout = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
  let file = try #require(fopen("\(checkout)/\(path)", "r"))
  defer { fclose(file) }
  var bytes = [UInt8](repeating: 0, count: 1 << 20)
  return String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
}
