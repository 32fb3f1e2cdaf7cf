internal import Glibc
package import Loop
package import Readings
package import WorkerLink

/// Whoever is told what a worker says.
package protocol WorkerPortOwner: AnyObject {
  /// A frame came. `false`: nothing more of this worker is believed.
  func take(_ frame: (kind: UInt8, payload: ArraySlice<UInt8>), from port: WorkerPort) -> Bool
  /// What came together has been taken.
  func tookAll(from port: WorkerPort)
  /// What came is no message.
  func rubbish(_ sentence: String, from port: WorkerPort)
  /// The link is closed: the process is over, or about to be.
  func closed(_ port: WorkerPort)
}

/// The hub's end of one worker's link: bytes to frames, and messages to bytes. Nothing here waits.
package final class WorkerPort: ReadinessHandler {
  /// Bytes that may wait for a worker that does not listen.
  private static let mostPending = 1 << 20
  private static let readSize = 65_536

  /// The worker's process.
  package let process: WorkerProcess
  /// What its owner knows it by: looked at with every frame, so it is kept here and not in a table.
  package var holder: AnyObject?
  /// When the oldest ping was sent that has no answer yet.
  package var unansweredSince: Microseconds? { unanswered.first?.since }
  private unowned let owner: any WorkerPortOwner
  private let loop: EventLoop
  private var registration: EventLoop.Registration?
  private var frames = FrameBuffer()
  private var writer = ByteWriter()
  private var pending: [UInt8] = []
  private var pingNumber: UInt32 = 0
  /// Pings without an answer; an answer to one counts for those before it.
  private var unanswered: [(number: UInt32, since: Microseconds)] = []
  private let buffer: UnsafeMutableRawBufferPointer

  /// The end of a link, which it owns from now on. `buffer` is lent by the loop for reading.
  package init(
    _ process: WorkerProcess, owner: any WorkerPortOwner, loop: EventLoop, buffer: UnsafeMutableRawBufferPointer
  ) throws(EventLoop.Failure) {
    self.process = process
    self.owner = owner
    self.loop = loop
    self.buffer = buffer
    _ = fcntl(process.descriptor, F_SETFL, O_NONBLOCK)
    do throws(EventLoop.Failure) {
      registration = try loop.add(process.descriptor, for: .read, goesFirst: true, self)
    } catch {
      Glibc.close(process.descriptor)
      throw error
    }
  }

  /// The link is open.
  package var isOpen: Bool { registration != nil }

  // MARK: What it says

  package func ready(_ readiness: Readiness) {
    if readiness.contains(.write) { flush() }
    if readiness.contains(.read) || readiness.contains(.over) { receive() }
  }

  /// Reads once: what is more than that comes in the next turn, so that one device cannot hold up the others.
  private func receive() {
    guard isOpen else { return }
    let count = recv(process.descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
    if count > 0 {
      frames.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      takeFrames()
    } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
      close()
      owner.closed(self)
    }
  }

  private func takeFrames() {
    do throws(LinkError) {
      while let frame = try frames.next() {
        if !owner.take(frame, from: self) { return }
      }
      owner.tookAll(from: self)
    } catch {
      owner.tookAll(from: self)
      owner.rubbish(error.sentence, from: self)
    }
  }

  /// The process is over: what it wrote before is still taken; whoever else holds the other end is not waited for.
  package func processEnded() {
    for _ in 0..<16 where isOpen { receive() }
    if isOpen {
      close()
      owner.closed(self)
    }
  }

  // MARK: What it is told

  /// Sends a message; `false` when the worker has not listened for so long that it must be ended.
  @discardableResult
  package func send(_ message: HubMessage) -> Bool {
    guard isOpen else { return true }
    writer.clear()
    message.write(to: &writer)
    guard pending.count + writer.bytes.count <= Self.mostPending else { return false }
    pending.append(contentsOf: writer.bytes)
    flush()
    return true
  }

  private func flush() {
    guard let registration, !pending.isEmpty else { return }
    let sent = pending.withUnsafeBytes {
      Glibc.send(process.descriptor, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
    }
    if sent > 0 { pending.removeFirst(sent) }
    // A link that is broken says so when it is read.
    if pending.isEmpty || (sent < 0 && !SendFailure(errno).passes) {
      pending = []
      loop.change(registration, to: .read)
    } else {
      loop.change(registration, to: [.read, .write])
    }
  }

  /// Asks whether the worker is there.
  package func ping(at now: Microseconds) {
    pingNumber &+= 1
    unanswered.append((pingNumber, now))
    send(.ping(pingNumber))
  }

  /// It answered a ping.
  package func answered(_ number: UInt32) {
    if let index = unanswered.firstIndex(where: { $0.number == number }) { unanswered.removeFirst(index + 1) }
  }

  /// The station slept: how long the worker has not answered is counted anew.
  package func slept(until now: Microseconds) {
    for index in unanswered.indices { unanswered[index].since = now }
  }

  /// Closes the link: nothing more of this worker is read.
  package func close() {
    guard let registration else { return }
    loop.remove(registration)
    self.registration = nil
    Glibc.close(process.descriptor)
  }
}
