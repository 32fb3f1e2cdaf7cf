internal import Glibc

/// Counts up and waits, without sleeping.
package final class Signal: Sendable {
  // Both ends are made here and never changed; reading and writing a pipe is safe from any thread.
  private let readEnd: Int32
  private let writeEnd: Int32

  /// At zero.
  package init() {
    var ends: [Int32] = [0, 0]
    pipe(&ends)
    (readEnd, writeEnd) = (ends[0], ends[1])
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  /// Counts up.
  package func raise() {
    var byte: UInt8 = 1
    write(writeEnd, &byte, 1)
  }

  /// Waits until it is above zero, and counts down.
  package func wait() {
    var byte: UInt8 = 0
    read(readEnd, &byte, 1)
  }
}
