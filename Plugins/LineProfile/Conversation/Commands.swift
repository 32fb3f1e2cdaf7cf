internal import DriverKit

/// Writes commands and waits for their answers, one at a time.
struct Commands {
  private struct Waiting {
    var command: DriverCommand
    var answer: LinePattern
    var until: Microseconds
  }

  private let plans: [String: CommandPlan]
  private let timeout: Microseconds
  private var waiting: Waiting?
  /// Until when the board may set its clock back or say its banner because a command asked for it.
  private var restartUntil: Microseconds?

  init(_ plans: [String: CommandPlan], timeout: Microseconds) {
    self.plans = plans
    self.timeout = timeout
  }

  var due: Microseconds? { waiting?.until }

  /// A command is under way that may make the board say its banner or set its clock back.
  func mayRestart(at time: Microseconds) -> Bool { restartUntil.map { time <= $0 } ?? false }

  /// Writes a command. `true`: it ends the trial that is running.
  mutating func perform(
    _ command: DriverCommand, at now: Microseconds, whileTrialRuns isRunning: Bool, host: DriverHost
  ) -> Bool {
    guard let plan = plans[command.name] else {
      let known = plans.isEmpty ? "none" : plans.keys.sorted().joined(separator: ", ")
      host.fail(command, because: "The profile has no command named \"\(command.name.prefix(32))\"; it has: \(known).")
      return false
    }
    if let waiting {
      host.fail(
        command, because: "The instrument has not yet answered the command \"\(waiting.command.name)\"; try again.")
      return false
    }
    if plan.zeroesClock, !plan.endsTrial, isRunning {
      host.fail(command, because: "A trial is running, and the command would set the clock that times it to zero.")
      return false
    }
    do throws(ArgumentProblem) {
      host.write(try plan.bytes(arguments: command.arguments))
    } catch {
      host.fail(command, because: error.sentence)
      return false
    }
    if plan.answer != nil || plan.zeroesClock { restartUntil = now + timeout }
    if let answer = plan.answer {
      waiting = Waiting(command: command, answer: answer, until: now + timeout)
    } else {
      host.finish(command)
    }
    return plan.endsTrial
  }

  /// A line came.
  mutating func take(_ line: Line, host: DriverHost) {
    guard waiting?.answer.matches(line) == true, let waiting else { return }
    host.finish(waiting.command)
    self.waiting = nil
  }

  mutating func wake(at now: Microseconds, host: DriverHost) {
    guard let waiting, waiting.until <= now else { return }
    host.fail(waiting.command, because: "The instrument did not answer within \(timeout / 1000) ms.")
    self.waiting = nil
  }

  /// The line is about to close.
  mutating func close(host: DriverHost) {
    if let waiting { host.fail(waiting.command, because: "The line was closed before the instrument answered.") }
    waiting = nil
  }
}
