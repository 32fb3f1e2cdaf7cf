internal import CLoop
internal import Glibc
internal import Synchronization

/// Work that other threads have for the loop's thread.
package final class Mailbox<Owner>: Sendable {
  /// What is to be done with what the loop owns.
  package typealias Letter = @Sendable (Owner) -> Void

  private let letters = Mutex<[Letter]>([])
  /// Readable while there are letters.
  package let descriptor: Int32

  /// An empty mailbox.
  package init() throws(EventLoop.Failure) {
    descriptor = thenar_loop_open_wake()
    if descriptor < 0 { throw EventLoop.Failure("The hub cannot be spoken to", -descriptor) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Leaves a letter; never waits. From any thread.
  package func post(_ letter: @escaping Letter) {
    let isFirst = letters.withLock { letters in
      letters.append(letter)
      return letters.count == 1
    }
    if isFirst {
      var one: UInt64 = 1
      _ = write(descriptor, &one, 8)
    }
  }

  /// Takes the letters out, in their order. On the loop's thread.
  package func empty() -> [Letter] {
    var count: UInt64 = 0
    _ = read(descriptor, &count, 8)
    return letters.withLock { letters in
      defer { letters = [] }
      return letters
    }
  }
}
