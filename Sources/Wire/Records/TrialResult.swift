public import Readings

/// What one trial came to, with all that is needed to judge it and to compute it again from the stream.
public struct TrialResult: Equatable, Sendable {
  /// The number that a trial came to.
  public enum Outcome: Equatable, Sendable {
    /// An effort on a force channel.
    case effort(Effort)
    /// A time that an instrument or the station took.
    case time(Timing)
    /// A kind that this build does not know.
    case other(String)
  }

  /// An effort: force rose past the onset rule and fell past the release rule.
  public struct Effort: Equatable, Sendable {
    /// The greatest valid force in newtons, as measured: no tare, no filter. `nil` when the trial does not count or had
    /// no valid sample.
    public var peak: Double?
    /// The same reading in the instrument's own unit, where that is another.
    public var peakRaw: Double?
    /// UCUM code of `peakRaw`.
    public var rawUnit: String
    /// Station time of the peak.
    public var peakTime: Microseconds
    /// Station time of the onset: the first sample at or above the onset force.
    public var onset: Microseconds
    /// Station time of the release: the first sample below the release force.
    public var release: Microseconds
    /// Mean of the valid samples in the half second before the onset, where there were any.
    public var baseline: Double?
    /// Samples from onset to release.
    public var samples: Int
    /// The rule.
    public var rule: EffortRule

    /// An effort; see the properties.
    package init(
      peak: Double?, peakRaw: Double? = nil, rawUnit: String = "", peakTime: Microseconds, onset: Microseconds,
      release: Microseconds, baseline: Double?, samples: Int, rule: EffortRule
    ) {
      self.peak = peak
      self.peakRaw = peakRaw
      self.rawUnit = rawUnit
      self.peakTime = peakTime
      self.onset = onset
      self.release = release
      self.baseline = baseline
      self.samples = samples
      self.rule = rule
    }
  }

  /// A time.
  public struct Timing: Equatable, Sendable {
    /// The time; `nil` when the trial does not count.
    public var elapsed: Microseconds?
    /// Smallest step of the clock; 0: not known.
    public var resolution: Microseconds
    /// `instrument`, or `station` when the instrument has no clock.
    public var clock: String
    /// What started it: `hand_lift`, `plate`; empty where not known.
    public var startedBy: String
    /// What stopped it.
    public var stoppedBy: String
    /// Station time of the stop.
    public var stop: Microseconds

    /// A time; see the properties.
    package init(
      elapsed: Microseconds?, resolution: Microseconds, clock: String, startedBy: String, stoppedBy: String,
      stop: Microseconds
    ) {
      self.elapsed = elapsed
      self.resolution = resolution
      self.clock = clock
      self.startedBy = startedBy
      self.stoppedBy = stoppedBy
      self.stop = stop
    }
  }

  /// The device's name.
  public var device: String
  /// The channel's name; empty for times.
  public var channel: String
  /// The outcome.
  public var outcome: Outcome
  /// Why the trial does not count, in one word (`device_lost`); `nil` when it is valid. A trial that does not count has
  /// no number.
  public var void: String?
  /// Quality of all samples or events of the trial together.
  public var quality: Quality
  /// Numbers of the first and the last record of the trial.
  public var sequences: ClosedRange<UInt64>
  /// The instrument: model, serial number, firmware, as far as known.
  public var instrument: Identity
  /// The module: `go-direct@0.1.0`.
  public var driver: String
  /// The version of the rules by which the result was made.
  public var engine: String
  /// It comes from software, not from an instrument.
  public var emulated: Bool

  /// Version of the rules in code: part of every result.
  public static let engine = "trials@0.1.0"

  /// A result; see the properties.
  package init(
    device: String, channel: String = "", outcome: Outcome, void: String? = nil, quality: Quality = [],
    sequences: ClosedRange<UInt64>, instrument: Identity = Identity(), driver: String = "",
    engine: String = Self.engine, emulated: Bool = false
  ) {
    self.device = device
    self.channel = channel
    self.outcome = outcome
    self.void = void
    self.quality = quality
    self.sequences = sequences
    self.instrument = instrument
    self.driver = driver
    self.engine = engine
    self.emulated = emulated
  }
}
