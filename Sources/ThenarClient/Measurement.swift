internal import StrictJSON

/// A batch of samples of one channel.
public struct Measurement: Equatable, Sendable {
  /// The record's number.
  public let sequence: UInt64
  /// The device's name.
  public let device: String
  /// The channel's name.
  public let channel: String
  /// The channel's own count of samples before this batch, since the device started: batch after batch it shows that
  /// nothing is missing.
  public let firstSample: UInt64
  /// UCUM code of `values`.
  public let unit: String
  /// `nil` where the instrument had no valid number to give.
  public let values: [Double?]
  /// What the instrument itself gave, in `rawUnit`; empty when it speaks in `unit` itself.
  public let raw: [Double?]
  /// UCUM code of `raw`.
  public let rawUnit: String
  /// Samples about which there is something to say.
  public let quality: [QualityRun]
  /// Station time of the first sample: microseconds on the boot-time clock of the station.
  public let time: Int64
  /// The same moment on the wall clock, microseconds since 1970; informative.
  public let wallTime: Int64?
  /// Microseconds between samples.
  public let interval: Int64
  /// For samples at irregular times: microseconds after `time`, one for each sample. Otherwise empty.
  public let offsets: [Int64]
  /// How far a time can be from the truth in microseconds; 0: not known.
  public let uncertainty: Int64
  /// The instrument's own time of the first sample, in microseconds of its own clock.
  public let deviceTime: Int64?
  /// How many samples were passed over since the last batch: only in mode ``Subscription/Mode/latest``.
  public let skipped: UInt64

  /// Samples, one after the other, about which the same is to be said.
  public struct QualityRun: Equatable, Sendable {
    /// Which samples of the batch.
    public let samples: Range<Int>
    /// What is to be said: `over_range`.
    public let words: [String]
  }

  /// Station time of a sample.
  public func time(of index: Int) -> Int64 { time + (offsets.isEmpty ? Int64(index) * interval : offsets[index]) }

  /// What is to be said about a sample; nothing: it is a good one.
  public func quality(of index: Int) -> [String] {
    quality.first { $0.samples.contains(index) }?.words ?? []
  }

  init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    sequence = try fields.requiredCount("seq")
    device = try fields.requiredString("device")
    channel = try fields.requiredString("channel")
    firstSample = try fields.requiredCount("n0")
    unit = try fields.text("unit")
    values = try fields.numbers("v")
    raw = try fields.numbers("raw")
    rawUnit = try fields.text("raw_unit")
    time = try fields.requiredTime("t0_us")
    wallTime = try fields.time("wall0_us")
    // An hour between samples at most, so that no sum of times can overflow.
    interval = try fields.integer("dt_us", in: 0...3_600_000_000) ?? 0
    let offsets = try fields.list("t_us")
    self.offsets = offsets.compactMap(\.integer)
    uncertainty = try fields.time("t_unc_us") ?? 0
    deviceTime = try fields.time("dev_t0_us")
    skipped = try fields.count("skipped") ?? 0
    if values.isEmpty { throw fields.mismatch("v", .emptyObject, "must hold a sample") }
    if !raw.isEmpty, raw.count != values.count {
      throw fields.mismatch("raw", .emptyObject, "must be as long as \"v\"")
    }
    if !offsets.isEmpty, self.offsets.count != values.count {
      throw fields.mismatch("t_us", .emptyObject, "must hold a whole number for each value of \"v\"")
    }
    var runs: [QualityRun] = []
    for run in try fields.list("q") {
      guard let elements = run.elements, elements.count >= 2, let first = elements[0].integer,
        let count = elements[1].integer, first >= 0, count >= 0, first <= values.count, count <= values.count,
        first + count <= values.count
      else { throw fields.mismatch("q", run, "must hold runs of samples: [first, count, words]") }
      runs.append(QualityRun(samples: Int(first)..<Int(first + count), words: elements[2...].compactMap(\.string)))
    }
    quality = runs
  }
}
