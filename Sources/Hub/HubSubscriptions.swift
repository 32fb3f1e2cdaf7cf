internal import Consumers
internal import Stream
internal import StrictJSON
internal import Wire

/// `subscribe` and `unsubscribe`.
extension Hub {
  func subscribe(_ request: Request, _ connection: Connection) throws -> (any WireObject)? {
    let subscription: Subscription = try request.parameters()
    try check(subscription, connection)
    // What was put off until now comes before the answer.
    settle()
    let replay = try replayStart(of: subscription, connection)
    let start = replay?.sequence ?? consumers.nextSequence(for: connection, head: log.head)
    consumers.subscribe(connection, subscription, from: replay?.cursor)
    if let id = request.id {
      let answer = SubscriptionAnswer(
        subscription: subscription.name, epoch: log.epoch, oldestSequence: log.tail.oldest ?? log.head + 1,
        headSequence: log.head, startSequence: start, replay: start <= log.head, delivery: subscription.delivery,
        queue: connection.session.queue(log.tail))
      connection.session.send(wireLine { $0.reply(to: id, answer) })
    }
    if subscription.snapshot { sendSnapshot(to: connection, subscription) }
    return nil
  }

  private func check(_ subscription: Subscription, _ connection: Connection) throws {
    if subscription.delivery == .committed {
      throw RequestError(
        .committedUnavailable, "This build keeps no journal on disk, so nothing can be delivered as committed.")
    }
    if connection.session.subscriptions.contains(subscription.name) {
      throw RequestError(
        .subscriptionExists, "This connection has a subscription \"\(subscription.name)\": choose another \"sub\".")
    }
    let most = options.consumerLimits.subscriptions
    if connection.session.subscriptions.all.count >= most {
      throw RequestError(.tooManySubscriptions, "A connection can have \(most) subscriptions.")
    }
    let filter = subscription.filter
    let bytes = (filter.devices + filter.channels + filter.quantities).reduce(0) { $0 + $1.utf8.count }
    if bytes > 4096 {
      throw RequestError(
        .invalidParameters, "The words of \"filter\" have \(bytes) bytes together, and may have 4096.")
    }
  }

  private func sendSnapshot(to connection: Connection, _ subscription: Subscription) {
    for known in station.all {
      let report = known.report
      guard subscription.filter.accepts(Topic(kind: .device, device: report.device)) else { continue }
      connection.session.send(DeviceRecord(sequence: known.sequence, isSnapshot: true, report: report).line)
    }
    connection.session.send(SnapshotEnd(subscription: subscription.name, sequence: log.head).line)
  }

  /// Where a subscription begins that asks for the past; `nil` to begin with the next record.
  private func replayStart(
    of subscription: Subscription, _ connection: Connection
  ) throws -> (sequence: UInt64, cursor: Cursor)? {
    let first: UInt64
    switch subscription.start {
    case .now: return nil
    case .oldest: first = log.tail.oldest ?? log.head + 1
    case .after(let epoch, let sequence):
      guard epoch == log.epoch else {
        throw RequestError(
          .epochChanged, "The numbers of epoch \(epoch.prefix(32)) have ended; begin anew with from \"oldest\".",
          details: [JSONMember("epoch", JSONNode(.string(log.epoch)))])
      }
      first = min(sequence, log.head) + 1
    }
    if subscription.mode == .latest {
      throw RequestError(.invalidParameters, "A subscription of mode \"latest\" has no past: leave \"from\" out.")
    }
    if connection.session.subscriptions.all.contains(where: { $0.mode != .latest }) {
      throw RequestError(
        .resumeConflict, "Records already flow on this connection: resume on a connection of its own.")
    }
    let index = log.tail.index(from: first)
    var cursor = Cursor(at: index, isReplay: true)
    if index < log.tail.end, log.tail[index].sequence > first {
      cursor.begin(withoutRecordsFrom: first, to: log.tail[index].sequence)
    }
    return (first, cursor)
  }

  func unsubscribe(_ request: Request, _ connection: Connection) throws -> (any WireObject)? {
    let unsubscribe: UnsubscribeRequest = try request.parameters()
    guard consumers.unsubscribe(connection, unsubscribe.subscription) else {
      throw RequestError(
        .unknownSubscription, "This connection has no subscription \"\(unsubscribe.subscription.prefix(64))\".")
    }
    return unsubscribe
  }
}
