/// What the consumers of one user cost together, and what they have yet to be given: each user gets the same share of the
/// loop's time, however many connections it has.
final class UserAccount {
  /// The user.
  let user: UInt32
  /// Its connections.
  var connections = 0
  /// Bytes that are held for them alone.
  var bytes = 0
  private var work: [Connection] = []
  private var next = 0

  init(user: UInt32) { self.user = user }

  /// One of its connections has something to be done.
  var hasWork: Bool { next < work.count }

  /// A connection has something to be done; it waits behind the others of its user.
  func add(_ connection: Connection) {
    if connection.isQueued { return }
    connection.isQueued = true
    work.append(connection)
  }

  /// Nobody is served any more: the last connection is gone, which may still wait for its turn.
  func forgetWork() {
    work = []
    next = 0
  }

  /// The connection whose turn it is.
  func take() -> Connection? {
    guard hasWork else { return nil }
    let connection = work[next]
    next += 1
    if next == work.count {
      work.removeAll(keepingCapacity: work.capacity <= 1024)
      next = 0
    } else if next > 256, next * 2 > work.count {
      work.removeFirst(next)
      next = 0
    }
    connection.isQueued = false
    return connection
  }
}
