internal import StrictJSON

/// Something is missing, and exactly how much.
public struct Gap: Equatable, Sendable {
  /// Where it went missing.
  public let place: Place
  /// How many samples are missing; `nil` where the hub itself cannot know it any more.
  public let lostSamples: UInt64?
  /// Why, in one word: `consumer_slow`, `device_dropped`.
  public let reason: String
  /// The hub still has it and can send it again.
  public let recoverable: Bool
  /// The record's number; `nil` for a gap of this connection only.
  public let sequence: UInt64?
  /// When it became known: microseconds on the boot-time clock of the station.
  public let time: Int64?

  /// Where samples went missing.
  public enum Place: Equatable, Sendable {
    /// On the way to this consumer: the hub has the records between the two numbers, this connection did not get them.
    case consumer(after: UInt64, next: UInt64, records: UInt64)
    /// Before they reached the station: nobody has them. The channel's own count of samples before the gap.
    case source(device: String, channel: String, after: UInt64)
  }

  init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    lostSamples = try fields.count("lost_samples")
    reason = try fields.text("reason")
    recoverable = try fields.flag("recoverable") ?? false
    sequence = try fields.count("seq")
    time = try fields.time("t_us")
    if let device = try fields.string("device") {
      place = .source(
        device: device, channel: try fields.text("channel"), after: try fields.count("after_n") ?? 0)
    } else {
      place = .consumer(
        after: try fields.requiredCount("after_seq"), next: try fields.requiredCount("next_seq"),
        records: try fields.requiredCount("lost_records"))
    }
  }
}
