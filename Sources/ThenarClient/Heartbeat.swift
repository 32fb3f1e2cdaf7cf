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
  /// How many samples the hub sent on this connection before this heartbeat. In mode ``Subscription/Mode/all`` it is the
  /// number of samples that must have arrived.
  public let sentSamples: UInt64?
  /// How many records this consumer was too slow for, since it connected.
  public let lostRecords: UInt64
  /// How many samples this consumer was too slow for, since it connected.
  public let lostSamples: UInt64
  /// Bytes that wait to be read by this consumer.
  public let queuedBytes: UInt64
  /// Samples passed over by subscriptions in mode ``Subscription/Mode/latest``, by the subscription's name.
  public let skipped: [String: UInt64]
  /// How many devices are in a state, by the state's word.
  public let devices: [String: UInt64]

  init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    time = try fields.requiredTime("t_us")
    wallTime = try fields.time("wall_us")
    epoch = try fields.text("epoch")
    headSequence = try fields.count("head_seq") ?? 0
    sentSamples = try fields.count("sent_samples")
    lostRecords = try fields.count("lost_records") ?? 0
    lostSamples = try fields.count("lost_samples") ?? 0
    queuedBytes = try fields.count("queued_bytes") ?? 0
    skipped = Self.counts((fields.node("subs")?.members ?? []).map { ($0.key, $0.node["skipped"]?.integer) })
    devices = Self.counts((fields.node("devices")?.members ?? []).map { ($0.key, $0.node.integer) })
  }

  private static func counts(_ members: [(key: String, count: Int64?)]) -> [String: UInt64] {
    var counts: [String: UInt64] = [:]
    for member in members { counts[member.key] = member.count.map { UInt64(clamping: $0) } }
    return counts
  }
}
