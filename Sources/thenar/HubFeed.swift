internal import Glibc
internal import ThenarClient

/// The stream, also when the hub is started anew: what came meanwhile is asked for again.
struct HubFeed {
  /// What there is to tell.
  enum News {
    /// A connection was made. `resumed`: the stream goes on where it broke off.
    case connected(greeting: Notification, welcome: Welcome, resumed: Bool)
    /// The hub told something.
    case notification(Notification)
    /// The hub sent a line that cannot be understood.
    case misunderstood(line: [UInt8])
    /// The connection ended; why, in one sentence.
    case ended(sentence: String)
  }

  private let options: HubOptions
  private var subscription: Subscription
  private var client: HubClient?
  private var last: (epoch: String, sequence: UInt64)?
  private var waiting: [News] = []
  private var nextTry = ContinuousClock.now
  private var reason: ClientError?

  /// Connects. Later, a hub that is gone is only waited for; the first time it is an error.
  init(_ options: HubOptions, _ subscription: Subscription) throws(ClientError) {
    self.options = options
    self.subscription = subscription
    try connect(patience: .seconds(5))
  }

  /// The next news, or `nil` when there is none at present. Does not wait, except to connect again.
  mutating func next() -> News? {
    if client == nil, waiting.isEmpty, nextTry <= .now {
      do { try connect(patience: .seconds(1)) } catch { leave(error) }
    }
    if !waiting.isEmpty { return waiting.removeFirst() }
    guard let client else { return nil }
    do {
      guard let notification = try client.next(timeout: .zero) else { return nil }
      if let sequence = notification.sequence { last?.sequence = sequence }
      return .notification(notification)
    } catch .malformed(_, let line) {
      return .misunderstood(line: line)
    } catch {
      leave(error)
      return waiting.popLast()
    }
  }

  /// Waits until there may be news or another descriptor can be read, at most so long. Says whether it can.
  func wait(atMost timeout: Duration, or other: Int32? = nil) -> Bool {
    let untilTry = client == nil ? ContinuousClock.now.duration(to: nextTry) : .seconds(60)
    let (seconds, attoseconds) = max(.zero, min(timeout, untilTry)).components
    let milliseconds = Int32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
    // poll passes over negative descriptors.
    var descriptors = [client?.descriptor ?? -1, other ?? -1].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    return poll(&descriptors, 2, milliseconds) > 0 && descriptors[1].revents != 0
  }

  private mutating func connect(patience: Duration) throws(ClientError) {
    let client = try options.connect(timeout: patience)
    var resumed = false
    if let last, last.epoch == client.welcome.epoch {
      subscription.start = .after(epoch: last.epoch, sequence: last.sequence)
      do {
        try client.subscribe(subscription, timeout: patience)
        resumed = true
      } catch .refused {
        // The hub cannot go on from there: begin with the present.
      }
    }
    if !resumed {
      subscription.start = .now
      let answer = try client.subscribe(subscription, timeout: patience)
      last = (answer.epoch, answer.startSequence > 0 ? answer.startSequence - 1 : 0)
    }
    self.client = client
    reason = nil
    waiting.append(.connected(greeting: client.greeting, welcome: client.welcome, resumed: resumed))
  }

  /// Tells of each new reason once: that the hub is still away is no news.
  private mutating func leave(_ error: ClientError) {
    client = nil
    nextTry = .now + .seconds(1)
    if case .notRunning = error { return }
    if error != reason { waiting.append(.ended(sentence: error.sentence)) }
    reason = error
  }
}
