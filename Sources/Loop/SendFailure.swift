internal import Glibc

/// Why a socket took nothing.
package struct SendFailure {
  private let error: Int32

  /// What `errno` says.
  package init(_ error: Int32) { self.error = error }

  /// The connection is as it was: it is full, or the kernel has no memory for it now. What was to go out still has to.
  package var passes: Bool { [EAGAIN, EINTR, ENOBUFS, ENOMEM].contains(error) }
}
