package import Readings
package import Stream
package import StrictJSON
package import Wire

/// The state of one consumer: what it has asked, what it gets, and how far it is. Pure: bytes and times go in; lines to
/// carry out, and whether it is over, come out. Whoever owns it does the reading and writing.
package struct ConsumerSession {
  /// Who is at the other end.
  package let peer: Peer
  /// What it may do.
  package let role: Role
  /// What it calls itself.
  package var client = ""
  /// Where the connection is in its life.
  package private(set) var phase: Phase
  /// Its subscriptions.
  package private(set) var subscriptions = SubscriptionSet()
  /// Where in the stream it is.
  package var place = Place.nowhere
  /// What its subscriptions together want.
  package private(set) var wishes = Wishes([])
  /// What went out and what did not.
  package var counters = Counters()
  /// Bytes that go out before any more records.
  package var outbox = Outbox()
  /// What it sent and was not carried out yet.
  package private(set) var input: InputBuffer
  /// How far it may be behind, in bytes of the stream.
  package private(set) var queueBytes: Int
  private var onFull = OnFull.gap
  private let limits: ConsumerLimits
  private var errors = 0
  /// Requests whose answer comes later.
  private var owed = 0
  private var lastProgress: Microseconds
  private var wasWarned = false

  /// A consumer that has just connected.
  package init(peer: Peer, role: Role, limits: ConsumerLimits, at now: Microseconds) {
    self.peer = peer
    self.role = role
    self.limits = limits
    phase = .arriving(until: now + limits.arrival)
    input = InputBuffer(limit: limits.lineBytes)
    queueBytes = limits.queueBytes
    lastProgress = now
  }

  /// It is told, or was told, why it is closed: nothing more is carried out for it and no record goes to it.
  package var isClosing: Bool {
    switch phase {
    case .arriving, .open, .listening: false
    case .closing, .over: true
    }
  }

  /// It has asked something: it gets heartbeats.
  package var hasArrived: Bool { phase == .open || phase == .listening }

  // MARK: What it sends

  /// More may be read from it: what it sent before is carried out, and it takes its answers.
  package var takesInput: Bool {
    switch phase {
    case .arriving, .open: outbox.byteCount < limits.answerBytes && !input.hasLine
    case .listening, .closing, .over: false
    }
  }

  /// It sent bytes.
  package mutating func receive(_ bytes: UnsafeRawBufferPointer) {
    if !isClosing { input.append(bytes) }
  }

  /// It will send nothing more.
  package mutating func receiveEnd() {
    if !isClosing { phase = .listening }
  }

  /// The next line to carry out; `nil` when there is none, or it must take its answers first.
  package mutating func nextLine(at now: Microseconds) -> [UInt8]? {
    guard !isClosing, outbox.byteCount < limits.answerBytes else { return nil }
    do throws(InputBuffer.TooLong) {
      guard let line = try input.nextLine() else { return nil }
      if case .arriving = phase { phase = .open }
      return line
    } catch {
      close(
        RequestError(
          .lineTooLong, "A line is longer than \(limits.lineBytes) bytes. Each request must fit into one."), at: now)
      return nil
    }
  }

  /// A line can be carried out now.
  package var hasWork: Bool { !isClosing && outbox.byteCount < limits.answerBytes && input.hasLine }

  // MARK: What it is sent

  /// A line that belongs to this consumer alone.
  package mutating func send(_ line: [UInt8]) {
    if !isClosing { outbox.append(line) }
  }

  /// A request was wrong.
  package mutating func refuse(_ id: JSONNode?, _ error: RequestError, at now: Microseconds) {
    send(wireLine { $0.refusal(of: id, error) })
    errors += 1
    if errors > limits.errors {
      close(
        RequestError(
          .tooManyErrors, "More than \(limits.errors) requests of this connection were wrong; it is closed."), at: now)
    }
  }

  /// The answer to a request comes later.
  package mutating func oweAnswer() { owed += 1 }

  /// An answer that was owed.
  package mutating func sendOwed(_ line: [UInt8]) {
    owed -= 1
    send(line)
  }

  /// It is told why, and closed.
  package mutating func close(_ error: RequestError, at now: Microseconds) {
    if isClosing { return }
    outbox.append(wireLine { $0.refusal(of: nil, error) })
    input.clear()
    place = .nowhere
    phase = .closing(until: now + limits.farewell)
  }

  /// The other side is gone.
  package mutating func end() {
    phase = .over
    outbox.clear()
    input.clear()
    place = .nowhere
  }

  /// Called when something went out: whether it is over now.
  package mutating func settle() -> Bool {
    switch phase {
    case .over: return true
    case .closing where outbox.isEmpty: end()
    case .listening where subscriptions.all.isEmpty && owed == 0 && outbox.isEmpty && !input.hasLine: end()
    case .arriving, .open, .listening, .closing: break
    }
    return phase == .over
  }

  // MARK: Subscriptions

  /// Adds a subscription; `wishes` is the one that everybody shares who wants the same.
  package mutating func add(_ subscription: Subscription, _ share: ([Wishes.Part]) -> Wishes) {
    subscriptions.add(subscription)
    if subscription.queue != SubscriptionQueue() {
      queueBytes = subscription.queue.maxBytes ?? queueBytes
      onFull = subscription.queue.onFull
    }
    wishes = share(subscriptions.parts)
  }

  /// Ends a subscription; `false` when there is none of that name.
  package mutating func remove(_ name: String, _ share: ([Wishes.Part]) -> Wishes) -> Bool {
    guard subscriptions.remove(name) else { return false }
    wishes = share(subscriptions.parts)
    if subscriptions.parts.isEmpty { place = .nowhere }
    return true
  }

  /// What waits for its connection, and what happens when it is too much.
  package func queue(_ tail: Tail) -> SubscriptionQueue {
    SubscriptionQueue(maxBytes: min(queueBytes, tail.limit), onFull: onFull)
  }

  /// Takes a batch for the subscriptions of mode `latest`.
  package mutating func takeLatest(_ batch: FreshSamples, of topics: TopicTable, at now: Microseconds) {
    if !isClosing { subscriptions.takeLatest(batch, of: topics, at: now) }
  }

  /// Puts the newest values that are due in front of what goes out; not while it has yet to take something.
  package mutating func sendLatest(of topics: TopicTable, at now: Microseconds) {
    guard outbox.isEmpty, !isClosing else { return }
    for value in subscriptions.takeDue(of: topics, at: now) { outbox.append(value.line) }
  }

  // MARK: Being slow

  /// Passes over what is too much for it, and what the stream is about to let go of.
  /// While its socket takes bytes it is not slow: much at once is no slowness, and its turn has yet to come.
  package mutating func keepUp(with tail: Tail, _ topics: TopicTable, isBlocked: Bool = true, at now: Microseconds) {
    guard case .behind(var cursor) = place, !isClosing else { return }
    let most = cursor.isReplay || !isBlocked ? tail.limit : min(queueBytes, tail.limit)
    guard cursor.lag(behind: tail) > most || cursor.next < tail.first else { return }
    if onFull == .close {
      return close(
        RequestError(.consumerSlow, "This consumer is \(most) bytes behind and asked to be closed then."), at: now)
    }
    // Nobody else holds what it has set aside, so that it is not copied.
    place = .nowhere
    guard let lost = cursor.catchUp(with: tail, topics, wishes, within: most) else {
      return close(
        RequestError(.consumerSlow, "This consumer did not read, and what must not be dropped filled its queue."),
        at: now)
    }
    counters.lostRecords += lost.records
    counters.lostSamples += lost.samples
    place = .behind(cursor)
  }

  private var isReplaying: Bool {
    if case .behind(let cursor) = place { cursor.isReplay } else { false }
  }

  /// Something went out at this time.
  package mutating func progressed(at now: Microseconds) { lastProgress = now }

  /// Bytes of the stream and of answers that wait for it.
  package func waitingBytes(_ tail: Tail) -> Int {
    guard case .behind(let cursor) = place else { return outbox.byteCount }
    return outbox.byteCount + cursor.lag(behind: tail)
  }

  /// Bytes that are held for it alone.
  package var ownBytes: Int {
    guard case .behind(let cursor) = place else { return outbox.byteCount + input.count }
    return outbox.byteCount + input.count + cursor.asideBytes
  }

  /// What came of a look at the clock.
  package enum Overdue: Equatable, Sendable {
    /// It reads too slowly: worth telling a technician, once.
    case slow
  }

  /// Time passes; called once a second and when a deadline is due.
  package mutating func tick(at now: Microseconds, _ tail: Tail) -> Overdue? {
    switch phase {
    case .arriving(let until) where now >= until:
      let seconds = limits.arrival / 1_000_000
      close(
        RequestError(
          .helloTimeout,
          "No whole request came within \(seconds) seconds after connecting: each must end with a newline."),
        at: now)
      return nil
    case .closing(let until) where now >= until:
      end()
      return nil
    case .over, .closing: return nil
    case .arriving, .open, .listening: break
    }
    let waiting = waitingBytes(tail)
    if waiting == 0 { lastProgress = now }
    let most = min(queueBytes, tail.limit)
    let isFilling = waiting > most / 2 || outbox.byteCount >= limits.answerBytes
    if now - lastProgress > limits.patience, isFilling {
      close(
        RequestError(.consumerSlow, "Nothing was read for \(limits.patience / 1_000_000) seconds."), at: now)
      return nil
    }
    if waiting < most / 4 { wasWarned = false }
    guard waiting > most / 2, !wasWarned, !isReplaying else { return nil }
    wasWarned = true
    send(Warning.queueHigh(queuedBytes: UInt64(waiting), maxBytes: UInt64(most)).line)
    return .slow
  }

  /// The station slept: every deadline begins anew.
  package mutating func slept(until now: Microseconds) {
    lastProgress = now
    switch phase {
    case .arriving: phase = .arriving(until: now + limits.arrival)
    case .closing: phase = .closing(until: now + limits.farewell)
    case .open, .listening, .over: break
    }
  }
}
