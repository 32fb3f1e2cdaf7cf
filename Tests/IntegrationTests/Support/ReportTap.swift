import Foundation
import Glibc

/// Stands between a HID instrument's emulator and whoever opens it, for one connection; remembers what the instrument is
/// told.
///
/// `@unchecked`: what changes is touched only while `condition` is held.
final class ReportTap: @unchecked Sendable {
  /// Where to open the instrument.
  let path: String
  private let condition = NSCondition()
  private var told: [[UInt8]] = []
  private var isClosed = false
  private let listener: Int32
  private let emulator: Int32

  init(path: String, emulator: String) throws {
    self.path = path
    listener = Self.makeSocket()
    self.emulator = Self.makeSocket()
    let isReady =
      Self.withAddress(path) { bind(listener, $0, $1) } == 0 && listen(listener, 1) == 0
      && Self.withAddress(emulator) { connect(self.emulator, $0, $1) } == 0
    guard isReady else {
      throw DidNotHappen(description: "No tap could be made before \(emulator): \(String(cString: strerror(errno))).")
    }
    Thread.detachNewThread { [self] in passOn() }
  }

  /// All that the instrument was told, once the connection has been closed.
  func all() throws -> [[UInt8]] {
    let deadline = Date(timeIntervalSinceNow: patience)
    condition.lock()
    defer { condition.unlock() }
    while !isClosed {
      guard condition.wait(until: deadline) else { throw DidNotHappen(description: "\(path) was never closed.") }
    }
    return told
  }

  private func passOn() {
    let client = accept(listener, nil, nil)
    defer { for descriptor in [client, listener, emulator] { close(descriptor) } }
    var entries = [client, emulator].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    var report = [UInt8](repeating: 0, count: 4096)
    var isOpen = true
    while isOpen {
      poll(&entries, 2, -1)
      for (index, other) in [emulator, client].enumerated() where entries[index].revents != 0 {
        let count = recv(entries[index].fd, &report, report.count, 0)
        if count <= 0 {
          isOpen = false
          continue
        }
        if index == 0 { condition.withLock { told.append(Array(report[..<count])) } }
        send(other, &report, count, Int32(MSG_NOSIGNAL))
      }
    }
    condition.withLock {
      isClosed = true
      condition.broadcast()
    }
  }

  private static func makeSocket() -> Int32 {
    socket(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
  }

  private static func withAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
    }
  }
}
