import Readings
import Supervision
import Wire

/// Remembers all that an intake makes of what a device says.
final class Taker: ReadingTaker {
  enum Told: Equatable {
    case samples(Samples, channel: String, first: UInt64)
    case event(String)
    case loss(String, count: UInt64, reason: String, first: UInt64)
  }

  var told: [Told] = []
  /// Bytes that each record takes.
  var bytes = 100
  var eventFits = true

  func take(_ samples: Samples, of channel: ChannelState, firstSample: UInt64) -> Int {
    told.append(.samples(samples, channel: channel.channel.name, first: firstSample))
    return bytes
  }

  func take(_ event: Event) -> Int? {
    told.append(.event(event.name))
    return eventFits ? bytes : nil
  }

  func take(_ loss: Loss, of channel: ChannelState, firstSample: UInt64, at time: Microseconds) {
    told.append(.loss(channel.channel.name, count: loss.count, reason: loss.reason, first: firstSample))
  }

  /// Of each sample what the stream tells.
  var flat: [Sample] {
    told.flatMap { told -> [Sample] in
      guard case .samples(let samples, let channel, let first) = told else { return [] }
      return samples.flat(channel: channel, first: first)
    }
  }
}

/// One sample, whatever record it came in.
struct Sample: Equatable {
  var channel: String
  var number: UInt64
  var time: Microseconds
  var deviceTime: Microseconds?
  var value: Double
  var raw: Double?
  var quality: Quality
}

extension Samples {
  func flat(channel: String, first: UInt64) -> [Sample] {
    values.indices.map { index in
      Sample(
        channel: channel, number: first + UInt64(index), time: time(of: index),
        deviceTime: deviceTime.map { $0 + time(of: index) - time(of: 0) }, value: values[index],
        raw: raw.isEmpty ? nil : raw[index], quality: quality.isEmpty ? [] : quality[index])
    }
  }
}

/// An intake and the one that takes what it makes.
struct IntakeBench {
  let taker = Taker()
  let intake: DeviceIntake
  static let second: Microseconds = 1_000_000

  init(limits: DeviceLimits = DeviceLimits(), at now: Microseconds = 0) {
    intake = DeviceIntake(limits: limits, taker: taker, at: now)
  }

  func declare(
    _ name: String, number: UInt32 = 0, quantity: String = "force", interval: Microseconds = 10_000,
    at now: Microseconds = 0
  ) throws {
    try intake.declare(
      Channel(number: number, name: name, quantity: quantity, unit: "N", interval: interval), at: now)
  }

  func take(_ count: Int, channel: UInt32 = 0, time: Microseconds, at now: Microseconds? = nil) throws {
    try intake.take(
      Samples(channel: channel, time: time, interval: 10_000, values: [Double](repeating: 1, count: count)),
      at: now ?? time + Microseconds(count) * 10_000)
    intake.flush()
  }
}
