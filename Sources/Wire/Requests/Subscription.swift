package import Readings
package import StrictJSON

/// What a consumer wants to be told of: the parameters of `subscribe`.
public struct Subscription: Equatable, Sendable {
  /// How much of the stream.
  public enum Mode: String, CaseIterable, Sendable {
    /// Every record.
    case all
    /// Of each channel the newest sample, at most so often.
    case latest
    /// Events and results only.
    case results
  }

  /// How far a record must be before it is delivered.
  public enum Delivery: String, CaseIterable, Sendable {
    /// It has its number.
    case live
    /// It is on disk.
    case committed
  }

  /// Where in the stream to begin.
  public enum Start: Equatable, Sendable {
    /// With what comes next.
    case now
    /// With the oldest record that the hub has.
    case oldest
    /// With the record after this one, of this epoch: nothing is missed between two connections.
    case after(epoch: String, sequence: UInt64)
  }

  /// The name by which heartbeats and latest values call it.
  public var name = "main"
  /// How much of the stream.
  public var mode = Mode.all
  /// In mode ``Mode/latest``: how often a second at most, 0.1 to 100.
  public var highestRate: Double = 20
  /// Which records.
  public var filter = RecordFilter()
  /// Where in the stream to begin.
  public var start = Start.now
  /// Begin by telling of all devices.
  public var snapshot = true
  /// How far its records must be.
  public var delivery = Delivery.live
  /// What may wait for the connection.
  public var queue = SubscriptionQueue()

  /// A subscription to every device; change the properties for less.
  public init(_ mode: Mode = .all) { self.mode = mode }

  /// Mode ``Mode/latest``: the time between two values of a channel.
  package var period: Microseconds { Microseconds(1e6 / min(max(highestRate, 0.1), 100)) }
}

extension Subscription: WireObject {
  package func write(to writer: inout JSONWriter) {
    writer.member("sub", name)
    writer.member("mode", mode.rawValue)
    if mode == .latest { writer.member("max_hz", highestRate) }
    if filter != RecordFilter() { writer.object("filter") { filter.write(to: &$0) } }
    writer.member("snapshot", snapshot)
    writer.key("from")
    start.write(to: &writer)
    if delivery != .live { writer.member("delivery", delivery.rawValue) }
    if queue != SubscriptionQueue() { writer.object("queue") { queue.write(to: &$0) } }
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    name = try fields.string("sub") ?? "main"
    if name.isEmpty || name.utf8.count > 64 {
      throw JSONMismatch(line: 0, key: fields.path(of: "sub"), problem: "must have 1 to 64 characters")
    }
    mode = try fields.word("mode", as: Mode.self) ?? .all
    highestRate = try fields.number("max_hz", in: 0.1...100) ?? 20
    if let wanted = try fields.object("filter") { filter = try RecordFilter(wanted) }
    start = try Start(&fields)
    snapshot = try fields.flag("snapshot") ?? true
    delivery = try fields.word("delivery", as: Delivery.self) ?? .live
    if let wanted = try fields.object("queue") { queue = try SubscriptionQueue(wanted) }
  }
}

extension Subscription.Start {
  fileprivate func write(to writer: inout JSONWriter) {
    switch self {
    case .now: writer.word("now")
    case .oldest: writer.word("oldest")
    case .after(let epoch, let sequence):
      writer.object { writer in
        writer.member("epoch", epoch)
        writer.member("seq", min(sequence, 1 << 53))
      }
    }
  }

  fileprivate init(_ fields: inout JSONFields) throws(JSONMismatch) {
    switch fields.node("from")?.value {
    case nil, .string("now"): self = .now
    case .string("oldest"): self = .oldest
    case .object:
      guard var from = try fields.object("from") else { fallthrough }
      self = .after(epoch: try from.requiredString("epoch"), sequence: try from.requiredCount("seq"))
    default:
      throw JSONMismatch(
        line: 0, key: fields.path(of: "from"), problem: "must be \"now\", \"oldest\" or an object with epoch and seq")
    }
  }
}
