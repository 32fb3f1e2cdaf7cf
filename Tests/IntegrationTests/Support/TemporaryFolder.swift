import Foundation

/// A folder that is removed with all that is in it.
final class TemporaryFolder {
  let path: String

  init() throws {
    // Short: a socket's path has 107 bytes at most.
    var template = Array("/tmp/thenar-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw DidNotHappen(description: "No temporary folder could be made.") }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, and the folders that it lies in; gives its path.
  @discardableResult func write(_ name: String, _ text: String) throws -> String {
    let file = path + "/" + name
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try text.write(toFile: file, atomically: false, encoding: .utf8)
    return file
  }

  /// Names of what lies in a folder; none where there is no such folder.
  func list(_ name: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: path + "/" + name))?.sorted() ?? []
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }
}

/// The text of a file.
func contents(of file: String) throws -> String { try String(contentsOfFile: file, encoding: .utf8) }
