package import Readings
package import Wire

/// Finds efforts on one force channel: where the force rises past the onset rule and falls past the release rule.
///
/// A pure state machine: samples in, finished efforts out. It does not judge; it says what made it doubt.
package struct EffortDetector: Sendable {
  /// An effort that is over.
  package struct Finding: Sendable, Equatable {
    /// The effort.
    package var effort: TrialResult.Effort
    /// Why it does not count, in one word; `nil` when it is valid.
    package var void: String?
    /// Quality bits of all its samples together.
    package var quality: Quality
    /// Numbers of the first and the last record of the effort.
    package var sequences: ClosedRange<UInt64>
  }

  private struct Running {
    var onset: Int64
    var firstSequence: UInt64
    var baseline: Double?
    var confirmed = false
    var peak = -Double.infinity
    var peakRaw: Double?
    var peakTime: Int64
    var samples = 0
    var quality: Quality = []
    var void: String?
    /// Time of the first sample below the release force, and how many samples came before it.
    var falling: (time: Int64, samples: Int)?
  }

  private let rule: EffortRule
  /// UCUM code of the raw values.
  package let rawUnit: String
  private var running: Running?
  private var baseline = BaselineWindow()
  private var sawRest = false
  private var lastTime: Int64 = 0
  private var lastSequence: UInt64 = 0

  /// A detector for a channel whose raw values have this unit.
  package init(rule: EffortRule, rawUnit: String) {
    self.rule = rule
    self.rawUnit = rawUnit
  }

  /// Takes a batch that went out under `sequence`; gives the efforts that it ended.
  package mutating func take(_ batch: Samples, sequence: UInt64) -> [Finding] {
    var findings: [Finding] = []
    lastSequence = sequence
    for index in batch.values.indices {
      let value = batch.values[index]
      let quality = index < batch.quality.count ? batch.quality[index] : []
      let raw = index < batch.raw.count ? batch.raw[index] : nil
      lastTime = batch.time(of: index)
      if let finding = take(value, raw: raw, quality: quality, at: lastTime) { findings.append(finding) }
    }
    return findings
  }

  /// The channel was interrupted: the device is gone, or samples are missing. Gives the effort that this spoilt.
  package mutating func interrupt(_ reason: String) -> Finding? {
    defer {
      running = nil
      baseline = BaselineWindow()
      sawRest = false
    }
    guard var effort = running, effort.confirmed else { return nil }
    effort.void = effort.void ?? reason
    return finish(effort, release: lastTime, samples: effort.samples)
  }

  private mutating func take(_ value: Double, raw: Double?, quality: Quality, at time: Int64) -> Finding? {
    guard value.isFinite else {
      // A number is missing. Within an effort the true peak may have been there.
      guard var effort = running, effort.confirmed else {
        running = nil
        return nil
      }
      effort.samples += 1
      effort.quality.formUnion(quality)
      effort.void = effort.void ?? quality.intersection(.doubtful).words.first ?? "no_data"
      running = effort
      return nil
    }
    guard var effort = running else {
      if value >= rule.onset {
        var effort = Running(onset: time, firstSequence: lastSequence, peakTime: time)
        if !sawRest { effort.void = "onset_not_seen" }
        add(value, raw: raw, quality: quality, at: time, to: &effort)
        if rule.onsetHold == 0 { confirm(&effort) }
        running = effort
      } else {
        sawRest = true
        baseline.add(value, at: time)
      }
      return nil
    }
    if !effort.confirmed, value < rule.onset {
      running = nil
      sawRest = true
      baseline.add(value, at: time)
      return nil
    }
    if value >= rule.release {
      effort.falling = nil
    } else if effort.falling == nil {
      effort.falling = (time, effort.samples)
    }
    add(value, raw: raw, quality: quality, at: time, to: &effort)
    if !effort.confirmed, time - effort.onset >= rule.onsetHold { confirm(&effort) }
    if let falling = effort.falling, time - falling.time >= rule.releaseHold {
      running = nil
      sawRest = true
      return finish(effort, release: falling.time, samples: falling.samples)
    }
    running = effort
    return nil
  }

  /// Only now is the mean needed; a value that flickers about the onset costs nothing. Since the onset nothing was added
  /// to the window.
  private func confirm(_ effort: inout Running) {
    effort.confirmed = true
    effort.baseline = baseline.mean(before: effort.onset)
  }

  private func add(_ value: Double, raw: Double?, quality: Quality, at time: Int64, to effort: inout Running) {
    effort.samples += 1
    effort.quality.formUnion(quality)
    if value > effort.peak {
      effort.peak = value
      effort.peakRaw = raw
      effort.peakTime = time
    }
  }

  private func finish(_ effort: Running, release: Int64, samples: Int) -> Finding {
    Finding(
      effort: TrialResult.Effort(
        peak: effort.peak.isFinite ? effort.peak : nil, peakRaw: effort.peakRaw, rawUnit: rawUnit,
        peakTime: effort.peakTime, onset: effort.onset, release: release, baseline: effort.baseline, samples: samples,
        rule: rule),
      void: effort.void, quality: effort.quality, sequences: effort.firstSequence...lastSequence)
  }
}

/// The samples of the last half second at rest.
struct BaselineWindow: Sendable {
  private static let length: Int64 = 500_000
  /// Samples that are looked at, also where a driver gives ten thousand of them one time.
  private static let most = 4096
  private var samples: [(time: Int64, value: Double)] = []
  private var start = 0

  mutating func add(_ value: Double, at time: Int64) {
    samples.append((time, value))
    while samples[start].time < time - Self.length || samples.count - start > Self.most { start += 1 }
    if start > 1024 {
      samples.removeFirst(start)
      start = 0
    }
  }

  /// Mean of what was added in the half second before a time.
  func mean(before time: Int64) -> Double? {
    let recent = samples[start...].drop { $0.time < time - Self.length }
    return recent.isEmpty ? nil : recent.reduce(0) { $0 + $1.value } / Double(recent.count)
  }
}
