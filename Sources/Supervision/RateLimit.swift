package import Readings

/// How much a worker may say: a budget that fills up steadily. A driver that floods is ended before it harms others.
package struct RateLimit {
  private let perSecond: Double
  private let burst: Double
  private var budget: Double
  private var last: Microseconds
  /// What may come on top, because it could not come when it should have.
  private var late = 0.0

  /// A full budget.
  package init(perSecond: Double, burst: Double, at now: Microseconds) {
    self.perSecond = perSecond
    self.burst = burst
    budget = burst
    last = now
  }

  /// Spends `amount`; `false` when the budget is used up.
  package mutating func spend(_ amount: Double, at now: Microseconds) -> Bool {
    budget = min(burst, budget + Double(max(0, now - last)) / 1e6 * perSecond)
    last = max(last, now)
    let ofLate = min(late, amount)
    late -= ofLate
    budget -= amount - ofLate
    return budget >= 0
  }

  /// Nobody read for so long: what was said meanwhile comes at once.
  package mutating func allowWhatIsLate(by duration: Microseconds) {
    late += Double(max(0, duration)) / 1e6 * perSecond
  }

  /// All that was late has come.
  package mutating func forgetWhatIsLate() { late = 0 }
}
