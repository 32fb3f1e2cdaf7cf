internal import DriverKit

/// A driver for every instrument that speaks in lines of text, told what they mean by a profile.
struct LineProfileDriver: Driver {
  private let profile: Profile
  private var intake: LineIntake
  private var opening: Opening
  private var commands: Commands
  private var polling: Polling?
  private var silence: Silence
  private var losses = LossReport()
  private var statement: Statement
  private var board: Board
  private var hasToldReady = false
  private var wakeTime: Microseconds?

  /// Reads the profile in `settings.profile`, changed by the settings beside it.
  init(setup: DriverSetup, host: DriverHost) throws(SetupRefusal) {
    do throws(JSONMismatch) {
      profile = try ProfileSettings.profile(setup.settings)
    } catch {
      throw SetupRefusal("The profile cannot be used. \(error.sentence)")
    }
    intake = LineIntake(framing: profile.framing, checksum: profile.checksum, linesPerSecond: profile.linesPerSecond)
    opening = Opening(profile.opening)
    commands = Commands(profile.commands, timeout: profile.opening.replyTimeout)
    polling = profile.poll.map(Polling.init)
    silence = Silence(profile.watchdog)
    statement = Statement(profile)
    board = Board(profile)
  }

  /// As the profile says.
  var serialLine: SerialLine? { profile.serial }

  mutating func start(at now: Microseconds, host: DriverHost) {
    board.declare(host: host)
    intake.open(at: now)
    opening.start(at: now, host: host)
    tellReady(at: now, host: host)
    schedule(host: host)
  }

  mutating func receive(_ bytes: Span<UInt8>, at time: Microseconds, host: DriverHost) {
    var next = 0
    while let outcome = intake.take(bytes, from: &next, at: time) {
      switch outcome {
      case .line: take(intake.line, at: time, host: host)
      case .damaged(let damage): lose(damage, at: time, host: host)
      case .partial: host.tally("partial_lines")
      }
    }
    schedule(host: host)
  }

  mutating func wake(at now: Microseconds, host: DriverHost) {
    wakeTime = nil
    opening.wake(at: now, host: host)
    tellReady(at: now, host: host)
    commands.wake(at: now, host: host)
    polling?.wake(at: now, host: host)
    silence.wake(at: now, host: host)
    board.wake(at: now, host: host)
    schedule(host: host)
  }

  mutating func perform(_ command: DriverCommand, at now: Microseconds, host: DriverHost) {
    if !opening.isReady {
      host.fail(command, because: "The instrument is not ready yet; try again.")
    } else if commands.perform(command, at: now, whileTrialRuns: board.trial != nil, host: host) {
      board.endTrial(at: now, host: host)
    }
    schedule(host: host)
  }

  mutating func stop(at now: Microseconds, host: DriverHost) {
    commands.close(host: host)
    board.close(at: now, host: host)
  }

  private mutating func take(_ line: Line, at time: Microseconds, host: DriverHost) {
    let isGreeting = opening.accepts(line, at: time, host: host)
    guard opening.isReady else { return host.tally("lines_before_ready") }
    polling?.take(line)
    commands.take(line, host: host)
    let damage = statement.read(line)
    defer { statement.end() }
    if isGreeting {
      // Who it is goes before "ready", so that nobody has to take a reading of nobody.
      if damage == nil { board.identify(statement, host: host) }
      tellReady(at: time, host: host)
    }
    if damage == .unmatched, profile.unmatched == .ignore { return host.tally(LineDamage.unmatched.rawValue) }
    if let damage { return lose(damage, line: line, at: time, host: host) }
    silence.end(at: time, host: host)
    let mayRestart = opening.mayRestart(at: time) || commands.mayRestart(at: time)
    if board.take(statement, at: time, mayRestart: mayRestart, host: host) { opening.ask(at: time, host: host) }
  }

  private mutating func lose(_ damage: LineDamage, line: Line? = nil, at time: Microseconds, host: DriverHost) {
    guard opening.isReady else { return host.tally("lines_before_ready") }
    losses.report(damage, line: line, at: time, host: host)
    board.noteLoss()
  }

  private mutating func tellReady(at now: Microseconds, host: DriverHost) {
    guard opening.isReady, !hasToldReady else { return }
    hasToldReady = true
    host.ready()
    polling?.start(at: now)
    silence.end(at: now, host: host)
  }

  private mutating func schedule(host: DriverHost) {
    var due = earlier(earlier(opening.due, commands.due), earlier(silence.due, board.due))
    if let polling { due = earlier(due, polling.due) }
    if due != wakeTime { host.wake(at: due) }
    wakeTime = due
  }
}

/// The earlier of two times.
func earlier(_ a: Microseconds?, _ b: Microseconds?) -> Microseconds? {
  guard let a, let b else { return a ?? b }
  return min(a, b)
}
