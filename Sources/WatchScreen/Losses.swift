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
  private var samplesInGaps: UInt64 = 0
  private var samplesInHeartbeat: UInt64 = 0
  private var samplesOfEarlierConnections: UInt64 = 0

  /// Samples that the hub has and did not send here: by its gap records or, where that is more, by its own count.
  var samples: UInt64 { samplesOfEarlierConnections &+ max(samplesInGaps, samplesInHeartbeat) }

  mutating func connected() {
    samplesOfEarlierConnections = samples
    (samplesInGaps, samplesInHeartbeat) = (0, 0)
  }

  mutating func add(_ gap: Gap) {
    switch gap.place {
    case .consumer(_, _, let records):
      self.records &+= records
      samplesInGaps &+= gap.lostSamples
      reason = gap.reason
    case .source: samplesBeforeStation &+= gap.lostSamples
    }
  }

  mutating func heard(_ subscription: Heartbeat.SubscriptionState?) {
    samplesInHeartbeat = subscription?.lostSamples ?? samplesInHeartbeat
  }

  mutating func misunderstood() { lines &+= 1 }

  /// One sentence for each kind of loss; none: nothing was lost.
  var sentences: [String] {
    var sentences: [String] = []
    if records > 0 || samples > 0 {
      sentences.append(
        "not shown here: \(records) records, \(samples) samples" + (reason.isEmpty ? "" : " (\(reason))"))
    }
    if samplesBeforeStation > 0 { sentences.append("lost before the station: \(samplesBeforeStation) samples") }
    if lines > 0 { sentences.append("not understood: \(lines) lines") }
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
