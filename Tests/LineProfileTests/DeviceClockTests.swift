import StrictJSON
import Testing

@testable import LineProfile

@Suite struct DeviceClockTests {
  private static let day: Int64 = 86_400_000_000

  /// Readings in seconds at station times in seconds; "!" marks a jump.
  private func times(_ readings: [(Double, Double)], wrap: Int64? = 1 << 32) -> [String] {
    var plan = ClockPlan()
    plan.wrap = wrap
    var clock = DeviceClock(plan)
    return readings.map { reading, host in
      let result = clock.read(Int64((reading * 1e6).rounded()), at: Int64(host * 1e6))
      return "\(Double(result.time) / 1e6)\(result.jumped ? "!" : "")"
    }
  }

  @Test func aClockIsFollowedPastItsWrap() {
    #expect(times([(4294, 10), (0.5, 11.5), (1.5, 12.5)]) == ["4294.0", "4295.467296", "4296.467296"])
    #expect(times([(4294, 10), (1, 8600)]) == ["4294.0", "12885.901888"])
    #expect(times([(10, 10), (20, 4315)]) == ["10.0", "4314.967296"])
    #expect(times([(86_399, 10), (1, 12)], wrap: Self.day) == ["86399.0", "86401.0"])
  }

  @Test func aFallThatTimeDoesNotExplainIsAJump() {
    #expect(times([(100, 10), (1, 13), (2, 14)]) == ["100.0", "1.0!", "2.0"])
    #expect(times([(3000, 10), (2, 13)]) == ["3000.0", "2.0!"])
    #expect(times([(4294, 10), (2, 11), (1, 12)]) == ["4294.0", "4296.967296", "1.0!"])
    #expect(times([(100, 10), (1, 13)], wrap: nil) == ["100.0", "1.0!"])
  }

  @Test func linesInSlightDisorderAreNoJump() {
    #expect(times([(100, 10), (99.9, 10), (100.1, 10)]) == ["100.0", "99.9", "100.1"])
    #expect(times([(4294.9, 10), (0.01, 10.1), (4294.95, 10.1)]) == ["4294.9", "4294.977296", "4294.95"])
  }

  @Test func linesThatWaitedInABufferAreNoJump() {
    #expect(times([(100, 10), (117, 10), (118, 10.1)]) == ["100.0", "117.0", "118.0"])
    #expect(times([(100, 10), (101, 40)]) == ["100.0", "101.0"])
  }

  @Test func aCounterThatPassesItsWrapHasMoreBits() {
    #expect(times([(4294, 10), (4300, 16), (10, 20)]) == ["4294.0", "4300.0", "10.0!"])
  }
}
