public import Readings
package import StrictJSON

/// The newest sample of a channel, for one subscription of mode ``Subscription/Mode/latest``. It is no record.
public struct LatestValue: Equatable, Sendable {
  /// The subscription.
  public var subscription: String
  /// The number of the record that holds the sample.
  public var sequence: UInt64
  /// The device's name.
  public var device: String
  /// The channel's name.
  public var channel: String
  /// The channel's own number of the sample.
  public var sample: UInt64
  /// UCUM code of the values.
  public var unit: String
  /// Station time of the sample.
  public var time: Microseconds
  /// In `unit`; `nil` where the instrument had no valid number to give.
  public var value: Double?
  /// The same as the instrument gave it; `nil` when it speaks in `unit` itself.
  public var raw: Double?
  /// UCUM code of `raw`, or empty.
  public var rawUnit: String
  /// What is to be said about the sample.
  public var quality: Quality
  /// Quality words that this build does not know. The sample is suspect then.
  public private(set) var laterQuality: [String] = []
  /// How many samples of the channel came since the value before this one and were passed over.
  public var skipped: UInt64
  /// The least valid value of this sample and those that were passed over; `nil` where none was valid.
  public var lowest: Double?
  /// The greatest valid value of this sample and those that were passed over: no display need hide a peak.
  public var highest: Double?

  /// A value; see the properties.
  package init(
    subscription: String, sequence: UInt64, device: String, channel: String, sample: UInt64, unit: String,
    time: Microseconds, value: Double?, raw: Double? = nil, rawUnit: String = "", quality: Quality = [],
    skipped: UInt64, lowest: Double?, highest: Double?
  ) {
    self.subscription = subscription
    self.sequence = sequence
    self.device = device
    self.channel = channel
    self.sample = sample
    self.unit = unit
    self.time = time
    self.value = value
    self.raw = raw
    self.rawUnit = rawUnit
    self.quality = quality
    self.skipped = skipped
    self.lowest = lowest
    self.highest = highest
  }

  /// What is to be said about the sample; nothing: it is a good one.
  public var qualityWords: [String] { quality.words + laterQuality }
}

extension LatestValue: Telling {
  package static let method: StaticString = "measurement"

  package func write(to writer: inout JSONWriter) {
    writer.member("sub", subscription)
    writer.member("seq", sequence)
    writer.member("device", device)
    writer.member("channel", channel)
    writer.member("n0", sample)
    writer.member("unit", unit)
    writer.member("t0_us", time)
    writer.list("v", [value ?? .nan]) { $0.number($1) }
    if let raw {
      writer.list("raw", [raw]) { $0.number($1) }
      writer.member("raw_unit", rawUnit)
    }
    writer.qualityRuns([quality])
    writer.member("skipped", skipped)
    writer.member("lo", lowest ?? .nan)
    writer.member("hi", highest ?? .nan)
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    subscription = try fields.requiredString("sub")
    sequence = try fields.requiredCount("seq")
    device = try fields.requiredString("device")
    channel = try fields.requiredString("channel")
    sample = try fields.requiredCount("n0")
    unit = try fields.text("unit")
    time = try fields.requiredTime("t0_us")
    let values = try fields.list("v")
    if values.count != 1 { throw fields.mismatch("v", .emptyObject, "must hold one sample") }
    value = values[0].number
    raw = try fields.list("raw").first?.number
    rawUnit = try fields.text("raw_unit")
    let (quality, later) = try fields.qualityRuns(count: 1)
    self.quality = quality.first ?? []
    laterQuality = later.flatMap(\.words)
    skipped = try fields.count("skipped") ?? 0
    lowest = try fields.anyNumber("lo")
    highest = try fields.anyNumber("hi")
  }
}
