internal import DriverKit

/// Watches for an instrument that has stopped speaking.
struct Silence {
  private let plan: WatchdogPlan
  private var lastLine: Microseconds?
  private var isTold = false
  private var isOver = false

  init(_ plan: WatchdogPlan) { self.plan = plan }

  var due: Microseconds? {
    guard let lastLine, !isOver else { return nil }
    return earlier(
      plan.silence > 0 && !isTold ? lastLine + plan.silence : nil, plan.restart > 0 ? lastLine + plan.restart : nil)
  }

  /// The instrument is ready, or a good line came.
  mutating func end(at time: Microseconds, host: DriverHost) {
    lastLine = time
    guard isTold else { return }
    isTold = false
    tell("The instrument speaks again.", cleared: true, at: time, host: host)
  }

  mutating func wake(at now: Microseconds, host: DriverHost) {
    guard let lastLine, !isOver else { return }
    let passed = now - lastLine
    if plan.silence > 0, !isTold, passed >= plan.silence {
      isTold = true
      let sentence = "The instrument has said nothing for \(plan.silence / 1000) ms; check cable and power."
      host.fault(.note, "silent", sentence)
      tell(sentence, cleared: false, at: now, host: host)
    }
    if plan.restart > 0, passed >= plan.restart {
      isOver = true
      host.fault(
        .restart, "silent", "The instrument has said nothing for \(plan.restart / 1000) ms; the line is opened anew.")
    }
  }

  private func tell(_ text: String, cleared: Bool, at time: Microseconds, host: DriverHost) {
    host.event(
      Event(
        EventName.deviceFault, at: time, quality: .inferred,
        fields: [("code", .text("silent")), ("text", .text(text)), ("cleared", .flag(cleared))]))
  }
}
