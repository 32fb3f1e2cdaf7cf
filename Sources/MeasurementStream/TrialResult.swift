internal import StrictJSON

/// What one trial came to, with all that is needed to judge it and to compute it again from the stream.
package struct TrialResult: Sendable {
  /// The outcome proper.
  package enum Outcome: Equatable, Sendable {
    /// An effort on a force channel.
    case effort(Effort)
    /// A time that an instrument or a board took.
    case time(Timing)
  }

  /// An effort: force rose past the onset rule and fell past the release rule.
  package struct Effort: Equatable, Sendable {
    /// The greatest valid force in newtons, as measured: no tare, no filter.
    package var peak: Double?
    /// The same reading in the instrument's own unit, where that is another.
    package var peakRaw: Double?
    /// UCUM code of `peakRaw`.
    package var rawUnit: String
    /// Station time of the peak.
    package var peakTime: Int64
    /// Station time of the onset: the first sample at or above the onset force.
    package var onset: Int64
    /// Station time of the release: the first sample below the release force.
    package var release: Int64
    /// Mean of the valid samples in the half second before the onset, where there were any.
    package var baseline: Double?
    /// Samples from onset to release.
    package var samples: Int
    /// The rule.
    package var rule: EffortRule

    /// An effort; see the properties.
    package init(
      peak: Double?, peakRaw: Double? = nil, rawUnit: String = "", peakTime: Int64, onset: Int64, release: Int64,
      baseline: Double?, samples: Int, rule: EffortRule
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
  package struct Timing: Equatable, Sendable {
    /// Microseconds.
    package var elapsed: Int64
    /// Smallest step of the clock in microseconds; 0: not known.
    package var resolution: Int64
    /// `instrument`, or `station` when the instrument has no clock.
    package var clock: String
    /// What started it: `hand_lift`, `plate`; empty where not known.
    package var startedBy: String
    /// What stopped it.
    package var stoppedBy: String
    /// Station time of the stop.
    package var stop: Int64

    /// A time; see the properties.
    package init(
      elapsed: Int64, resolution: Int64, clock: String, startedBy: String, stoppedBy: String, stop: Int64
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
  package var device: String
  /// The channel's name; empty for times.
  package var channel: String
  /// The outcome.
  package var outcome: Outcome
  /// Why the trial does not count, in one word; `nil` when it is valid.
  package var void: String?
  /// Quality bits of all samples or events of the trial together.
  package var quality: UInt32
  /// Numbers of the first and the last record of the trial.
  package var sequences: ClosedRange<UInt64>
  /// The instrument: model, serial number, firmware, as far as known.
  package var instrument: (model: String, serial: String, firmware: String)
  /// The module: `go-direct@0.1.0`.
  package var driver: String
  /// It is software, not an instrument.
  package var emulated: Bool

  /// A result; see the properties.
  package init(
    device: String, channel: String = "", outcome: Outcome, void: String? = nil, quality: UInt32 = 0,
    sequences: ClosedRange<UInt64>, instrument: (model: String, serial: String, firmware: String) = ("", "", ""),
    driver: String = "", emulated: Bool = false
  ) {
    self.device = device
    self.channel = channel
    self.outcome = outcome
    self.void = void
    self.quality = quality
    self.sequences = sequences
    self.instrument = instrument
    self.driver = driver
    self.emulated = emulated
  }

  /// Version of the rules in code: part of every result.
  package static let engine = "trials@0.1.0"

  func write(to writer: inout JSONWriter, id: String) {
    func text(_ key: StaticString, _ text: String) {
      if text.isEmpty { return }
      writer.key(key)
      writer.string(text)
    }
    func number(_ key: StaticString, _ number: Int64) {
      writer.key(key)
      writer.integer(number)
    }
    text("result", id)
    text("device", device)
    text("channel", channel)
    text("kind", isEffort ? "effort" : "time")
    text("state", void == nil ? "valid" : "void")
    text("reason", void ?? "")
    switch outcome {
    case .effort(let effort):
      writer.key("peak_N")
      writer.number(void == nil ? effort.peak ?? .nan : .nan)
      if let peakRaw = effort.peakRaw, void == nil {
        writer.key("peak_raw")
        writer.number(peakRaw)
        text("raw_unit", effort.rawUnit)
      }
      number("at_us", effort.peakTime)
      number("onset_us", effort.onset)
      number("release_us", effort.release)
      number("samples", Int64(effort.samples))
      writer.key("baseline_N")
      writer.number(effort.baseline ?? .nan)
      writer.key("tare")
      writer.null()
      writer.key("rule")
      effort.rule.write(to: &writer)
    case .time(let timing):
      writer.key("elapsed_s")
      writer.number(void == nil ? Double(timing.elapsed) / 1e6 : .nan)
      if void == nil { number("elapsed_us", timing.elapsed) }
      if timing.resolution > 0 { number("resolution_us", timing.resolution) }
      text("clock", timing.clock)
      text("started_by", timing.startedBy)
      text("stopped_by", timing.stoppedBy)
      number("at_us", timing.stop)
    }
    writeQualityWords(quality, to: &writer)
    writer.key("seqs")
    writer.beginArray()
    writer.integer(sequences.lowerBound)
    writer.integer(sequences.upperBound)
    writer.endArray()
    text("model", instrument.model)
    text("serial", instrument.serial)
    text("fw", instrument.firmware)
    text("driver", driver)
    text("engine", Self.engine)
    if emulated {
      writer.key("emulated")
      writer.flag(true)
    }
    writer.key("final")
    writer.flag(true)
    writer.key("supersedes")
    writer.null()
  }

  private var isEffort: Bool {
    if case .effort = outcome { true } else { false }
  }
}

/// When an effort begins and ends. Stated in every result that it made.
package struct EffortRule: Equatable, Sendable {
  /// Newtons at or above which an effort may begin.
  package var onset: Double
  /// Microseconds for which the force must stay there.
  package var onsetHold: Int64
  /// Newtons below which an effort may end.
  package var release: Double
  /// Microseconds for which the force must stay there.
  package var releaseHold: Int64

  /// Threshold crossing that persists 50 ms (fact sheet on clinical tests, 2.4); the forces are ours: above what an
  /// unloaded dynamometer shows (-1.4 to 1.9 N, fact sheet on HID devices, 1.10), below a weak pinch.
  package static let standard = EffortRule(onset: 5, onsetHold: 50_000, release: 3, releaseHold: 100_000)

  /// A rule; `release` is to be below `onset`.
  package init(onset: Double, onsetHold: Int64, release: Double, releaseHold: Int64) {
    self.onset = onset
    self.onsetHold = onsetHold
    self.release = release
    self.releaseHold = releaseHold
  }

  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("id")
    writer.string("force-threshold")
    writer.key("rev")
    writer.integer(1)
    writer.key("onset_N")
    writer.number(onset)
    writer.key("onset_hold_us")
    writer.integer(onsetHold)
    writer.key("release_N")
    writer.number(release)
    writer.key("release_hold_us")
    writer.integer(releaseHold)
    writer.endObject()
  }
}
