package import DriverKit

/// The times of one channel's samples: the instrument's own, which is index times period, and the station's.
///
/// Frames carry no time (PROTOCOL.md 5.3), so what is known of losses between instrument and driver comes
/// from comparing the two. Transport can only make a frame late. The earliest frames of each second therefore show where
/// the instrument's zero lies on the station's clock: when that creeps, the clocks run at different rates; when it jumps
/// and stays, samples are missing.
package struct SampleClock: Sendable {
  /// Where the samples of one frame lie.
  package struct Placement: Equatable, Sendable {
    /// Station time of the first.
    package var time: Microseconds
    /// Station time between them.
    package var interval: Microseconds
    /// The instrument's time of the first: microseconds since measuring began; `nil` where no clock stands behind it.
    package var deviceTime: Microseconds?
    /// The frame came so late that its station time is in doubt.
    package var isLate = false
    /// The first late frame of several.
    package var beginsGap = false
    /// Samples were lost just before the first.
    package var followsLoss = false
    /// Samples that must be missing before the first.
    package var missing: Missing?
    /// How far the clocks have moved apart, the station's ahead positive; given once, when it is more than the limit.
    package var drift: Microseconds?
  }

  /// Samples of which nothing but their time was noticed.
  package struct Missing: Equatable, Sendable {
    /// How many.
    package var count: UInt64
    /// How that is known.
    package var reason: Reason

    /// How it is known that samples are missing.
    package enum Reason: String, Sendable {
      /// The instrument had to be started again.
      case restarted
      /// Frames came late, and those after them never made up for it.
      case arrivalGap = "arrival_gap"
    }
  }

  /// Time between samples.
  package let period: Microseconds
  /// Index of the next sample.
  package private(set) var index: Int64 = 0
  /// Station time of the newest sample.
  package private(set) var newest: Microseconds?

  /// The earliest arrival that one second, and some frames, have shown: station time less device time.
  private struct Window {
    var start: Microseconds
    var least: Microseconds
    var frames: Int
  }

  private static let windowLength: Microseconds = 1_000_000
  private static let windowFrames = 8

  private var origin: Microseconds?
  private var firstOrigin: Microseconds?
  private var window: Window?
  private var isLate = false
  private var followsLoss = false
  private var hasToldDrift = false
  private var resumesAfter: Microseconds?

  /// A clock that starts with measuring. `previous` is the newest sample of the same channel before the instrument had to
  /// be started again: what was not measured in between counts as missing.
  package init(period: Microseconds, resumingAfter previous: Microseconds? = nil) {
    self.period = max(1, period)
    newest = previous
    resumesAfter = previous
  }

  /// More than this is late: two periods, and what a busy station may take.
  private var limit: Microseconds { 2 * period + 100_000 }
  /// Keeps index times period far from overflow, whatever an instrument claims to have lost.
  private var lastIndex: Int64 { Int64.max / 4 / period }

  /// Samples that are known to be lost lie before the next one.
  package mutating func skip(_ count: UInt64) {
    index = min(index + min(Int64(clamping: count), lastIndex), lastIndex)
    followsLoss = true
  }

  /// Gives the times of `count` samples, at least one, the last of which has just been taken.
  package mutating func place(count: Int, arrival: Microseconds) -> Placement {
    let count = Int64(count)
    let backDated = arrival - (count - 1) * period
    var placement = Placement(time: backDated, interval: period)
    if let resumesAfter {
      let missing = (backDated - resumesAfter + period / 2) / period - 1
      if missing > 0 { placement.missing = Missing(count: UInt64(missing), reason: .restarted) }
      self.resumesAfter = nil
    }
    compare(arrival, newestIndex: index + count - 1, &placement)

    // A frame may follow closely on the one before it, but time does not run backwards.
    if let newest, placement.time <= newest {
      placement.interval = max(0, arrival - newest) / count
      placement.time = newest + placement.interval
    }
    placement.deviceTime = index * period
    placement.followsLoss = followsLoss || placement.missing != nil
    followsLoss = false
    newest = placement.time + (count - 1) * placement.interval
    index = min(index + count, lastIndex)
    return placement
  }

  private mutating func compare(_ arrival: Microseconds, newestIndex: Int64, _ placement: inout Placement) {
    let offset = arrival - newestIndex * period
    guard let known = origin else {
      origin = offset
      window = Window(start: arrival, least: offset, frames: 1)
      return
    }
    origin = min(known, offset)
    placement.isLate = offset - known > limit
    placement.beginsGap = placement.isLate && !isLate
    isLate = placement.isLate
    if placement.beginsGap { window = nil }

    var current = window ?? Window(start: arrival, least: offset, frames: 0)
    current.least = min(current.least, offset)
    current.frames += 1
    window = current
    if arrival - current.start >= Self.windowLength, current.frames >= Self.windowFrames {
      judge(leastOffset: current.least, &placement)
      window = nil
    }
  }

  /// A whole window has passed: follow the instrument's clock, or conclude that samples are missing.
  private mutating func judge(leastOffset: Microseconds, _ placement: inout Placement) {
    let rise = leastOffset - (origin ?? leastOffset)
    if rise > limit {
      let missing = (rise + period / 2) / period
      placement.missing = Missing(count: UInt64(missing), reason: .arrivalGap)
      index = min(index + missing, lastIndex)
      origin = leastOffset - missing * period
      isLate = false
    } else {
      origin = leastOffset
    }
    guard let firstOrigin, let origin else {
      self.firstOrigin = self.origin
      return
    }
    if (origin - firstOrigin).magnitude > limit, !hasToldDrift {
      placement.drift = origin - firstOrigin
      hasToldDrift = true
    }
  }
}
