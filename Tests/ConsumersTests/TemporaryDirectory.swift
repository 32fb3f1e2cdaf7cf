import Glibc

/// A directory of the test's own, removed with it.
final class TemporaryDirectory: Sendable {
  let path: String

  init() {
    var template = Array("/tmp/thenar-test-XXXXXX".utf8CString)
    path = String(cString: mkdtemp(&template))
  }

  deinit { system("rm -rf \(path)") }

  /// The bytes of a file; empty where there is none.
  func read(_ name: String) -> String {
    let file = open("\(path)/\(name)", O_RDONLY)
    defer { if file >= 0 { close(file) } }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while file >= 0 {
      let count = Glibc.read(file, &buffer, buffer.count)
      if count <= 0 { break }
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  func write(_ text: String, to name: String) {
    let file = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    let bytes = Array(text.utf8)
    _ = Glibc.write(file, bytes, bytes.count)
    close(file)
  }

  func information(_ name: String) -> stat {
    var information = stat()
    lstat("\(path)/\(name)", &information)
    return information
  }

  func mode(_ name: String) -> mode_t { information(name).st_mode & 0o7777 }
  func exists(_ name: String) -> Bool { access("\(path)/\(name)", F_OK) == 0 }
}
