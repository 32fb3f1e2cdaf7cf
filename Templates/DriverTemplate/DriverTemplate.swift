/// A driver module in a package of its own, to begin with: the gauge of docs/write-a-driver.md under another name.
///
/// The files are those of `Templates/Driver`, which is a package that builds, and are part of the program.
package struct DriverTemplate: Sendable {
  /// A file of the new package.
  package struct File: Equatable, Sendable {
    /// Its path in the package.
    package let path: String
    /// All of it.
    package let text: String
  }

  /// The module's id: `pinch-gauge`.
  package let id: String
  /// What its target and its types are called: `PinchGauge`.
  package let name: String
  private let thenar: ThenarPackage

  /// A module of this id, whose package takes DriverKit from `thenar`.
  package init(id: String, thenar: ThenarPackage) throws(DriverTemplateFailure) {
    guard (2...32).contains(id.utf8.count), Self.isKebab(id) else { throw .id(id) }
    self.id = id
    self.thenar = thenar
    let joined = id.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    // No name in Swift begins with a digit.
    name = joined.first?.isNumber == true ? "Driver\(joined)" : joined
    if Self.taken.contains(name) { throw .taken(id) }
  }

  /// What the module's own files would be unable to import.
  private static let taken: Set = ["DriverKit", "DriverTestKit", "EmulatedHand", "Swift", "Testing", "Thenar"]

  private static func isKebab(_ id: String) -> Bool {
    id.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { word in
      !word.isEmpty && word.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
    }
  }

  /// The files of the package.
  package var files: [File] {
    Self.originals.map { path, bytes in
      let text = renamed(String(decoding: bytes, as: UTF8.self))
      return File(path: renamed(path), text: path == "Package.swift" ? thenar.named(in: text) : text)
    }
  }

  /// The files of the template as they are, with their paths in the new package.
  package static let originals: [(path: String, bytes: [UInt8])] = [
    ("Package.swift", PackageResources.Package_swift),
    ("driver.json", PackageResources.driver_json),
    ("PROTOCOL.md", PackageResources.PROTOCOL_md),
    ("README.md", PackageResources.README_md),
    (".gitignore", PackageResources.gitignore),
    ("Sources/Acorn/AcornReport.swift", PackageResources.AcornReport_swift),
    ("Sources/Acorn/AcornDriver.swift", PackageResources.AcornDriver_swift),
    ("Sources/Acorn/AcornEmulator.swift", PackageResources.AcornEmulator_swift),
    ("Sources/Acorn/Module.swift", PackageResources.Module_swift),
    ("Tests/AcornTests/AcornTests.swift", PackageResources.AcornTests_swift),
  ]

  /// A text of the template with its names replaced, in one go: a new name may have an old one in it.
  private func renamed(_ text: String) -> String {
    let small = name.prefix(1).lowercased() + name.dropFirst()
    // The more special ones come first.
    let names = [
      ("thenar_driver_acorn", "thenar_driver_" + id.replacing("-", with: "_")),
      ("acornModule", small + "Module"), ("acornEntry", small + "Entry"),
      ("EMUACORN1", "EMU" + id.replacing("-", with: "").uppercased() + "1"), ("Acorn", name), ("acorn", id),
    ]
    var (rest, renamed) = (text[...], "")
    while !rest.isEmpty {
      if let (old, new) = names.first(where: { rest.hasPrefix($0.0) }) {
        renamed += new
        rest = rest.dropFirst(old.count)
      } else {
        renamed.append(rest.removeFirst())
      }
    }
    return renamed
  }
}
