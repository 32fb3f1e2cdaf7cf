internal import DriverKit

/// Settles, asks and waits, until the instrument is there.
struct Opening {
  private enum Phase {
    case closed, settling(until: Microseconds), asking(attempt: Int, until: Microseconds), ready, failed
  }

  private let plan: OpeningPlan
  private var phase = Phase.closed
  private var bannerUntil: Microseconds?

  init(_ plan: OpeningPlan) { self.plan = plan }

  var isReady: Bool { if case .ready = phase { true } else { false } }

  var due: Microseconds? {
    switch phase {
    case .settling(let until), .asking(_, let until): until
    case .closed, .ready, .failed: nil
    }
  }

  /// We asked what makes the board say its banner.
  func mayRestart(at time: Microseconds) -> Bool { bannerUntil.map { time <= $0 } ?? false }

  mutating func start(at now: Microseconds, host: DriverHost) {
    phase = .settling(until: now + plan.settle)
    if plan.settle == 0 { settled(at: now, host: host) }
  }

  /// Whether the line is the one that tells that the instrument is there. It ends settling, too; so
  /// does any line where early input is not discarded.
  mutating func accepts(_ line: Line, at time: Microseconds, host: DriverHost) -> Bool {
    switch phase {
    case .closed, .failed, .ready: return false
    case .settling:
      guard plan.expect?.matches(line) ?? !plan.discardsInput else { return false }
      ask(at: time, host: host)
    case .asking:
      guard let expect = plan.expect, expect.matches(line) else { return false }
      bannerUntil = max(bannerUntil ?? time, time + plan.replyTimeout)
    }
    phase = .ready
    return true
  }

  /// Writes what is asked at opening, now or again.
  mutating func ask(at now: Microseconds, host: DriverHost) {
    for bytes in plan.send { host.write(bytes) }
    if !plan.send.isEmpty { bannerUntil = now + plan.replyTimeout }
  }

  mutating func wake(at now: Microseconds, host: DriverHost) {
    switch phase {
    case .settling(let until) where until <= now: settled(at: now, host: host)
    case .asking(let attempt, let until) where until <= now:
      if attempt < plan.attempts {
        ask(at: now, host: host)
        phase = .asking(attempt: attempt + 1, until: now + plan.replyTimeout)
      } else {
        phase = .failed
        host.fault(
          .restart, "no_answer",
          "The instrument did not say what the profile expects after opening; check cable, baud rate and profile.")
      }
    default: break
    }
  }

  private mutating func settled(at now: Microseconds, host: DriverHost) {
    ask(at: now, host: host)
    phase = plan.expect == nil ? .ready : .asking(attempt: 1, until: now + plan.replyTimeout)
  }
}
