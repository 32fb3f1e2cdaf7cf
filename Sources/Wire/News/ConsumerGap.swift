package import StrictJSON

/// Records that the station has or had and this connection did not get: it got all that it wants up to `after`, and gets
/// all that it wants from `next` on.
public struct ConsumerGap: Equatable, Sendable {
  /// The number just before the first missing record.
  public var after: UInt64
  /// The number just after the last missing record.
  public var next: UInt64
  /// How many records are missing.
  public var lostRecords: UInt64
  /// How many samples are missing; `nil` where the hub itself cannot know it any more.
  public var lostSamples: UInt64?
  /// Why, in one word: `consumer_slow`, `no_longer_held`.
  public var reason: String
  /// The hub still has them and can send them again.
  public var recoverable: Bool

  /// A gap; see the properties.
  package init(
    after: UInt64, next: UInt64, lostRecords: UInt64, lostSamples: UInt64?, reason: String, recoverable: Bool
  ) {
    self.after = after
    self.next = next
    self.lostRecords = lostRecords
    self.lostSamples = lostSamples
    self.reason = reason
    self.recoverable = recoverable
  }

  /// The consumer was too slow for its queue. What it lost is counted exactly.
  package static func slow(
    after: UInt64, next: UInt64, lostRecords: UInt64, lostSamples: UInt64, recoverable: Bool
  ) -> ConsumerGap {
    ConsumerGap(
      after: after, next: next, lostRecords: lostRecords, lostSamples: lostSamples, reason: "consumer_slow",
      recoverable: recoverable)
  }

  /// The consumer wanted to catch up on records that are no longer held. All of the stream between are counted.
  package static func noLongerHeld(from first: UInt64, to next: UInt64) -> ConsumerGap {
    ConsumerGap(
      after: first - 1, next: next, lostRecords: next - first, lostSamples: nil, reason: "no_longer_held",
      recoverable: false)
  }
}

extension ConsumerGap: Telling {
  package static let method: StaticString = "gap"

  package func write(to writer: inout JSONWriter) {
    writer.member("after_seq", after)
    writer.member("next_seq", next)
    writer.member("lost_records", lostRecords)
    writer.known("lost_samples", lostSamples)
    writer.member("reason", reason)
    writer.member("recoverable", recoverable)
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    after = try fields.requiredCount("after_seq")
    next = try fields.requiredCount("next_seq")
    lostRecords = try fields.requiredCount("lost_records")
    lostSamples = try fields.count("lost_samples")
    reason = try fields.text("reason")
    recoverable = try fields.flag("recoverable") ?? false
  }
}
