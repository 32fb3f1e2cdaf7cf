package import StrictJSON

/// The hub's answer to a subscription.
public struct SubscriptionAnswer: Equatable, Sendable {
  /// The subscription.
  public var subscription: String
  /// The name of the stream's present life.
  public var epoch: String
  /// The number of the oldest record that the hub has; one more than the newest when it has none.
  public var oldestSequence: UInt64
  /// The number of the newest record.
  public var headSequence: UInt64
  /// The number of the first record that this subscription can get.
  public var startSequence: UInt64
  /// Older records come first.
  public var replay: Bool
  /// How far its records are when they are delivered.
  public var delivery: Subscription.Delivery
  /// What may wait for the connection.
  public var queue: SubscriptionQueue

  /// An answer; see the properties.
  package init(
    subscription: String, epoch: String, oldestSequence: UInt64, headSequence: UInt64, startSequence: UInt64,
    replay: Bool, delivery: Subscription.Delivery, queue: SubscriptionQueue
  ) {
    self.subscription = subscription
    self.epoch = epoch
    self.oldestSequence = oldestSequence
    self.headSequence = headSequence
    self.startSequence = startSequence
    self.replay = replay
    self.delivery = delivery
    self.queue = queue
  }
}

extension SubscriptionAnswer: WireObject {
  package func write(to writer: inout JSONWriter) {
    writer.member("sub", subscription)
    writer.member("epoch", epoch)
    writer.member("oldest_seq", oldestSequence)
    writer.member("head_seq", headSequence)
    writer.member("start_seq", startSequence)
    writer.member("replay", replay)
    writer.member("delivery", delivery.rawValue)
    writer.object("queue") { queue.write(to: &$0) }
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    subscription = try fields.text("sub")
    epoch = try fields.text("epoch")
    headSequence = try fields.requiredCount("head_seq")
    oldestSequence = try fields.count("oldest_seq") ?? headSequence + 1
    startSequence = try fields.count("start_seq") ?? headSequence + 1
    replay = try fields.flag("replay") ?? false
    delivery = try fields.word("delivery", as: Subscription.Delivery.self) ?? .live
    queue = if let told = try fields.object("queue") { try SubscriptionQueue(told: told) } else { SubscriptionQueue() }
  }
}
