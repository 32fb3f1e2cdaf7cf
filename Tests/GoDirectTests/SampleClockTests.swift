import DriverKit
import GoDirect
import Testing

@Suite struct SampleClockTests {
  private let start: Microseconds = 5_000_000

  @Test func framesAreBackDated() {
    var clock = SampleClock(period: 10_000)
    let placements = [
      clock.place(count: 1, arrival: start), clock.place(count: 3, arrival: start + 30_000),
      clock.place(count: 1, arrival: start + 41_000),
    ]
    #expect(placements.map(\.time) == [start, start + 10_000, start + 41_000])
    #expect(placements.map(\.interval) == [10_000, 10_000, 10_000])
    #expect(placements.map(\.deviceTime) == [0, 10_000, 40_000])
    #expect(placements.allSatisfy { !$0.isLate && !$0.followsLoss && $0.missing == nil && $0.drift == nil })
  }

  @Test func timeNeverRunsBackwards() {
    var clock = SampleClock(period: 10_000)
    _ = clock.place(count: 1, arrival: start)
    let late = clock.place(count: 2, arrival: start + 90_000)
    #expect([late.time, late.interval] == [start + 80_000, 10_000])
    let burst = clock.place(count: 4, arrival: start + 90_400)
    #expect([burst.time, burst.interval, burst.deviceTime] == [start + 90_100, 100, 30_000])
    let same = clock.place(count: 1, arrival: start + 90_400)
    #expect([same.time, same.interval, same.deviceTime] == [start + 90_400, 0, 70_000])
  }

  @Test func whatIsKnownToBeLostMovesTheClock() {
    var clock = SampleClock(period: 10_000)
    _ = clock.place(count: 1, arrival: start)
    clock.skip(4)
    let next = clock.place(count: 1, arrival: start + 50_000)
    #expect(next.deviceTime == 50_000)
    #expect(next.followsLoss)
    #expect(!clock.place(count: 1, arrival: start + 60_000).followsLoss)
  }

  @Test func aStallThatIsMadeUpForIsAGapAndNoLoss() {
    var clock = SampleClock(period: 10_000)
    var placements: [SampleClock.Placement] = []
    for k in 0..<1000 {
      // The station sleeps from 2 s to 2.5 s and then reads everything at once.
      let taken = start + Microseconds(k) * 10_000
      let arrival = (200..<250).contains(k) ? start + 2_500_000 : taken
      placements.append(clock.place(count: 1, arrival: arrival))
    }
    #expect(placements.filter(\.beginsGap).count == 1)
    #expect(placements.indices.filter { placements[$0].isLate } == Array(200..<238))
    #expect(placements.allSatisfy { $0.missing == nil && $0.drift == nil })
    #expect(placements.last?.deviceTime == 9_990_000)
    #expect(zip(placements, placements.dropFirst()).allSatisfy { $0.time <= $1.time })
  }

  @Test func aGapThatIsNotMadeUpForIsALoss() {
    var clock = SampleClock(period: 10_000)
    var placements: [SampleClock.Placement] = []
    for k in Array(0..<300) + Array(350..<1000) {
      placements.append(clock.place(count: 1, arrival: start + Microseconds(k) * 10_000 + Microseconds(k % 7) * 300))
    }
    #expect(placements.compactMap(\.missing).map(\.count) == [50])
    #expect(placements.compactMap(\.missing).map(\.reason) == [.arrivalGap])
    #expect(placements.filter(\.beginsGap).count == 1)
    #expect(placements.last?.deviceTime == 9_990_000)
    #expect(placements.last?.isLate == false)
    #expect(placements.allSatisfy { $0.drift == nil })
  }

  @Test(arguments: [(10_002, 120_000), (9998, -120_000)] as [(Microseconds, Microseconds)])
  func aClockThatRunsOffIsToldOnce(_ real: Microseconds, _ drift: Microseconds) throws {
    var clock = SampleClock(period: 10_000)
    var drifts: [Microseconds] = []
    for k in 0..<100_000 {
      let placement = clock.place(count: 1, arrival: start + Microseconds(k) * real)
      #expect(!placement.isLate && placement.missing == nil)
      placement.drift.map { drifts.append($0) }
    }
    #expect(drifts.count == 1)
    #expect(try abs(#require(drifts.first) - drift) < 1000)
  }

  @Test func aNewStartCountsWhatWasNotMeasured() {
    var clock = SampleClock(period: 10_000, resumingAfter: start)
    let first = clock.place(count: 2, arrival: start + 5_010_200)
    #expect(first.missing?.count == 499 && first.missing?.reason == .restarted)
    #expect(first.deviceTime == 0)
    #expect(clock.place(count: 1, arrival: start + 5_020_200).missing == nil)
  }

  @Test func absurdLossesDoNotOverflow() {
    var clock = SampleClock(period: 1 << 33)
    for _ in 0..<10_000 { clock.skip(.max) }
    #expect(clock.place(count: 255, arrival: start).deviceTime != nil)
    #expect(clock.place(count: 255, arrival: start).deviceTime != nil)
  }
}
