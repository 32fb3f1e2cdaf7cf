/// A moment on both clocks of the station.
package struct Moment: Equatable, Sendable {
  /// Microseconds on the boot-time clock: the clock of the stream.
  package var boot: Int64
  /// Microseconds since 1970.
  package var wall: Int64

  /// A moment.
  package init(boot: Int64, wall: Int64) {
    self.boot = boot
    self.wall = wall
  }

  /// The wall clock at a time of the boot-time clock.
  func wall(of time: Int64) -> Int64 { wall &- (boot &- time) }
}

/// The clock on the wall of the room.
package struct LocalClock: Sendable {
  private let secondsFromUTC: @Sendable (Int64) -> Int

  /// A clock; the function gives the difference from UTC that holds at a time in seconds since 1970.
  package init(secondsFromUTC: @escaping @Sendable (Int64) -> Int) { self.secondsFromUTC = secondsFromUTC }

  /// `12:34:56`, from microseconds since 1970.
  func seconds(_ wall: Int64) -> String {
    let second = dayMillisecond(wall) / 1000
    return "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
  }

  /// `12:34:56.789`
  func milliseconds(_ wall: Int64) -> String {
    let rest = String(1000 + dayMillisecond(wall) % 1000).dropFirst()
    return "\(seconds(wall)).\(rest)"
  }

  private func dayMillisecond(_ wall: Int64) -> Int64 {
    let second = Int64(secondsFromUTC(wall / 1_000_000))
    let day: Int64 = 86_400_000
    return ((wall / 1000 + second * 1000) % day + day) % day
  }

  private func two(_ number: Int64) -> Substring { String(100 + number).dropFirst() }
}
