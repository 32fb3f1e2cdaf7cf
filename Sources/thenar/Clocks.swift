internal import Glibc
internal import WatchScreen

extension Moment {
  /// Now, on both clocks.
  static var now: Moment { Moment(boot: microseconds(CLOCK_BOOTTIME), wall: microseconds(CLOCK_REALTIME)) }

  private static func microseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }
}

extension LocalClock {
  /// The clock of the time zone in which the program runs.
  static let ofThisPlace = LocalClock { second in
    var (time, parts) = (time_t(second), tm())
    return localtime_r(&time, &parts) == nil ? 0 : parts.tm_gmtoff
  }
}
