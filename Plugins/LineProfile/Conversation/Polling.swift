internal import DriverKit

/// Asks the profile's question at its interval, and waits for the answer before it asks again.
struct Polling {
  /// Questions without an answer before it is told.
  static let patience = 5

  private let plan: PollPlan
  private var nextAt: Microseconds?
  private var answerBy: Microseconds?
  private var unanswered = 0

  init(_ plan: PollPlan) { self.plan = plan }

  var due: Microseconds? { answerBy ?? nextAt }

  mutating func start(at now: Microseconds) { nextAt = now }

  /// A line came.
  mutating func take(_ line: Line) {
    guard answerBy != nil, plan.expect.map({ $0.matches(line) }) ?? true else { return }
    answerBy = nil
    unanswered = 0
  }

  mutating func wake(at now: Microseconds, host: DriverHost) {
    if let answerBy, answerBy <= now {
      self.answerBy = nil
      unanswered += 1
      host.tally("poll_timeouts")
      if unanswered == Self.patience {
        host.fault(
          .note, "no_answer", "The instrument has not answered \(Self.patience) questions; check cable and profile.")
      }
    }
    guard answerBy == nil, let nextAt, nextAt <= now else { return }
    host.write(plan.send)
    answerBy = now + plan.timeout
    self.nextAt = max(nextAt + plan.interval, now)
  }
}
