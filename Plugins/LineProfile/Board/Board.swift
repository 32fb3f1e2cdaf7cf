internal import DriverKit

/// What is known of the board, and the events and samples that follow from what it says.
struct Board {
  let profile: Profile
  var trial: Trial?
  private var clock: DeviceClock
  var holes = HoleStates()
  var edges: [Int: EdgeDetector] = [:]
  var masks: [Int: UInt64] = [:]
  private var identity = Identity()

  init(_ profile: Profile) {
    self.profile = profile
    clock = DeviceClock(profile.clock)
    identity = profile.identity
    for (number, rule) in profile.allRules.enumerated() {
      if let edge = rule.edge { edges[number] = EdgeDetector(edge) }
    }
  }

  /// Tells what the board is declared to be and can measure.
  func declare(host: DriverHost) {
    for channel in profile.channels { host.declare(channel) }
    if identity != Identity() { host.identify(identity) }
  }

  /// Takes what a line said of who the board is.
  mutating func identify(_ statement: Statement, host: DriverHost) {
    guard let names = statement.rule.identity else { return }
    var said = identity
    if let text = names.model.flatMap(statement.value)?.text { said.model = text }
    if let text = names.serial.flatMap(statement.value)?.text { said.serial = text }
    if let text = names.firmware.flatMap(statement.value)?.text { said.firmware = text }
    if said != identity { host.identify(said) }
    identity = said
  }

  /// Takes what a line said. `true`: the board began anew, and what it was asked at opening must be asked again.
  /// `mayRestart`: we asked the board to say its banner or to set its clock to zero.
  mutating func take(_ statement: Statement, at time: Microseconds, mayRestart: Bool, host: DriverHost) -> Bool {
    let rule = statement.rule
    var restarted = false
    if rule.isBanner, !mayRestart {
      restart(at: time, host: host)
      restarted = true
    }
    var deviceTime: Microseconds?
    if profile.clock.origin != .none, case .integer(let counter)? = statement.value(profile.clock.field) {
      let reading = clock.read(counter, at: time)
      deviceTime = reading.time
      let begins = profile.clock.origin == .zeroAtStart && rule.event == "trial.started"
      // Nothing that we ask for may take the clock away from under a trial.
      let isExpected = begins || mayRestart && trial == nil
      if reading.jumped, !isExpected {
        if !restarted { restart(at: time, host: host) }
        restarted = true
        _ = clock.read(counter, at: time)
      }
    }
    let moment = Moment(time: time, deviceTime: deviceTime, raw: statement.line.raw)
    if let reason = rule.abortReason { abort(reason, moment, host: host) }
    identify(statement, host: host)
    if let event = rule.event { emit(event, statement.eventFields(profile), moment, number: statement, host: host) }
    if let sample = rule.sample { take(sample, statement, moment, host: host) }
    if let edge = rule.edge { take(edge, statement, moment, host: host) }
    if let mask = rule.mask { take(mask, statement, moment, host: host) }
    return restarted
  }

  /// A line was lost: if a trial is running, something may be missing from it.
  mutating func noteLoss() { trial?.lostLines += 1 }

  /// The command that was just written ends a trial.
  mutating func endTrial(at time: Microseconds, host: DriverHost) {
    guard trial != nil else { return }
    emit("trial.reset", [("reason", .text("command"))], Moment(time: time), quality: .inferred, host: host)
  }

  /// The line is about to close.
  mutating func close(at time: Microseconds, host: DriverHost) {
    abort("line_closed", Moment(time: time), host: host)
  }

  /// When a level will have held for long enough.
  var due: Microseconds? { edges.values.compactMap(\.due).min() }

  /// Changes of level that have held for long enough.
  mutating func wake(at now: Microseconds, host: DriverHost) {
    for number in edges.keys.sorted() {
      for change in edges[number]?.takeDue(at: now) ?? [] {
        if let rule = profile.allRules[number].edge { tell(change, rule, host: host) }
      }
    }
  }

  // MARK: Inside

  /// When something happened, and the line that says so.
  struct Moment {
    var time: Microseconds
    var deviceTime: Microseconds?
    var raw = ""
  }

  /// The board lost what it knew; so do we.
  private mutating func restart(at time: Microseconds, host: DriverHost) {
    host.tally("device_resets")
    abort("device_reset", Moment(time: time), host: host)
    clock.restart()
    holes = HoleStates()
    masks = [:]
    for number in edges.keys { if let edge = profile.allRules[number].edge { edges[number] = EdgeDetector(edge) } }
  }
}
