internal import Glibc

/// A node that this process has taken among the programs that ask: an open descriptor that is never read and whose lock
/// says that the instrument is in use. Neither hidapi nor libserialport 0.1.1 keeps one, and the kernel would let two
/// drivers talk to one instrument across each other.
struct NodeClaim {
  private let descriptor: Int32

  /// Taken before a library touches the node, so that another program's line is not changed under its hands.
  init(_ node: String) throws(OpenFailure) {
    let descriptor = open(node, O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw OpenFailure(errno: errno, node: node) }
    guard lockDescriptor(descriptor) else {
      let failure = OpenFailure(errno: errno, node: node)
      Glibc.close(descriptor)
      throw failure
    }
    self.descriptor = descriptor
  }

  /// Gives the node back.
  func release() { Glibc.close(descriptor) }
}

/// Locks an open node for this process. False, with errno `EWOULDBLOCK`: another one has it.
func lockDescriptor(_ descriptor: Int32) -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }

/// Keeps programs out that do not ask, unless they run as root.
func refuseOtherOpens(_ terminal: Int32) { _ = ioctl(terminal, UInt(TIOCEXCL)) }
