internal import DriverKit

/// What is known of the board, and the events and samples that follow from what it says.
struct Board {
  let profile: Profile
  var trial: Trial?
  private var clock: DeviceClock
  var holes = HoleStates()
  /// By number of their rules.
  var edges: [EdgeDetector?]
  var masks: [UInt64?]
  private let hasEdges: Bool
  private var identity = Identity()

  init(_ profile: Profile) {
    self.profile = profile
    clock = DeviceClock(profile.clock)
    identity = profile.identity
    edges = profile.allRules.map { $0.edge.map(EdgeDetector.init) }
    masks = profile.allRules.map { _ in nil }
    hasEdges = edges.contains { $0 != nil }
  }

  /// Tells what the board is declared to be and can measure.
  func declare(host: DriverHost) {
    for channel in profile.channels { host.declare(channel) }
    if identity != Identity() { host.identify(identity) }
  }

  /// Takes what a line said of who the board is.
  mutating func identify(_ statement: Statement, host: DriverHost) {
    guard let fields = statement.rule.identity else { return }
    var said = identity
    if let text = fields.model.flatMap({ statement[$0] })?.text { said.model = text }
    if let text = fields.serial.flatMap({ statement[$0] })?.text { said.serial = text }
    if let text = fields.firmware.flatMap({ statement[$0] })?.text { said.firmware = text }
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
    if let counter = statement.counter {
      let reading = clock.read(counter, at: time)
      deviceTime = reading.time
      let begins = profile.clock.origin == .zeroAtStart && rule.event == EventName.trialStarted
      // Nothing that we ask for may take the clock away from under a trial.
      let isExpected = begins || mayRestart && trial == nil
      if reading.jumped, !isExpected {
        if !restarted { restart(at: time, host: host) }
        restarted = true
        _ = clock.read(counter, at: time)
      }
    }
    let moment = Moment(time: time, deviceTime: deviceTime, sent: statement.line.sent)
    if let reason = rule.abortReason { abort(reason, moment, host: host) }
    identify(statement, host: host)
    if let event = rule.event {
      emit(event, statement.eventFields, moment, number: rule.trial.flatMap(statement.text), host: host)
    }
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
    emit(EventName.trialReset, [("reason", .text("command"))], Moment(time: time), quality: .inferred, host: host)
  }

  /// The line is about to close.
  mutating func close(at time: Microseconds, host: DriverHost) {
    abort("line_closed", Moment(time: time), host: host)
  }

  /// When a level will have held for long enough.
  var due: Microseconds? { hasEdges ? edges.compactMap { $0?.due }.min() : nil }

  /// Changes of level that have held for long enough.
  mutating func wake(at now: Microseconds, host: DriverHost) {
    for number in edges.indices {
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
    var sent: ArraySlice<UInt8> = []
  }

  /// The board lost what it knew; so do we.
  private mutating func restart(at time: Microseconds, host: DriverHost) {
    host.tally("device_resets")
    abort("device_reset", Moment(time: time), host: host)
    clock.restart()
    holes = HoleStates()
    edges = profile.allRules.map { $0.edge.map(EdgeDetector.init) }
    masks = profile.allRules.map { _ in nil }
  }
}
