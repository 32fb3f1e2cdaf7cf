internal import Glibc

/// The present on the station's boot-time clock, which goes on while the station sleeps, in microseconds.
package func stationTime() -> Int64 {
  var now = timespec()
  clock_gettime(CLOCK_BOOTTIME, &now)
  return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
}
