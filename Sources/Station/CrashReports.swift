internal import Glibc

/// The reports of crashed drivers, which the Swift runtime writes into a directory: not too many, and none too long.
struct CrashReports {
  /// Reports that are kept.
  static let most = 32
  /// Bytes of a report; what is longer is cut off.
  static let longest: off_t = 262_144

  /// Where they are.
  let directory: String
  private var known: Set<String>

  /// The reports in a directory. Those that are there are not told again.
  init(directory: String) {
    self.directory = directory
    known = []
    known = Set(reports().map(\.name))
  }

  /// Removes the oldest, and cuts those that are too long; gives the paths of new ones.
  mutating func tidy() -> [String] {
    let reports = reports()
    let kept = reports.suffix(Self.most)
    for report in reports.dropLast(Self.most) { unlink(directory + "/" + report.name) }
    for report in kept where report.size > Self.longest {
      let file = open(directory + "/" + report.name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
      if file < 0 { continue }
      ftruncate(file, Self.longest)
      close(file)
    }
    let new = kept.map(\.name).filter { !known.contains($0) }
    known = Set(kept.map(\.name))
    return new.map { directory + "/" + $0 }
  }

  /// All reports, the oldest first.
  private func reports() -> [(name: String, time: timespec, size: off_t)] {
    guard let entries = opendir(directory) else { return [] }
    defer { closedir(entries) }
    var reports: [(name: String, time: timespec, size: off_t)] = []
    while let entry = readdir(entries) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
          String(cString: $0)
        }
      }
      var status = stat()
      guard fstatat(dirfd(entries), name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.st_mode & S_IFMT == S_IFREG
      else { continue }
      reports.append((name, status.st_mtim, status.st_size))
    }
    return reports.sorted { ($0.time.tv_sec, $0.time.tv_nsec, $0.name) < ($1.time.tv_sec, $1.time.tv_nsec, $1.name) }
  }
}
