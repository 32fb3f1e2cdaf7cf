import CProcess
import Foundation
import Glibc

/// A process that another one started.
final class ChildProcess {
  let process: Int32
  /// What a list of processes shows.
  let commandLine: String
  /// Can be read once the process has ended, whoever reaps it.
  private let descriptor: Int32

  private init(process: Int32, commandLine: String) {
    self.process = process
    self.commandLine = commandLine
    descriptor = test_open_process(process)
  }

  deinit { close(descriptor) }

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
    }
  }

  /// Waits for its end; false when it does not come.
  func ends() -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, Int32(patience * 1000)) == 1 && entry.revents & Int16(POLLIN) != 0
  }
}
