import Glibc
import Loop

/// Two ends of a connection, closed with the test.
final class SocketPair {
  let ours: Int32
  private(set) var theirs: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends)
    (ours, theirs) = (ends[0], ends[1])
  }

  deinit {
    close(ours)
    closeTheirs()
  }

  /// The other side sends a byte.
  func sayFromTheirs() {
    var byte: UInt8 = 1
    _ = send(theirs, &byte, 1, Int32(MSG_NOSIGNAL))
  }

  /// The other side sends nothing more, and still reads.
  func halfCloseTheirs() { shutdown(theirs, Int32(SHUT_WR)) }

  /// The other side is gone.
  func closeTheirs() {
    if theirs >= 0 { close(theirs) }
    theirs = -1
  }
}

/// Remembers what it was told.
final class Listener: ReadinessHandler {
  private(set) var told: [Readiness] = []
  private let then: (Readiness) -> Void

  init(_ then: @escaping (Readiness) -> Void = { _ in }) { self.then = then }

  func ready(_ readiness: Readiness) {
    told.append(readiness)
    then(readiness)
  }
}

extension EventLoop {
  /// One turn that does not wait.
  func turn() throws {
    try wait(milliseconds: 0)
    tellHandlers()
  }
}
