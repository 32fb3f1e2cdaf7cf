import Foundation
import Glibc
import Testing

/// A folder that is removed with all that is in it.
final class TemporaryFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/thenar-platform-XXXXXX".utf8CString)
    path = try #require(mkdtemp(&template).map { String(cString: $0) })
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Makes a folder in it; gives its path.
  func folder(_ name: String, mode: mode_t = 0o755) -> String {
    mkdir("\(path)/\(name)", 0o755)
    chmod("\(path)/\(name)", mode)
    return "\(path)/\(name)"
  }

  /// Writes a file in it; gives its path.
  func write(_ name: String, _ text: String = "text", mode: mode_t = 0o644) -> String {
    let descriptor = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    _ = Glibc.write(descriptor, text, text.utf8.count)
    fchmod(descriptor, mode)
    close(descriptor)
    return "\(path)/\(name)"
  }
}
