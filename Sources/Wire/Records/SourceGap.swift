public import Readings
package import StrictJSON

/// Samples that were lost before they reached the station: nobody has them.
public struct SourceGap: Equatable, Sendable {
  /// The record's number.
  public var sequence: UInt64
  /// The device's name.
  public var device: String
  /// The channel's name.
  public var channel: String
  /// The channel's own count of samples before the gap.
  public var firstSample: UInt64
  /// How many samples are missing.
  public var lostSamples: UInt64
  /// Why, in one word: `device_dropped`.
  public var reason: String
  /// Station time at which it became known.
  public var time: Microseconds

  /// A gap; see the properties.
  package init(
    sequence: UInt64, device: String, channel: String, firstSample: UInt64, lostSamples: UInt64, reason: String,
    time: Microseconds
  ) {
    self.sequence = sequence
    self.device = device
    self.channel = channel
    self.firstSample = firstSample
    self.lostSamples = lostSamples
    self.reason = reason
    self.time = time
  }
}

extension SourceGap: Telling {
  package static let method: StaticString = "gap"

  package func write(to writer: inout JSONWriter) {
    writer.member("seq", sequence)
    writer.member("device", device)
    writer.member("channel", channel)
    writer.member("after_n", firstSample)
    writer.member("lost_samples", lostSamples)
    writer.member("reason", reason)
    writer.member("t_us", time)
    writer.member("recoverable", false)
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    sequence = try fields.requiredCount("seq")
    device = try fields.requiredString("device")
    channel = try fields.text("channel")
    firstSample = try fields.requiredCount("after_n")
    lostSamples = try fields.requiredCount("lost_samples")
    reason = try fields.text("reason")
    time = try fields.requiredTime("t_us")
  }
}
