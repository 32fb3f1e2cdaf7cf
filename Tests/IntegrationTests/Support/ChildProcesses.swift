import Foundation

/// A process that another one started.
struct ChildProcess: Equatable {
  let process: Int32
  /// What a list of processes shows.
  let commandLine: String

  /// The children of a process.
  static func of(_ parent: Int32) throws -> [ChildProcess] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { entry in
      guard let process = Int32(entry), let status = try? contents(of: "/proc/\(entry)/stat"),
        let commandLine = FileManager.default.contents(atPath: "/proc/\(entry)/cmdline"),
        // The name of the program stands in brackets and may hold anything; the parent is the second word after it.
        let parentOfIt = status.split(separator: ")").last?.split(separator: " ").dropFirst().first,
        Int32(parentOfIt) == parent
      else { return nil }
      let words = commandLine.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      return ChildProcess(process: process, commandLine: words.joined(separator: " "))
    }.sorted { $0.process < $1.process }
  }

  /// The file that it has as standard error, as the kernel names it.
  var standardError: String? {
    try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/fd/2")
  }

  /// It runs; one that has ended and is not yet reaped does not.
  var isRunning: Bool {
    guard let status = try? contents(of: "/proc/\(process)/stat") else { return false }
    return status.split(separator: ")").last?.split(separator: " ").first.map { $0 != "Z" && $0 != "X" } ?? false
  }
}
