internal import StrictJSON

/// Sent each second, also when nothing is measured: by it "no data" and "no hub" can be told apart.
public struct Heartbeat: Equatable, Sendable {
  /// The hub's present: microseconds on the boot-time clock of the station.
  public let time: Int64
  /// The same moment on the wall clock, microseconds since 1970.
  public let wallTime: Int64?
  /// The name of the stream's present life.
  public let epoch: String
  /// The number of the newest record.
  public let headSequence: UInt64
  /// The state of this connection's subscriptions, by name.
  public let subscriptions: [String: SubscriptionState]
  /// How many devices are in a state, by the state's word.
  public let devices: [String: UInt64]

  /// The hub's exact count of what a subscription got and did not get.
  public struct SubscriptionState: Equatable, Sendable {
    /// Bytes that wait to be read by this consumer.
    public let queuedBytes: UInt64
    /// Samples that this consumer was too slow for, since it subscribed.
    public let lostSamples: UInt64
    /// Samples passed over in mode ``Subscription/Mode/latest``.
    public let skipped: UInt64
  }

  init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    time = try fields.requiredTime("t_us")
    wallTime = try fields.time("wall_us")
    epoch = try fields.text("epoch")
    headSequence = try fields.count("head_seq") ?? 0
    var subscriptions: [String: SubscriptionState] = [:]
    for member in fields.node("subs")?.members ?? [] {
      var fields = try JSONFields(member.node, "params.subs.\(member.key)")
      subscriptions[member.key] = SubscriptionState(
        queuedBytes: try fields.count("queued_bytes") ?? 0, lostSamples: try fields.count("lost_samples") ?? 0,
        skipped: try fields.count("skipped") ?? 0)
    }
    self.subscriptions = subscriptions
    var devices: [String: UInt64] = [:]
    for member in fields.node("devices")?.members ?? [] {
      devices[member.key] = member.node.integer.map { UInt64(clamping: $0) }
    }
    self.devices = devices
  }
}
