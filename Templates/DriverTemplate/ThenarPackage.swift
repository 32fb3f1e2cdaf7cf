/// Where a driver's package finds DriverKit.
package enum ThenarPackage: Equatable, Sendable {
  /// A checkout on this machine.
  case checkout(path: String)
  /// A repository; `main` is taken until there are releases.
  case repository(url: String)
  /// Nobody knows yet: the package says where to fill it in.
  case unknown

  /// The line of the template's Package.swift that names it.
  private static let ofTemplate = #"    .package(name: "thenar", path: "../..")"#

  /// The lines of Package.swift that name it.
  private var declaration: String {
    switch self {
    case .checkout(let path): "    .package(name: \"thenar\", path: \(Self.literal(path)))"
    case .repository(let url): "    .package(url: \(Self.literal(url)), branch: \"main\")"
    case .unknown:
      """
          // Put the place of Thenar's repository here, or .package(name: "thenar", path: "…") for a checkout.
          .package(url: "https://thenar.invalid/thenar", branch: "main")
      """
    }
  }

  /// What products of the package are asked for by: SwiftPM takes the last part of a URL.
  private var identity: String {
    guard case .repository(let url) = self else { return "thenar" }
    let last = url.split(whereSeparator: { $0 == "/" || $0 == ":" }).last.map(String.init) ?? "thenar"
    return last.hasSuffix(".git") ? String(last.dropLast(4)) : last
  }

  /// A string of Swift.
  private static func literal(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  /// Package.swift of the template with this place.
  func named(in manifest: String) -> String {
    manifest.replacing(Self.ofTemplate, with: declaration)
      .replacing("package: \"thenar\"", with: "package: \"\(identity)\"")
  }
}
