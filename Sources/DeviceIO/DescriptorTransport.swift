package import Glibc

/// What a read found.
package enum LineRead: Equatable {
  /// So many bytes, at least one.
  case bytes(Int)
  /// Nothing is there now.
  case nothing
  /// The far end is gone.
  case hungUp
}

/// One kind of line that has a descriptor.
package protocol DeviceLine {
  /// For `poll`; never blocks.
  var descriptor: Int32 { get }
  /// What a person knows it by.
  var name: String { get }
  /// The code of its loss.
  var lossCode: String { get }
  /// Reads what is there.
  func receive(into buffer: UnsafeMutableRawBufferPointer) -> LineRead
  /// Sends what can be sent now: how many bytes, or `nil` when the line broke.
  func send(_ bytes: UnsafeRawBufferPointer) -> Int?
  /// The kernel still holds bytes that were sent.
  var holdsSentBytes: Bool { get }
  /// Closes without waiting.
  func close()
}

/// The transport over any line that has a descriptor: `poll` on it, non-blocking reads, and a bounded queue for writes.
package final class DescriptorTransport<Line: DeviceLine>: Transport {
  /// What to do with a message for which the queue has no room.
  package enum WhenFull: Sendable {
    /// The line is broken: the worker must not carry on as if the instrument had heard it.
    case lose
    /// Drop the message, as an instrument does that nobody reads.
    case drop
  }

  private let line: Line
  private let queueLimit: Int
  private let whenFull: WhenFull
  private var queue = OutgoingQueue()
  private var entries = [pollfd(), pollfd()]
  /// The far end has closed; what it sent before can still be read.
  package private(set) var isHungUp = false

  /// A transport that owns `line`. `queueLimit` in bytes.
  package init(_ line: Line, queueLimit: Int = 65_536, whenFull: WhenFull = .lose) {
    self.line = line
    self.queueLimit = queueLimit
    self.whenFull = whenFull
  }

  /// What to poll for this line.
  package var pollEntry: pollfd {
    pollfd(fd: line.descriptor, events: Int16(queue.isEmpty ? POLLIN : POLLIN | POLLOUT), revents: 0)
  }

  /// Takes note of what `poll` found for this line: sends what waits, and says whether there is something to read.
  package func note(_ entry: pollfd) throws(ConnectionLost) -> Bool {
    if entry.revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 { isHungUp = true }
    // Of a line that is hung up the last bytes are read first; the reader finds out by itself.
    if entry.revents & Int16(POLLOUT) != 0, !isHungUp { try flush() }
    return isReadable(entry)
  }

  package func wait(link: Int32, timeout: Int64?) throws(ConnectionLost) -> Readiness {
    entries[0] = pollEntry
    entries[1] = pollfd(fd: link, events: Int16(POLLIN), revents: 0)
    pollDescriptors(&entries, timeout: timeout)
    var ready: Readiness = isReadable(entries[1]) ? .link : []
    if try note(entries[0]) { ready.insert(.device) }
    return ready
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(ConnectionLost) -> Arrival? {
    switch line.receive(into: buffer) {
    case .bytes(let count): return Arrival(count: count, time: stationTime())
    case .nothing where !isHungUp: return nil
    case .nothing, .hungUp: throw gone
    }
  }

  package func write(_ bytes: UnsafeRawBufferPointer) throws(ConnectionLost) {
    var taken = 0
    if queue.isEmpty {
      guard let count = line.send(bytes) else { throw gone }
      taken = count
    }
    let rest = UnsafeRawBufferPointer(rebasing: bytes[taken...])
    if rest.isEmpty { return }
    if queue.count + rest.count <= queueLimit {
      queue.append(rest)
    } else if whenFull == .lose {
      throw ConnectionLost(
        code: "line_broken",
        sentence: "The instrument at \(line.name) does not take what it is sent: check that it is on and ready.")
    }
  }

  package var hasUnsentBytes: Bool { !queue.isEmpty || line.holdsSentBytes }

  package func close() { line.close() }

  private func flush() throws(ConnectionLost) {
    if !queue.flush(line.send) { throw gone }
  }

  private var gone: ConnectionLost {
    ConnectionLost(
      code: line.lossCode, sentence: "The connection to the instrument at \(line.name) was lost: check its cable.")
  }
}
