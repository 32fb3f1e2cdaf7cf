import Supervision
import Testing

@Suite struct RateLimitTests {
  @Test func whatIsLateComesOnTopAndOnlyOnce() {
    var limit = RateLimit(perSecond: 10, burst: 20, at: 0)
    limit.allowWhatIsLate(by: 100_000_000)
    let taken = [limit.spend(1000, at: 0), limit.spend(20, at: 0), limit.spend(1, at: 0)]
    #expect(taken == [true, true, false])
    limit.allowWhatIsLate(by: 100_000_000)
    limit.forgetWhatIsLate()
    let later = limit.spend(1, at: 0)
    #expect(!later)
  }

  @Test func aBurstAndThenSoMuchASecond() {
    var limit = RateLimit(perSecond: 10, burst: 20, at: 0)
    func spend(_ count: Int, at now: Int64) -> Int { (0..<count).filter { _ in limit.spend(1, at: now) }.count }
    #expect(spend(30, at: 0) == 20)
    var second = RateLimit(perSecond: 10, burst: 20, at: 0)
    var spent = 0
    for tenth in 0..<100 as Range<Int64> where second.spend(1, at: tenth * 100_000) { spent += 1 }
    #expect(spent == 100)
    var idle = RateLimit(perSecond: 10, burst: 20, at: 0)
    let isTooMuch = !idle.spend(21, at: 1_000_000_000)
    #expect(isTooMuch, "what was not spent does not add up beyond the burst")
  }

  @Test func timeThatSeemsToGoBackGivesNothing() {
    var limit = RateLimit(perSecond: 10, burst: 10, at: 0)
    var spent = 0
    for turn in 0..<1_000 where limit.spend(1, at: turn % 2 == 0 ? 1_000_000 : 0) { spent += 1 }
    #expect(spent == 10)
  }
}
