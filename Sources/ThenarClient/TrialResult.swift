internal import StrictJSON

/// What one trial came to.
public struct TrialResult: Equatable, Sendable {
  /// The record's number.
  public let sequence: UInt64
  /// The result's own name.
  public let id: String
  /// The device's name.
  public let device: String
  /// The channel's name; empty for times.
  public let channel: String
  /// Why the trial does not count, in one word (`device_lost`); `nil` when it is valid. A trial that does not count has
  /// no number.
  public let void: String?
  /// The number.
  public let outcome: Outcome
  /// Station time of the peak or of the stop: microseconds on the boot-time clock of the station.
  public let time: Int64?
  /// What is to be said about the samples or events of the trial: `over_range`.
  public let quality: [String]
  /// The numbers of the first and the last record of the trial.
  public let sequences: ClosedRange<UInt64>?
  /// The instrument's model; empty where not known.
  public let model: String
  /// The instrument's serial number; empty where not known.
  public let serial: String
  /// The instrument's firmware; empty where not known.
  public let firmware: String
  /// The module: `go-direct@0.1.0`.
  public let driver: String
  /// The version of the rules by which the result was made.
  public let engine: String
  /// It comes from software, not from an instrument.
  public let emulated: Bool
  /// The result that this one corrects.
  public let supersedes: String?

  /// The number that a trial came to.
  public enum Outcome: Equatable, Sendable {
    /// The greatest force of an effort.
    case effort(Effort)
    /// A time that an instrument or the station took.
    case time(Timing)
    /// A kind that this client does not know.
    case other(String)
  }

  /// The greatest force of an effort.
  public struct Effort: Equatable, Sendable {
    /// In newtons, as measured: no tare, no filter. `nil` when the trial does not count or had no valid sample.
    public let peak: Double?
    /// The same reading in the instrument's own unit, where that is another.
    public let peakRaw: Double?
    /// UCUM code of `peakRaw`.
    public let rawUnit: String
    /// Mean of the half second before the onset in newtons, where there were samples.
    public let baseline: Double?
    /// Station time of the onset, in microseconds.
    public let onset: Int64?
    /// Station time of the release, in microseconds.
    public let release: Int64?
    /// Samples from onset to release.
    public let samples: UInt64?
  }

  /// A time.
  public struct Timing: Equatable, Sendable {
    /// Microseconds; `nil` when the trial does not count.
    public let elapsed: Int64?
    /// Smallest step of the clock in microseconds; 0: not known.
    public let resolution: Int64
    /// `instrument`, or `station` when the instrument has no clock.
    public let clock: String
    /// What started it: `hand_lift`; empty where not known.
    public let startedBy: String
    /// What stopped it.
    public let stoppedBy: String
  }

  init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    sequence = try fields.requiredCount("seq")
    id = try fields.requiredString("result")
    device = try fields.requiredString("device")
    channel = try fields.text("channel")
    // Only the word "valid" makes a result valid: a word that a later version invents must not let a number through.
    let state = try fields.requiredString("state")
    let reason = try fields.text("reason")
    void = state == "valid" ? nil : reason.isEmpty ? state : reason
    outcome = try Outcome(&fields, valid: state == "valid")
    time = try fields.time("at_us")
    quality = try fields.strings("q")
    let ends = try fields.list("seqs").compactMap(\.integer)
    sequences = ends.count == 2 && 0 <= ends[0] && ends[0] <= ends[1] ? UInt64(ends[0])...UInt64(ends[1]) : nil
    model = try fields.text("model")
    serial = try fields.text("serial")
    firmware = try fields.text("fw")
    driver = try fields.text("driver")
    engine = try fields.text("engine")
    emulated = try fields.flag("emulated") ?? false
    supersedes = try fields.string("supersedes")
  }
}

extension TrialResult.Outcome {
  init(_ fields: inout JSONFields, valid: Bool) throws(JSONMismatch) {
    switch try fields.requiredString("kind") {
    case "effort":
      let peak = try fields.anyNumber("peak_N")
      let peakRaw = try fields.anyNumber("peak_raw")
      self = .effort(
        TrialResult.Effort(
          peak: valid ? peak : nil, peakRaw: valid ? peakRaw : nil, rawUnit: try fields.text("raw_unit"),
          baseline: try fields.anyNumber("baseline_N"), onset: try fields.time("onset_us"),
          release: try fields.time("release_us"), samples: try fields.count("samples")))
    case "time":
      let elapsed = try fields.time("elapsed_us")
      self = .time(
        TrialResult.Timing(
          elapsed: valid ? elapsed : nil, resolution: try fields.time("resolution_us") ?? 0,
          clock: try fields.text("clock"), startedBy: try fields.text("started_by"),
          stoppedBy: try fields.text("stopped_by")))
    case let kind: self = .other(kind)
    }
  }
}
