import Glibc

/// The clocks of the machine, in microseconds.
package enum SystemClock {
  /// Time since boot, suspend included: the time of the stream.
  package static func boot() -> Int64 { read(CLOCK_BOOTTIME) }

  /// The wall clock, since 1970; it may jump.
  package static func wall() -> Int64 { read(CLOCK_REALTIME) }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }
}
