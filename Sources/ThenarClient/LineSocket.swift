internal import Glibc
private import Wire

/// A connection to the hub that knows lines and nothing of what they mean.
///
/// For programs that hand the lines on unchanged, or that have a JSON parser of their own. Others use ``HubClient``.
/// It belongs to one thread. It closes when it is no longer referred to.
public final class LineSocket {
  /// The most bytes that a line from the hub may have.
  public static let longestLine = Message.longestLine

  /// The socket, to wait on together with other descriptors. Call ``next(timeout:)`` with no time-out until it gives
  /// `nil` before waiting on it: several lines may have come in one read.
  public let descriptor: Int32
  private var lines = LineBuffer(longestLine: longestLine)

  /// Connects; throws ``ClientError`` `notRunning`, `notAllowed`, `pathTooLong` or `system`.
  public init(connectingTo path: String) throws(ClientError) {
    descriptor = try connectedSocket(path)
  }

  deinit { close(descriptor) }

  /// The next line without its newline, or `nil` when the time is over. No time-out: waits for ever.
  ///
  /// Throws ``ClientError/closed`` when the hub has gone; all whole lines that it sent before have been given by then,
  /// and half a line is no line.
  public func next(timeout: Duration?) throws(ClientError) -> [UInt8]? {
    try next(until: Deadline(in: timeout))
  }

  func next(until deadline: Deadline) throws(ClientError) -> [UInt8]? {
    if let line = try lines.next() { return line }
    while true {
      guard try wait(for: POLLIN, until: deadline) else { return nil }
      try read()
      if let line = try lines.next() { return line }
    }
  }

  /// Sends a line, to which the newline is added. Throws ``ClientError/timedOut(_:)`` when the hub does not take it.
  public func send(_ line: [UInt8], timeout: Duration = .seconds(5)) throws(ClientError) {
    try send(line, until: Deadline(in: timeout))
  }

  func send(_ line: [UInt8], until deadline: Deadline) throws(ClientError) {
    let bytes = line + [0x0A]
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count >= 0 {
        sent += count
      } else if errno == EAGAIN {
        guard try wait(for: POLLOUT, until: deadline) else { throw .timedOut("sending") }
      } else if errno == EPIPE || errno == ECONNRESET {
        throw .closed
      } else if errno != EINTR {
        throw .system(call: "send", errno: errno)
      }
    }
  }

  private func wait(for event: Int32, until deadline: Deadline) throws(ClientError) -> Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    while true {
      let ready = poll(&waiting, 1, deadline.pollTimeout)
      if ready >= 0 { return ready > 0 }
      if errno != EINTR { throw .system(call: "poll", errno: errno) }
    }
  }

  private func read() throws(ClientError) {
    var failure: Int32 = 0
    let chunk = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
      let received = recv(descriptor, buffer.baseAddress, buffer.count, 0)
      if received < 0 { failure = errno }
      count = max(received, 0)
    }
    switch failure {
    case 0 where chunk.isEmpty: throw .closed
    case 0: lines.append(chunk)
    case EAGAIN, EINTR: return
    case ECONNRESET: throw .closed
    default: throw .system(call: "recv", errno: failure)
    }
  }
}
