import DriverKit

extension GoDirectDriver {
  /// Failures in a row after which the instrument counts as lost (PROTOCOL.md 3.4).
  private static let mostFailures = 2

  /// When the instrument will have been silent for too long.
  private var deadline: Microseconds? {
    switch phase {
    case .closed, .ended: nil
    case .opening: link.pending?.deadline
    case .measuring:
      // Samples prove that it started, also when its answer got lost.
      (hasSamples ? nil : link.pending?.deadline) ?? plan?.longestSilence.map { lastSign + $0 }
    }
  }

  /// Keeps a wake-up at or before the deadline. Samples move the deadline; asking again only when the old wake-up comes
  /// saves a request per frame.
  mutating func watch(_ host: DriverHost) {
    if let deadline, let wakeTime, wakeTime <= deadline { return }
    if deadline == nil, wakeTime == nil { return }
    wakeTime = deadline
    host.wake(at: deadline)
  }

  /// The wake-up came: begins anew when no answer or no samples came in time, and gives up after the second time.
  mutating func checkDeadline(at now: Microseconds, _ host: DriverHost) {
    guard let deadline, deadline <= now else { return }
    host.tally("timeouts")
    failures += 1
    let what = complaint
    if failures >= Self.mostFailures {
      return end(.restart, "no_answer", "\(what), twice in a row: check its cable and switch it off and on.", host)
    }
    host.fault(.note, "begins_anew", "\(what); it is set up anew.")
    beginOpening(at: now, host)
  }

  private var complaint: String {
    if !hasSamples, let pending = link.pending {
      return "\(name) did not answer within \(pending.command.patience / 1_000_000) s when asked "
        + pending.command.purpose
    }
    return "\(name) sent no samples for \(milliseconds(plan?.longestSilence ?? 0)) ms"
  }
}
