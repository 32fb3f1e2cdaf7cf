package import Readings

/// Samples of one channel that came one after the other and wait at the same time: they become one record.
///
/// Nothing waits for more to come: what has arrived together goes out together, at the end of the turn of the hub's loop
/// in which it was read.
package struct OpenBatch {
  /// Samples of a record that was made of several; more than that came from the driver in one piece.
  package static let mostSamples = 64
  /// From the first sample of a record to the last.
  package static let longest: Microseconds = 20_000

  /// The channel's own count of samples before these.
  package private(set) var firstSample: UInt64 = 0
  /// The samples: as they came while they are of one run, their times as offsets once they are of several.
  package private(set) var samples = Samples(channel: 0, time: 0, values: [])
  private var runs = 0

  /// Nothing waits.
  package init() {}

  /// Nothing waits.
  package var isEmpty: Bool { samples.values.isEmpty }

  /// Whether a run of samples can follow in the same record, so that no number and no time of any of them is lost.
  package func takes(_ next: Samples) -> Bool {
    guard !isEmpty else { return true }
    let count = samples.values.count
    guard count + next.values.count <= Self.mostSamples, samples.raw.isEmpty == next.raw.isEmpty,
      next.time >= samples.time(of: count - 1),
      next.time(of: next.values.count - 1) - samples.time <= Self.longest
    else { return false }
    switch (samples.deviceTime, next.deviceTime) {
    case (nil, nil): return true
    // The instrument's time of each sample can be told from that of the first only if the two clocks go alike.
    case (let first?, let second?): return second - first == next.time - samples.time
    default: return false
    }
  }

  /// Adds a run of samples, `count` of whose channel came before it.
  package mutating func add(_ next: Samples, after count: UInt64) {
    runs += 1
    if runs == 1 {
      // Most come alone, and are not touched.
      firstSample = count
      samples = next
      return
    }
    if runs == 2 { spellOutTimes() }
    let before = samples.values.count
    let start = next.time - samples.time
    for index in next.values.indices {
      samples.offsets.append(
        start + (next.offsets.isEmpty ? Microseconds(index) * next.interval : next.offsets[index]))
    }
    samples.values.append(contentsOf: next.values)
    samples.raw.append(contentsOf: next.raw)
    if next.quality.isEmpty, samples.quality.isEmpty { return }
    while samples.quality.count < before { samples.quality.append([]) }
    if next.quality.isEmpty {
      while samples.quality.count < samples.values.count { samples.quality.append([]) }
    } else {
      samples.quality.append(contentsOf: next.quality)
    }
  }

  /// Two runs need not be as far apart as the samples of each: from now on each sample has its own time.
  private mutating func spellOutTimes() {
    if samples.offsets.isEmpty {
      for index in samples.values.indices { samples.offsets.append(Microseconds(index) * samples.interval) }
    }
    samples.interval = 0
  }

  /// Takes out the samples as they go out: where they are equally far apart, their distance stands for their times.
  package mutating func take() -> Samples {
    defer {
      samples = Samples(channel: 0, time: 0, values: [])
      runs = 0
    }
    if runs == 1 { return samples }
    let offsets = samples.offsets
    let step = offsets.count > 1 ? offsets[1] : 0
    var isRegular = true
    for index in offsets.indices where offsets[index] != Microseconds(index) * step {
      isRegular = false
      break
    }
    if isRegular {
      samples.interval = step
      samples.offsets = []
    }
    return samples
  }
}
