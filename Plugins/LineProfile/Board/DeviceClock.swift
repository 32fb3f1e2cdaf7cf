internal import DriverKit

/// Follows the instrument's clock: past the point where its counter wraps, and not past a reset.
///
/// A wrap and a reset both make the counter fall. It is a wrap when the time that would then have passed agrees with
/// the station's clock; otherwise the board began anew (PROTOCOL.md 8.1 and 8.2).
struct DeviceClock {
  struct Reading: Equatable {
    /// Microseconds on the instrument's clock, wraps added.
    var time: Microseconds
    /// The clock jumped back: this time has nothing to do with those before.
    var jumped = false
  }

  /// Lines may tell of edges in a slightly different order than these happened.
  static let disorder: Microseconds = 250_000
  /// Lines may wait this long in buffers between instrument and station.
  static let delay: Microseconds = 30_000_000

  private var wrap: Microseconds?
  private var epoch: Microseconds = 0
  private var last: (reading: Microseconds, host: Microseconds)?

  init(_ plan: ClockPlan) { wrap = plan.wrap }

  /// Forgets what was read: the next reading begins anew.
  mutating func restart() {
    last = nil
    epoch = 0
  }

  /// Takes a reading of the instrument's counter that came at a station time.
  mutating func read(_ reading: Microseconds, at host: Microseconds) -> Reading {
    // A counter that was thought to have 32 bits has more.
    if let wrap, reading >= wrap { self.wrap = nil }
    guard let last else { return move(to: reading, at: host) }
    let passed = max(0, host - last.host)
    let step = reading - last.reading
    if step >= 0 {
      guard let wrap else { return move(to: reading, at: host) }
      if step > wrap - Self.disorder, passed < wrap / 2 { return Reading(time: epoch + reading - wrap) }
      epoch += wrap * wraps(missing: passed - step, wrap)
      return move(to: reading, at: host)
    }
    if step >= -Self.disorder { return Reading(time: epoch + reading) }
    if let wrap, wrap + step <= passed + passed / 50 + min(Self.delay, wrap / 8) {
      epoch += wrap * (1 + wraps(missing: passed - step - wrap, wrap))
      return move(to: reading, at: host)
    }
    epoch = 0
    var fresh = move(to: reading, at: host)
    fresh.jumped = true
    return fresh
  }

  /// Whole wraps in the time that the station saw pass and the counter does not show.
  private func wraps(missing: Microseconds, _ wrap: Microseconds) -> Int64 { max(0, (missing + wrap / 2) / wrap) }

  private mutating func move(to reading: Microseconds, at host: Microseconds) -> Reading {
    last = (reading, host)
    return Reading(time: epoch + reading)
  }
}
