internal import CLoop
internal import Glibc
package import Loop
internal import Readings

/// Takes in whoever connects to the socket.
package final class Acceptor: ReadinessHandler {
  private let listener: Int32
  private let loop: EventLoop
  private let consumers: Consumers
  private let log: (String) -> Void
  private var registration: EventLoop.Registration?
  private var isPaused = false
  /// It was said that nobody can be taken in, and not everybody who waited has been since.
  private var isTold = false

  /// Listens on a descriptor, which stays the caller's.
  package init(
    _ listener: Int32, loop: EventLoop, consumers: Consumers, log: @escaping (String) -> Void
  ) throws(EventLoop.Failure) {
    self.listener = listener
    self.loop = loop
    self.consumers = consumers
    self.log = log
    _ = fcntl(listener, F_SETFL, O_NONBLOCK)
    registration = try loop.add(listener, for: .read, self)
  }

  package func ready(_ readiness: Readiness) {
    for _ in 0..<64 {
      let descriptor = thenar_loop_accept(listener)
      if descriptor >= 0 {
        accept(descriptor)
      } else if descriptor == -EMFILE || descriptor == -ENFILE || descriptor == -ENOMEM || descriptor == -ENOBUFS {
        return pause(-descriptor)
      } else if descriptor == -EAGAIN {
        return isTold = false
      } else if descriptor != -ECONNABORTED {
        return
      }
    }
  }

  private func accept(_ descriptor: Int32) {
    // struct ucred does not reach Swift; three 32-bit numbers have its layout.
    var credentials: (UInt32, UInt32, UInt32) = (0, 0, 0)
    var size = socklen_t(MemoryLayout.size(ofValue: credentials))
    guard getsockopt(descriptor, SOL_SOCKET, Self.peerCredentials, &credentials, &size) == 0 else {
      close(descriptor)
      return
    }
    consumers.accept(descriptor, from: Peer(process: credentials.0, user: credentials.1, group: credentials.2))
  }

  /// `SO_PEERCRED`
  private static let peerCredentials: Int32 = 17

  /// Nothing can be taken in for now: those who connect wait in the kernel.
  private func pause(_ error: Int32) {
    if isPaused { return }
    isPaused = true
    if let registration { loop.change(registration, to: []) }
    if isTold { return }
    isTold = true
    log(
      "No more consumers can be taken in for now (\(String(cString: strerror(error)))); \(consumers.count) are connected. "
        + "If that is not a mistake of a program, allow Thenar more open files.")
  }

  /// Time passes; called about once a second: it tries again.
  package func tick() {
    guard isPaused, let registration else { return }
    isPaused = false
    loop.change(registration, to: .read)
  }

  /// Takes in nobody any more.
  package func stop() {
    if let registration { loop.remove(registration) }
    registration = nil
  }
}
