package import Readings

/// How much a worker may say: a budget that fills up steadily. A driver that floods is ended before it harms others.
package struct RateLimit {
  private let perSecond: Double
  private let burst: Double
  private var budget: Double
  private var last: Microseconds

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
    budget -= amount
    return budget >= 0
  }
}
