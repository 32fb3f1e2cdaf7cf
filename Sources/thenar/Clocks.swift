internal import Glibc
internal import Platform
internal import WatchScreen

extension Moment {
  /// Now, on both clocks.
  static var now: Moment { Moment(boot: SystemClock.boot(), wall: SystemClock.wall()) }
}

extension LocalClock {
  /// The clock of the time zone in which the program runs.
  static let ofThisPlace = LocalClock { second in
    var (time, parts) = (time_t(second), tm())
    return localtime_r(&time, &parts) == nil ? 0 : parts.tm_gmtoff
  }
}
