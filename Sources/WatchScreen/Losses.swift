internal import ThenarClient

/// Everything that this watcher did not get to see.
struct Losses: Sendable {
  /// Records that the hub has and did not send here.
  private(set) var records: UInt64 = 0
  /// Why, in one word.
  private(set) var reason = ""
  /// Samples that never reached the station, of all devices.
  private(set) var samplesBeforeStation: UInt64 = 0
  /// Lines that could not be understood.
  private(set) var lines: UInt64 = 0
  /// The last heartbeat's count of the samples sent here, less those that had arrived.
  private var missing: Int64 = 0
  private var isAtLeast = false
  private var received: Int64 = 0
  private var samplesInGaps: UInt64 = 0
  private var samplesInHeartbeat: UInt64 = 0
  private var samplesOfEarlierConnections: UInt64 = 0

  /// Samples that the hub has and did not send here: by its gap records or, where that is more, by its own count.
  var samples: UInt64 { samplesOfEarlierConnections &+ max(samplesInGaps, samplesInHeartbeat) }

  mutating func connected() {
    samplesOfEarlierConnections = samples
    (samplesInGaps, samplesInHeartbeat, received) = (0, 0, 0)
  }

  mutating func received(_ samples: Int) { received += Int64(samples) }

  mutating func add(_ gap: ConsumerGap) {
    records &+= gap.lostRecords
    samplesInGaps &+= gap.lostSamples ?? 0
    if gap.lostSamples == nil { isAtLeast = true }
    reason = gap.reason
  }

  mutating func add(_ gap: SourceGap) { samplesBeforeStation &+= gap.lostSamples }

  /// The hub's own count. What it sent has arrived by now, since heartbeats come in turn.
  mutating func heard(_ heartbeat: Heartbeat) {
    samplesInHeartbeat = heartbeat.counters.lostSamples
    missing = Int64(clamping: heartbeat.counters.sentSamples) - received
  }

  mutating func misunderstood() { lines &+= 1 }

  /// One sentence for each kind of loss; none: nothing was lost.
  var sentences: [String] {
    var sentences: [String] = []
    if records > 0 || samples > 0 {
      let samples = (isAtLeast ? "at least " : "") + "\(samples) samples"
      sentences.append("not shown here: \(records) records, \(samples)" + (reason.isEmpty ? "" : " (\(reason))"))
    }
    if samplesBeforeStation > 0 { sentences.append("lost before the station: \(samplesBeforeStation) samples") }
    if lines > 0 { sentences.append("not understood: \(lines) lines") }
    if missing > 0 { sentences.append("sent by the hub and not arrived: \(missing) samples") }
    if missing < 0 { sentences.append("arrived and not sent by the hub: \(-missing) samples") }
    return sentences
  }
}

/// Samples per second, of the last whole second.
struct SampleRate: Sendable {
  private var start: Int64 = 0
  private var count = 0
  private var last = 0

  mutating func add(_ samples: Int, at now: Int64) {
    roll(now)
    count += samples
  }

  /// Samples per second.
  func perSecond(at now: Int64) -> Int {
    var rolled = self
    rolled.roll(now)
    return rolled.last
  }

  private mutating func roll(_ now: Int64) {
    let passed = now - start
    if passed < 1_000_000 { return }
    last = passed < 2_000_000 ? Int((Double(count) * 1e6 / Double(passed)).rounded()) : 0
    (start, count) = (now, 0)
  }
}
