package import Readings
package import Wire
internal import WorkerLink

/// Whoever makes records of what a device says.
package protocol ReadingTaker: AnyObject {
  /// Samples of one channel, in order. Gives how many bytes of the stream they took.
  func take(_ samples: Samples, of channel: ChannelState, firstSample: UInt64) -> Int
  /// Something happened. Gives how many bytes of the stream it took; `nil` when no line can be so long.
  func take(_ event: Event) -> Int?
  /// Samples are missing before this count.
  func take(_ loss: Loss, of channel: ChannelState, firstSample: UInt64, at time: Microseconds)
}

/// What the hub knows of one channel of a device. What belongs to its records is kept here, so that nothing is looked up
/// by name for each of them.
package final class ChannelState {
  /// As the driver declared it.
  package let channel: Channel
  /// The driver's number for it.
  package let number: UInt32
  fileprivate let interval: Microseconds
  /// Samples so far, also of workers before this one, lost ones included.
  package fileprivate(set) var count: UInt64
  /// When the newest sample came, or the channel was declared.
  package fileprivate(set) var lastArrival: Microseconds
  /// Station time of the newest sample.
  fileprivate var lastTime: Microseconds?
  /// A sleep of the station began after the newest sample, and no sample from after it has come yet.
  fileprivate var sleepEnd: Microseconds?
  /// Samples that the driver told as lost after the newest sample.
  fileprivate var toldLost: UInt64 = 0
  fileprivate var open = OpenBatch()
  fileprivate init(_ channel: Channel, count: UInt64, at now: Microseconds) {
    self.channel = channel
    number = channel.number
    interval = channel.interval
    self.count = count
    lastArrival = now
  }
}

/// Turns what a worker says into what the stream tells, and refuses what no honest driver says.
package final class DeviceIntake {
  /// A worker broke the rules of the link.
  package struct Violation: Error, Equatable {
    /// One word.
    package var code: String
    /// One plain sentence.
    package var sentence: String
  }

  /// What a message that is no reading changed.
  package enum Change { case description }

  private let limits: DeviceLimits
  private weak var taker: (any ReadingTaker)?
  private var channels: [ChannelState?] = []
  /// Channels with samples that wait to become records, in the order in which they began to.
  private var waiting: [ChannelState] = []
  /// Counts go on when a worker is started again.
  private var counts: [String: UInt64] = [:]
  /// Names of channels, each with the quantities that it was declared with: the stream remembers both.
  private var declared: Set<[String]> = []
  private var records: RateLimit
  private var samples: RateLimit
  private var bytes: RateLimit
  private var sleep: (from: Microseconds, to: Microseconds)?
  /// What the instrument says of itself.
  package private(set) var identity: Identity?
  /// Health counters, in the order in which they first appeared.
  package private(set) var health: [DeviceReport.HealthCounter] = []

  /// Readings are stamped when they are read: how far a time may be from the hub's present.
  private static let earliest: Microseconds = -120_000_000
  private static let latest: Microseconds = 1_000_000
  /// After a sleep, for how long readings from before it may still come.
  private static let afterSleep: Microseconds = 60_000_000

  /// An intake for a device.
  package init(limits: DeviceLimits, taker: any ReadingTaker, at now: Microseconds) {
    self.limits = limits
    self.taker = taker
    records = RateLimit(perSecond: limits.records, burst: limits.records * limits.burstSeconds, at: now)
    samples = RateLimit(perSecond: limits.samples, burst: limits.samples * limits.burstSeconds, at: now)
    bytes = RateLimit(perSecond: limits.bytes, burst: limits.burstBytes, at: now)
  }

  /// The channels, by the driver's number.
  package var currentChannels: [ChannelState] { channels.compactMap { $0 } }

  /// A new worker begins: its driver declares its channels anew.
  package func beginWorker() {
    flush()
    for state in currentChannels { counts[state.channel.name] = state.count }
    channels = []
    bytesOverdrawn = false
  }

  /// Every channel with a rate is silent: its newest sample is older than it should be, three intervals, at least a second.
  package func isOverdue(at now: Microseconds) -> Bool {
    var isAny = false
    for case let state? in channels where state.channel.interval > 0 {
      if now - state.lastArrival <= max(3 * state.channel.interval, 1_000_000) { return false }
      isAny = true
    }
    return isAny
  }

  /// The station slept: what is overdue is judged anew, and a channel with a rate whose samples go on later than they
  /// should have is told to have missed some.
  package func slept(from: Microseconds, to now: Microseconds) {
    // Asleep again before all that came before the last sleep is read: that may still come.
    let isStillAfterTheLast = sleep.map { from - $0.to <= Self.afterSleep } ?? false
    sleep = (isStillAfterTheLast ? min(sleep?.from ?? from, from) : from, now)
    records.allowWhatIsLate(by: now - from)
    samples.allowWhatIsLate(by: now - from)
    bytes.allowWhatIsLate(by: now - from)
    for case let state? in channels {
      state.lastArrival = now
      if state.channel.interval > 0, state.lastTime != nil { state.sleepEnd = now }
    }
  }

  // MARK: Readings

  /// A channel that says something at regular times.
  package func hasRate(_ channel: UInt32) -> Bool {
    Int(channel) < channels.count && (channels[Int(channel)]?.interval ?? 0) > 0
  }

  /// Takes samples.
  package func take(_ run: Samples, at now: Microseconds) throws(Violation) {
    try spendRecord(at: now)
    guard Int(run.channel) < channels.count, let state = channels[Int(run.channel)] else {
      throw Self.undeclared(run.channel)
    }
    let count = run.values.count
    guard samples.spend(Double(count), at: now) else { throw Self.flood }
    try check(run.time, at: now)
    try check(run.time(of: count - 1), at: now)
    if state.sleepEnd != nil { tellWhatWasMissed(state, run, at: now) }
    if !state.open.isEmpty, !state.open.takes(run) { flush() }
    if state.open.isEmpty { waiting.append(state) }
    state.open.add(run, after: state.count)
    state.count += UInt64(count)
    state.lastArrival = now
    state.lastTime = run.time(of: count - 1)
    state.toldLost = 0
    if count >= OpenBatch.mostSamples { flush() }
    if bytesOverdrawn { throw Self.tooManyBytes }
  }

  /// Takes an event.
  package func take(_ event: Event, at now: Microseconds) throws(Violation) {
    try spendRecord(at: now)
    try check(event.time, at: now)
    flush()
    guard let used = taker?.take(event) else {
      throw Violation(
        code: "event_too_large",
        sentence: "The driver told of an event, \(event.name), that is longer than a line of the stream can be.")
    }
    try spendBytes(used, at: now)
  }

  /// Takes a loss.
  package func take(_ loss: Loss, at now: Microseconds) throws(Violation) {
    try spendRecord(at: now)
    guard Int(loss.channel) < channels.count, let state = channels[Int(loss.channel)] else {
      throw Self.undeclared(loss.channel)
    }
    guard loss.count > 0, loss.count < 1 << 40, state.count + loss.count <= 1 << 53 else {
      throw Violation(code: "bad_loss", sentence: "The driver lost \(loss.count) samples, which cannot be.")
    }
    flush()
    tell(loss, of: state, at: now)
    state.toldLost += loss.count
  }

  /// What has come together goes out together: at the end of each turn.
  package func flush() {
    if waiting.isEmpty { return }
    for state in waiting {
      let first = state.open.firstSample
      let used = taker?.take(state.open.take(), of: state, firstSample: first) ?? 0
      if !bytes.spend(Double(used), at: state.lastArrival) { bytesOverdrawn = true }
    }
    waiting.removeAll(keepingCapacity: true)
  }

  private var bytesOverdrawn = false

  /// After ``flush()``: the device sent more bytes than it may.
  package func checkBytes() throws(Violation) {
    if bytesOverdrawn {
      bytesOverdrawn = false
      throw Self.tooManyBytes
    }
  }

  private func tell(_ loss: Loss, of state: ChannelState, at now: Microseconds) {
    taker?.take(loss, of: state, firstSample: state.count, at: now)
    state.count += loss.count
  }

  private func tellWhatWasMissed(_ state: ChannelState, _ run: Samples, at now: Microseconds) {
    guard let end = state.sleepEnd, let last = state.lastTime else { return }
    let interval = state.channel.interval
    if run.time - last > 3 * interval, run.time - last > 1_000_000 {
      let missed = UInt64((run.time - last + interval / 2) / interval - 1)
      state.sleepEnd = nil
      // What the driver itself missed was told already.
      guard missed > state.toldLost else { return }
      flush()
      tell(Loss(channel: run.channel, count: missed - state.toldLost, reason: "station_slept"), of: state, at: now)
    } else if run.time > end {
      state.sleepEnd = nil
    }
  }

  // MARK: What a driver says of itself

  /// A driver declares a channel, or declares it anew.
  package func declare(_ channel: Channel, at now: Microseconds) throws(Violation) {
    try spendRecord(at: now)
    for case let state? in channels where state.channel.number != channel.number && state.channel.name == channel.name {
      throw Violation(code: "double_channel", sentence: "The driver declared two channels named \(channel.name).")
    }
    flush()
    let number = Int(channel.number)
    while channels.count <= number { channels.append(nil) }
    let old = channels[number]
    if let old { counts[old.channel.name] = old.count }
    if !declared.contains([channel.name, channel.quantity]) {
      guard declared.count < limits.channelNames else {
        throw Violation(
          code: "too_many_channels",
          sentence: "The driver has named more than \(limits.channelNames) channels, and goes on naming new ones.")
      }
      declared.insert([channel.name, channel.quantity])
    }
    if let old, old.channel == channel { return }
    let state = ChannelState(channel, count: counts[channel.name] ?? 0, at: old?.lastArrival ?? now)
    if old?.channel.name == channel.name {
      state.lastTime = old?.lastTime
      state.sleepEnd = old?.sleepEnd
    }
    channels[number] = state
  }

  /// A driver tells who its instrument is.
  package func identify(_ identity: Identity, at now: Microseconds) throws(Violation) {
    try spendRecord(at: now)
    self.identity = identity
  }

  /// A health counter grew.
  package func tally(_ counter: String, _ amount: UInt64, at now: Microseconds) throws(Violation) {
    try spendRecord(at: now)
    let mask = UInt64(1) << 53 - 1
    if let index = health.firstIndex(where: { $0.name == counter }) {
      health[index].count = (health[index].count &+ amount) & mask
    } else if health.count < ReadingLimits.counters {
      health.append(.init(name: counter, count: amount & mask))
    } else {
      throw Violation(
        code: "too_many_counters",
        sentence: "The driver made more than \(ReadingLimits.counters) health counters.")
    }
  }

  // MARK: Rules

  /// Any message costs.
  package func spendRecord(at now: Microseconds) throws(Violation) {
    guard records.spend(1, at: now) else { throw Self.flood }
  }

  /// Bytes that a message took of the stream.
  package func spendBytes(_ count: Int, at now: Microseconds) throws(Violation) {
    guard bytes.spend(Double(count), at: now) else { throw Self.tooManyBytes }
  }

  private func check(_ time: Microseconds, at now: Microseconds) throws(Violation) {
    var earliest = now + Self.earliest
    if let sleep {
      if now - sleep.to > Self.afterSleep { forgetSleep() } else { earliest = sleep.from + Self.earliest }
    }
    if time > now + Self.latest || time < earliest {
      throw Violation(code: "bad_time", sentence: "The driver stamped a reading with a time that cannot be its own.")
    }
  }

  private func forgetSleep() {
    sleep = nil
    records.forgetWhatIsLate()
    samples.forgetWhatIsLate()
    bytes.forgetWhatIsLate()
  }

  private static let flood = Violation(
    code: "flood", sentence: "The driver sent more readings than any instrument can make.")

  private static let tooManyBytes = Violation(
    code: "flood", sentence: "The driver sent more bytes than a device may: others must be heard, too.")

  private static func undeclared(_ number: UInt32) -> Violation {
    Violation(code: "undeclared_channel", sentence: "The driver used channel \(number) without declaring it.")
  }
}
