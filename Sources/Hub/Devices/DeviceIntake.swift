package import MeasurementStream
package import Readings
package import WorkerLink

/// Turns what a worker says into what the stream tells, and refuses what no honest driver says.
package struct DeviceIntake: Sendable {
  /// What a message means for the stream.
  package enum Reading: Sendable {
    /// A batch of samples; `regular`: its channel has a rate.
    case measurement(Measurement, regular: Bool)
    /// Something happened.
    case event(Happening)
    /// Samples are missing.
    case gap(SourceGap)
    /// What is known of the device changed.
    case description
  }

  /// A worker broke the rules of the link.
  package struct Violation: Error, Equatable {
    /// One word.
    package var code: String
    /// One plain sentence.
    package var sentence: String
  }

  private struct ChannelState: Sendable {
    var channel: StreamChannel
    var count: UInt64
    /// When the newest sample came, or the channel was declared.
    var lastTime: Int64
  }

  /// Records and samples that a device may send in a second, and in a burst.
  package struct Limits: Sendable {
    /// Records a second.
    package var records = 5_000.0
    /// Samples a second.
    package var samples = 200_000.0
    /// Bursts of so many seconds' worth.
    package var burstSeconds = 4.0
    /// The usual limits: five times what the fastest instrument of the fact sheets sends.
    package init() {}
  }

  private let device: String
  private var channels: [UInt32: ChannelState] = [:]
  /// Counts go on when a worker is started again.
  private var counts: [String: UInt64] = [:]
  private var tallies: [(counter: String, count: UInt64)] = []
  private var records: RateLimit
  private var samples: RateLimit
  /// What the instrument says of itself.
  package private(set) var identity: Identity?

  /// An intake for a device.
  package init(device: String, limits: Limits = Limits(), at now: Int64) {
    self.device = device
    records = RateLimit(perSecond: limits.records, burst: limits.records * limits.burstSeconds, at: now)
    samples = RateLimit(perSecond: limits.samples, burst: limits.samples * limits.burstSeconds, at: now)
  }

  /// The channels, by the driver's number.
  package var streamChannels: [StreamChannel] { channels.sorted { $0.key < $1.key }.map(\.value.channel) }

  /// Health counters, in the order in which they first appeared.
  package var health: [(counter: String, count: UInt64)] { tallies }

  /// A new worker begins: its driver declares its channels anew.
  package mutating func beginWorker() {
    for state in channels.values { counts[state.channel.name] = state.count }
    channels = [:]
  }

  /// A channel with a rate whose newest sample is older than it should be: three intervals, at least a second.
  package func isOverdue(at now: Int64) -> Bool {
    let regular = channels.values.filter { $0.channel.interval > 0 }
    return !regular.isEmpty
      && regular.allSatisfy { now - $0.lastTime > max(3 * $0.channel.interval, 1_000_000) }
  }

  /// Takes a message of the worker; `nil` when it means nothing for the stream.
  package mutating func take(
    _ message: WorkerMessage, at now: Int64, wallOffset: Int64
  ) throws(Violation) -> Reading? {
    guard records.spend(1, at: now) else { throw Self.flood }
    switch message {
    case .channel(let channel):
      try declare(channel, at: now)
      return .description
    case .identity(let identity):
      self.identity = identity
      return .description
    case .samples(let samples): return try take(samples, at: now, wallOffset: wallOffset)
    case .event(let event):
      try check(event.time, at: now)
      return .event(
        Happening(
          device: device, name: event.name, time: event.time, wallTime: event.time + wallOffset,
          deviceTime: event.deviceTime, uncertainty: event.uncertainty, quality: event.quality.rawValue,
          fields: event.fields.map { ($0.key, $0.value.forStream) }, raw: event.raw))
    case .lost(let loss):
      let (number, count) = (loss.channel, loss.count)
      guard var state = channels[number] else { throw Self.undeclared(number) }
      guard count > 0, count < 1 << 40, state.count + count <= 1 << 53 else {
        throw Violation(code: "bad_loss", sentence: "It lost \(count) samples.")
      }
      let gap = SourceGap(
        device: device, channel: state.channel, firstSample: state.count, lostSamples: count, reason: loss.reason,
        time: now)
      state.count += count
      channels[number] = state
      return .gap(gap)
    case .tally(let counter, let amount):
      try tally(counter, amount)
      return nil
    case .fault(let severity, let code, let sentence):
      return .event(
        Happening(
          device: device, name: "device.fault", time: now, wallTime: now + wallOffset,
          fields: [
            ("code", .text(code)), ("severity", .text(severity == .note ? "note" : "ends_driver")),
            ("text", .text(sentence)),
          ]))
    case .hello, .pong, .ready, .outcome, .closed: return nil
    }
  }

  private mutating func take(
    _ batch: Samples, at now: Int64, wallOffset: Int64
  ) throws(Violation) -> Reading {
    guard var state = channels[batch.channel] else { throw Self.undeclared(batch.channel) }
    guard samples.spend(Double(batch.values.count), at: now) else { throw Self.flood }
    try check(batch.time, at: now)
    let measurement = Measurement(
      device: device, channel: state.channel, firstSample: state.count, time: batch.time,
      wallTime: batch.time + wallOffset, interval: batch.interval, offsets: batch.offsets,
      deviceTime: batch.deviceTime, values: batch.values, raw: state.channel.rawUnit.isEmpty ? [] : batch.raw,
      quality: batch.quality.map(\.rawValue))
    try check(measurement.time(of: batch.values.count - 1), at: now)
    state.count += UInt64(batch.values.count)
    state.lastTime = now
    channels[batch.channel] = state
    return .measurement(measurement, regular: state.channel.interval > 0)
  }

  private mutating func declare(_ channel: Channel, at now: Int64) throws(Violation) {
    if channels.contains(where: { $0.key != channel.number && $0.value.channel.name == channel.name }) {
      throw Violation(code: "double_channel", sentence: "The driver declared two channels named \(channel.name).")
    }
    let old = channels[channel.number]
    channels[channel.number] = ChannelState(
      channel: StreamChannel(
        name: channel.name, quantity: channel.quantity, unit: channel.unit, rawUnit: channel.rawUnit,
        minimum: channel.minimum, maximum: channel.maximum, resolution: channel.resolution,
        interval: channel.interval, uncertainty: channel.uncertainty),
      count: old?.count ?? counts[channel.name] ?? 0, lastTime: old?.lastTime ?? now)
  }

  private mutating func tally(_ counter: String, _ amount: UInt64) throws(Violation) {
    if let index = tallies.firstIndex(where: { $0.counter == counter }) {
      tallies[index].count = tallies[index].count &+ amount & (1 << 53 - 1)
    } else if tallies.count < 64 {
      tallies.append((counter, amount & (1 << 53 - 1)))
    } else {
      throw Violation(code: "too_many_counters", sentence: "The driver made more than 64 health counters.")
    }
  }

  /// Readings are stamped when they are read: a time far from now is not one of these.
  private func check(_ time: Int64, at now: Int64) throws(Violation) {
    if time > now + 1_000_000 || time < now - 120_000_000 {
      throw Violation(code: "bad_time", sentence: "The driver stamped a reading with a time that cannot be its own.")
    }
  }

  private static let flood = Violation(
    code: "flood", sentence: "The driver sent more readings than any instrument can make.")

  private static func undeclared(_ number: UInt32) -> Violation {
    Violation(code: "undeclared_channel", sentence: "The driver used channel \(number) without declaring it.")
  }
}

extension Event.Value {
  fileprivate var forStream: Happening.Value {
    switch self {
    case .integer(let integer): .integer(integer)
    case .number(let number): .number(number)
    case .text(let text): .text(text)
    case .flag(let flag): .flag(flag)
    }
  }
}
