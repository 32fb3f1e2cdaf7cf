public import Readings
package import StrictJSON

/// A batch of samples of one channel.
public struct MeasurementRecord: Equatable, Sendable {
  /// The record's number.
  public var sequence: UInt64
  /// The device's name.
  public var device: String
  /// The channel's name.
  public var channel: String
  /// UCUM code of the values.
  public var unit: String
  /// UCUM code of what the instrument itself gave; empty when it speaks in `unit`.
  public var rawUnit: String
  /// The channel's own count of samples before this batch, since the device started: batch after batch it shows that
  /// nothing is missing.
  public var firstSample: UInt64
  /// The samples. Their channel has no number here, and a value is not finite where the instrument had no valid number.
  public var samples: Samples
  /// The moment of the first sample on the wall clock, microseconds since 1970; informative.
  public var wallTime: Microseconds
  /// How far a time can be from the truth; 0: not known.
  public var uncertainty: Microseconds
  /// Quality words that this build does not know. Their samples are suspect.
  public private(set) var laterQuality: [QualityRun] = []

  /// A record; see the properties.
  package init(
    sequence: UInt64, device: String, channel: String, unit: String, rawUnit: String = "", firstSample: UInt64,
    samples: Samples, wallTime: Microseconds, uncertainty: Microseconds = 0
  ) {
    self.sequence = sequence
    self.device = device
    self.channel = channel
    self.unit = unit
    self.rawUnit = rawUnit
    self.firstSample = firstSample
    self.samples = samples
    self.wallTime = wallTime
    self.uncertainty = uncertainty
  }

  /// What is to be said about a sample; nothing: it is a good one.
  public func qualityWords(of index: Int) -> [String] {
    let known = index < samples.quality.count ? samples.quality[index].words : []
    return known + (laterQuality.first { $0.samples.contains(index) }?.words ?? [])
  }
}

extension MeasurementRecord: Telling {
  package static let method: StaticString = "measurement"

  package func write(to writer: inout JSONWriter) {
    writer.member("seq", sequence)
    writer.member("device", device)
    writer.member("channel", channel)
    writer.member("n0", firstSample)
    writer.member("unit", unit)
    writer.member("t0_us", samples.time)
    if !samples.offsets.isEmpty {
      writer.list("t_us", samples.offsets) { $0.integer($1) }
    } else if samples.values.count > 1 {
      writer.member("dt_us", samples.interval)
    }
    writer.member("wall0_us", wallTime)
    writer.unlessZero("t_unc_us", uncertainty)
    writer.known("dev_t0_us", samples.deviceTime)
    writer.list("v", samples.values) { $0.number($1) }
    if !samples.raw.isEmpty {
      writer.list("raw", samples.raw) { $0.number($1) }
      writer.member("raw_unit", rawUnit)
    }
    writer.qualityRuns(samples.quality)
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    sequence = try fields.requiredCount("seq")
    device = try fields.requiredString("device")
    channel = try fields.requiredString("channel")
    firstSample = try fields.requiredCount("n0")
    unit = try fields.text("unit")
    rawUnit = try fields.text("raw_unit")
    wallTime = try fields.requiredTime("wall0_us")
    uncertainty = try fields.time("t_unc_us") ?? 0
    let values = try fields.numbers("v")
    let raw = try fields.numbers("raw")
    let offsets = try fields.list("t_us").compactMap(\.integer)
    if values.isEmpty { throw fields.mismatch("v", .emptyObject, "must hold a sample") }
    if !raw.isEmpty, raw.count != values.count {
      throw fields.mismatch("raw", .emptyObject, "must be as long as \"v\"")
    }
    if fields.node("t_us") != nil, offsets.count != values.count || !offsets.allSatisfy(Self.offsets.contains) {
      throw fields.mismatch("t_us", .emptyObject, "must hold a whole number for each value of \"v\"")
    }
    let interval = try fields.integer("dt_us", in: Self.offsets)
    // Samples that all seem to be of one moment would be a wrong force curve.
    if values.count > 1, offsets.isEmpty, interval == nil { throw fields.missing("dt_us") }
    let (quality, later) = try fields.qualityRuns(count: values.count)
    laterQuality = later
    samples = Samples(
      channel: 0, time: try fields.requiredTime("t0_us"), interval: interval ?? 0,
      offsets: offsets, deviceTime: try fields.time("dev_t0_us"), values: values, raw: raw, quality: quality)
  }

  /// Times between samples: bounded, so that no sum of times can overflow.
  private static let offsets = 0...ReadingLimits.span
}
