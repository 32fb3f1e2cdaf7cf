internal import Glibc

/// The file of the audit log: whole lines or nothing.
enum AuditFile {
  /// Appends lines and waits until they are on disk; gives what went wrong, in which case nothing of them is in the file.
  static func append(_ lines: [UInt8], to path: String, rotatingAt limit: Int, keeping old: Int) -> String? {
    // O_NONBLOCK: a pipe in the place of the file must not hold up the log for ever.
    let file = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o640)
    if file < 0 { return text(errno) }
    defer { close(file) }
    var information = stat()
    guard fstat(file, &information) == 0 else { return text(errno) }
    guard information.st_mode & S_IFMT == S_IFREG else { return "it is no file" }
    var size = information.st_size
    if let failure = cutTornLine(file, &size) { return failure }
    if size + lines.count > limit, size > 0 {
      rotate(path, keeping: old)
      return append(lines, to: path, rotatingAt: .max, keeping: old)
    }
    var rest = lines[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        return undo(file, size, errno)
      }
    }
    return fdatasync(file) == 0 ? nil : undo(file, size, errno)
  }

  /// A line that a crash or a full disk cut off is taken away: the next one must not be glued to it.
  private static func cutTornLine(_ file: Int32, _ size: inout Int) -> String? {
    var end = size
    var block = [UInt8](repeating: 0, count: 4096)
    while end > 0 {
      let start = max(0, end - block.count)
      let count = pread(file, &block, end - start, start)
      if count <= 0 { return text(errno) }
      if let newline = block[..<count].lastIndex(of: 0x0A) {
        end = start + newline + 1
        break
      }
      end = start
    }
    if end == size { return nil }
    if ftruncate(file, end) != 0 { return text(errno) }
    size = end
    return nil
  }

  private static func undo(_ file: Int32, _ size: Int, _ error: Int32) -> String {
    ftruncate(file, size) == 0 ? text(error) : text(error) + ", and the end of the file may be torn"
  }

  private static func rotate(_ path: String, keeping old: Int) {
    for number in stride(from: old - 1, through: 1, by: -1) { rename("\(path).\(number)", "\(path).\(number + 1)") }
    rename(path, "\(path).1")
  }

  private static func text(_ error: Int32) -> String { String(cString: strerror(error)) }
}
