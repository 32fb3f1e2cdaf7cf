internal import Glibc
internal import Platform

/// The reports of crashed drivers, in a directory: not too many, and none too long.
struct CrashReports {
  /// Reports that are kept.
  static let most = 32
  /// Lines of a report.
  static let mostLines = 128

  /// Where they are.
  let directory: String

  /// Keeps a report of a process, and removes the oldest; gives its path. `nil`: it cannot be written.
  func keep(_ report: [String], of name: String) -> String? {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let safe = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
    let path = "\(directory)/\(safe)-\(now.tv_sec)-\(now.tv_nsec).txt"
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else { return nil }
    defer { close(file) }
    let bytes = Array(report.map { SafeText.escaped($0) + "\n" }.joined().utf8)
    guard write(file, bytes, bytes.count) == bytes.count else {
      unlink(path)
      return nil
    }
    for old in reports().dropLast(Self.most) { unlink(directory + "/" + old.name) }
    return path
  }

  /// All reports, the oldest first.
  private func reports() -> [(name: String, time: timespec)] {
    guard let entries = opendir(directory) else { return [] }
    defer { closedir(entries) }
    var reports: [(name: String, time: timespec)] = []
    while let entry = readdir(entries) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
          String(cString: $0)
        }
      }
      var status = stat()
      guard fstatat(dirfd(entries), name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.st_mode & S_IFMT == S_IFREG
      else { continue }
      reports.append((name, status.st_mtim))
    }
    return reports.sorted { ($0.time.tv_sec, $0.time.tv_nsec, $0.name) < ($1.time.tv_sec, $1.time.tv_nsec, $1.name) }
  }
}
