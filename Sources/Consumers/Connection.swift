internal import Glibc
package import Loop
internal import Readings
internal import Stream
internal import Wire

/// The descriptor of one consumer: reads and writes for its ``ConsumerSession``, and nothing else.
package final class Connection: ReadinessHandler {
  /// Its state.
  package var session: ConsumerSession
  let descriptor: Int32
  let account: UserAccount
  /// Its place among those that have got everything.
  var seat: Seat?
  /// It waits for its turn to be worked for.
  var isQueued = false
  /// It cannot be brought on before the next turn.
  var isPostponed = false
  /// The socket takes no more for now.
  private(set) var isBlocked = false
  /// Where it stands in the list that gets heartbeats together.
  var place = (bucket: 0, index: 0)
  /// Where it stands among those that are behind.
  var behindIndex: Int?
  private unowned let consumers: Consumers
  private var registration: EventLoop.Registration?
  private var interest: Readiness = .read
  private var countedBytes = 0

  init(_ descriptor: Int32, session: ConsumerSession, account: UserAccount, consumers: Consumers) {
    self.descriptor = descriptor
    self.session = session
    self.account = account
    self.consumers = consumers
  }

  func watch(_ loop: EventLoop) throws(EventLoop.Failure) {
    registration = try loop.add(descriptor, for: interest, self)
  }

  /// It has a descriptor.
  private(set) var isOpen = true

  func close(_ loop: EventLoop) {
    isOpen = false
    session.end()
    if let registration { loop.remove(registration) }
    registration = nil
    Glibc.close(descriptor)
    account.bytes -= countedBytes
    countedBytes = 0
  }

  // MARK: Reading

  package func ready(_ readiness: Readiness) {
    if readiness.contains(.write) { isBlocked = false }
    if readiness.contains(.read) {
      receive()
    } else if readiness.contains(.over) {
      // Nobody is there to read an answer, and nothing more will come.
      session.end()
    }
    consumers.needsWork(self)
  }

  /// One read a turn, so that nobody who sends much keeps others waiting.
  private func receive() {
    guard session.takesInput else { return }
    let buffer = consumers.readBuffer
    let count = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
    if count > 0 {
      session.receive(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    } else if count == 0 {
      session.receiveEnd()
    } else if errno != EAGAIN, errno != EINTR {
      session.end()
    }
  }

  // MARK: Writing

  /// Writes what is to go out before any more records; `true` when all of it is out.
  func flush(at now: Microseconds) -> Bool {
    while !isBlocked, let count = session.outbox.withFirst(write) {
      if count < 0 { return false }
      session.outbox.sent(count)
      session.progressed(at: now)
    }
    return session.outbox.isEmpty
  }

  /// Writes as much as the socket takes; -1 when it takes nothing.
  func write(_ bytes: UnsafeRawBufferPointer) -> Int {
    let count = send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
    if count >= 0 { return count }
    wroteNothing(errno)
    return -1
  }

  /// The socket took nothing, and this is why.
  func wroteNothing(_ error: Int32) {
    if SendFailure(error).passes {
      isBlocked = true
    } else {
      session.end()
    }
  }

  /// Waits for just what can be gone on with, and counts what is held for it.
  func settle(_ loop: EventLoop) {
    guard let registration else { return }
    var wanted: Readiness = session.takesInput ? .read : []
    if isBlocked { wanted.insert(.write) }
    if wanted != interest {
      interest = wanted
      loop.change(registration, to: wanted)
    }
    let bytes = session.ownBytes
    account.bytes += bytes - countedBytes
    countedBytes = bytes
  }
}
