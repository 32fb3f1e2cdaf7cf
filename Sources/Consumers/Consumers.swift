internal import Glibc
package import Loop
package import Readings
package import Stream
package import Wire

/// All consumers of the hub: who is connected, who has got what, and whose turn it is.
///
/// Records go out first, to everybody who has got everything so far; then, in slices of bounded time and for each user in
/// turn, requests are carried out and those that are behind are brought on.
package final class Consumers {
  /// What the hub does for a consumer.
  package struct Services {
    /// Carries out a request line.
    package var carryOut: (_ line: [UInt8], _ connection: Connection) -> Void
    /// The line that greets a consumer.
    package var welcome: () -> [UInt8]
    /// The parts of a heartbeat that are the same for all.
    package var heartbeat: () -> Heartbeat
    /// Tells a technician.
    package var log: (String) -> Void

    /// Services of a hub.
    package init(
      carryOut: @escaping ([UInt8], Connection) -> Void, welcome: @escaping () -> [UInt8],
      heartbeat: @escaping () -> Heartbeat, log: @escaping (String) -> Void
    ) {
      self.carryOut = carryOut
      self.welcome = welcome
      self.heartbeat = heartbeat
      self.log = log
    }
  }

  /// Heartbeats are spread over so many ticks, which together take a second.
  package static let ticksPerSecond = 10
  /// The loop's time that all requests and all who are behind get in one turn, in microseconds.
  static let slice: Microseconds = 2_000
  /// What one consumer that is behind gets at once.
  static let mostBytes = 256 << 10
  static let mostEntries = 2_048

  /// What may be waited for and how long; see ``ConsumerLimits``.
  package let limits: ConsumerLimits
  /// Who may do what.
  package var roles: Roles
  /// Set once, right after the hub was made.
  package var services: Services?
  let readBuffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16_384, alignment: 16)
  let loop: EventLoop
  let tail: Tail
  let clock: () -> Microseconds
  let gatherer = BatchGatherer()
  let topics: TopicTable
  private var accounts: [UInt32: UserAccount] = [:]
  var userOrder: [UserAccount] = []
  var audiences: [[Wishes.Part]: Audience] = [:]
  var buckets = [ContiguousArray<Connection>](repeating: [], count: ticksPerSecond)
  var behind: ContiguousArray<Connection> = []
  /// Those that cannot be brought on before the next turn.
  var postponed: ContiguousArray<Connection> = []
  var latestListeners: ContiguousArray<Connection> = []
  var nextBucket = 0
  var nextUser = 0
  /// Everybody up to date has got all records before this index.
  var settled = 0
  /// Connected consumers.
  package private(set) var count = 0

  /// No consumers yet. `clock` is the station's, in microseconds.
  package init(
    limits: ConsumerLimits, roles: Roles, loop: EventLoop, tail: Tail, topics: TopicTable,
    clock: @escaping () -> Microseconds
  ) {
    self.limits = limits
    self.roles = roles
    self.loop = loop
    self.tail = tail
    self.topics = topics
    self.clock = clock
    settled = tail.end
  }

  deinit { readBuffer.deallocate() }

  // MARK: Coming and going

  /// Takes over the descriptor of a consumer that has connected.
  package func accept(_ descriptor: Int32, from peer: Peer) {
    let account = accounts[peer.user] ?? UserAccount(user: peer.user)
    let now = clock()
    let session = ConsumerSession(peer: peer, role: roles.role(of: peer), limits: limits, at: now)
    let connection = Connection(descriptor, session: session, account: account, consumers: self)
    connection.session.send(services?.welcome() ?? [])
    if let refusal = refusal(account) {
      // It is told, as far as its socket takes it, and has no place.
      connection.session.close(refusal, at: now)
      _ = connection.flush(at: now)
      connection.close(loop)
      return
    }
    do throws(EventLoop.Failure) {
      try connection.watch(loop)
    } catch {
      services?.log("A consumer could not be served: \(error.sentence)")
      connection.close(loop)
      return
    }
    if accounts[peer.user] == nil {
      accounts[peer.user] = account
      userOrder.append(account)
    }
    account.connections += 1
    count += 1
    connection.place = (count % Self.ticksPerSecond, buckets[count % Self.ticksPerSecond].count)
    buckets[connection.place.bucket].append(connection)
    needsWork(connection)
  }

  private func refusal(_ account: UserAccount) -> RequestError? {
    if count >= limits.consumers {
      return RequestError(
        .tooManyConnections, "Thenar serves as many consumers as it can, \(limits.consumers); close one and try again.")
    }
    if account.connections >= limits.consumersOfUser {
      return RequestError(
        .tooManyConnections,
        "User \(account.user) has \(account.connections) connections, as many as one user may; close one and try again."
      )
    }
    return nil
  }

  func remove(_ connection: Connection) {
    if !connection.isOpen { return }
    leaveStream(connection)
    latestListeners.removeAll { $0 === connection }
    if connection.isPostponed { postponed.removeAll { $0 === connection } }
    let (bucket, index) = connection.place
    let last = buckets[bucket].removeLast()
    if last !== connection {
      buckets[bucket][index] = last
      last.place.index = index
    }
    connection.close(loop)
    count -= 1
    let account = connection.account
    account.connections -= 1
    if account.connections == 0 {
      account.forgetWork()
      accounts[account.user] = nil
      userOrder.removeAll { $0 === account }
    }
  }

  /// Tells everybody why, and sends what their sockets still take.
  package func closeAll(_ error: RequestError) {
    let now = clock()
    for connection in buckets.joined() {
      leaveStream(connection)
      connection.session.close(error, at: now)
      needsWork(connection)
    }
  }

  /// Closes all descriptors; nobody is told.
  package func dropAll() {
    for connection in Array(buckets.joined()) { remove(connection) }
  }
}
