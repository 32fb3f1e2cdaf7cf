import Glibc
import Testing

/// Where the programs under test lie.
enum Build {
  /// The directory of the build: the test program lies beside the others.
  static let directory: String = {
    var path = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &path, path.count - 1)
    let tests = String(decoding: path[..<max(0, count)].map(UInt8.init(bitPattern:)), as: UTF8.self)
    return parent(of: tests)
  }()

  /// The command line.
  static let thenar = directory + "/thenar"
  /// The checkout.
  static let repository = parent(of: parent(of: parent(of: parent(of: #filePath))))
  /// The driver modules that come with Thenar.
  static let modules = repository + "/Plugins"

  /// The first of the directories in `PATH` that holds a program.
  static func program(_ name: String) -> String? {
    let places = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    return places.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }

  private static func parent(of path: String) -> String {
    path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
  }
}
