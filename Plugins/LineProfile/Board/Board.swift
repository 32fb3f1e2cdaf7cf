internal import DriverKit

/// What is known of the board, and the events and samples that follow from what it says.
struct Board {
  let profile: Profile
  private(set) var trial: Trial?
  private var clock: DeviceClock
  private var holes = HoleStates()
  private var edges: [Int: EdgeDetector] = [:]
  private var masks: [Int: UInt64] = [:]
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
      let isExpected = mayRestart || profile.clock.origin == .zeroAtStart && rule.event == "trial.started"
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

  // MARK: Events

  private struct Moment {
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

  private mutating func abort(_ reason: String, _ moment: Moment, host: DriverHost) {
    guard trial != nil else { return }
    emit("trial.aborted", [("reason", .text(reason))], moment, quality: .inferred, host: host)
  }

  private mutating func emit(
    _ name: String, _ fields: [(key: String, value: Event.Value)], _ moment: Moment, number statement: Statement? = nil,
    quality: Quality = [], host: DriverHost
  ) {
    var event = Event(
      name, at: moment.time, deviceTime: moment.deviceTime,
      uncertainty: profile.clock.origin == .none || moment.deviceTime != nil ? profile.clock.uncertainty : 0,
      quality: quality, fields: fields, raw: moment.raw)
    let number = profile.trialField.flatMap { statement?.text($0) }
    var elapsed: Elapsed?
    switch name {
    case "trial.started":
      abort("restarted", Moment(time: moment.time, deviceTime: moment.deviceTime), host: host)
      trial = Trial(startTime: moment.time, startDeviceTime: moment.deviceTime, number: number)
    case "trial.split": split(&event)
    case "trial.stopped": elapsed = stop(&event, number: number, host: host)
    case "trial.aborted", "trial.reset": trial = nil
    case "peg.inserted", "peg.removed": if !countPeg(&event) { host.tally("repeated_pegs") }
    default: break
    }
    host.event(event)
    if let elapsed, let channel = profile.elapsedChannel {
      host.sample(
        channel: channel, value: Double(elapsed.time) / 1e6, raw: elapsed.raw, quality: event.quality, at: moment.time,
        deviceTime: moment.deviceTime)
    }
  }

  private struct Elapsed {
    var time: Microseconds
    var raw: Double?
  }

  private mutating func split(_ event: inout Event) {
    guard let index = trial?.nextSplit(), let trial else { return event.quality.formUnion(.suspect) }
    if event["index"] == nil { event.fields.append(("index", .integer(index))) }
    if event["elapsed_us"] == nil {
      event.fields.append(("elapsed_us", .integer(trial.elapsed(at: event.time, deviceTime: event.deviceTime))))
    }
  }

  /// Ends the trial. The time that the instrument itself states comes first, then its clock, then the station's.
  private mutating func stop(_ event: inout Event, number: String?, host: DriverHost) -> Elapsed? {
    let running = trial
    trial = nil
    let isPaired = running.map { $0.number == nil || number == nil || $0.number == number } ?? !profile.knowsTrials
    if !isPaired {
      host.tally("unpaired_stops")
      event.quality.formUnion(.suspect)
    }
    if let running, running.lostLines > 0 { event.fields.append(("lines_lost", .integer(running.lostLines))) }
    if let running, running.lostLines > 0 || running.wasReconciled { event.quality.formUnion(.suspect) }
    if case .integer(let time)? = event["elapsed_us"] {
      let unit = profile.plans["elapsed"]?.format
      return isPaired ? Elapsed(time: time, raw: unit.flatMap { raw(time, in: $0) }) : nil
    }
    guard isPaired, let running else { return nil }
    let time = running.elapsed(at: event.time, deviceTime: event.deviceTime)
    let isOnDevice = event.deviceTime != nil && running.startDeviceTime != nil
    let onStation = event.time - running.startTime
    // A clock that does not agree with the station's within half a minute is not one to trust with a result.
    if time < 0 || (isOnDevice && (time - onStation).magnitude > DeviceClock.delay + onStation / 50) {
      event.quality.formUnion(.suspect)
    }
    if time < 0 { return nil }
    event.fields.append(("elapsed_us", .integer(time)))
    return Elapsed(time: time, raw: isOnDevice ? raw(time, in: profile.clock.format) : nil)
  }

  /// The time in the instrument's own unit, where it speaks in one.
  private func raw(_ time: Microseconds, in format: TimeFormat) -> Double? {
    format.rawUnit == nil ? nil : Double(time) / Double(format.unit)
  }

  /// Gives a peg its number in the trial. `false`: the hole was in that state already, so it is told but not counted.
  private mutating func countPeg(_ event: inout Event) -> Bool {
    guard case .integer(let hole)? = event["hole"] else { return true }
    if profile.knowsRemoval, !holes.change(Int(hole), isFilled: event.name == "peg.inserted") {
      event.quality.formUnion(.suspect)
      event.fields.append(("repeated", .flag(true)))
      return false
    }
    if let order = trial?.nextOrder(of: event.name) { event.fields.append(("order", .integer(order))) }
    return true
  }

  // MARK: Samples, edges and masks

  private func take(_ rule: SampleRule, _ statement: Statement, _ moment: Moment, host: DriverHost) {
    let plan = profile.plans[rule.field]
    let raw = statement.text(rule.field).flatMap { plan?.rawNumber($0) }
    let value = raw.flatMap { plan?.scaled($0) }
    var quality = rule.qualityField.flatMap(statement.text).flatMap { rule.qualities[$0] } ?? []
    if value == nil { quality.formUnion(.noData) }
    host.sample(
      channel: rule.channel, value: value, raw: raw, quality: quality, at: moment.time, deviceTime: moment.deviceTime)
  }

  private mutating func take(_ rule: EdgeRule, _ statement: Statement, _ moment: Moment, host: DriverHost) {
    guard let level = statement.value(rule.field)?.number else { return }
    let sensor = rule.index.flatMap(statement.value)?.text ?? ""
    let change = edges[statement.ruleNumber]?.take(
      level, sensor: sensor, at: moment.time, deviceTime: moment.deviceTime)
    if let change { tell(change, rule, host: host) }
  }

  private mutating func tell(_ change: EdgeDetector.Change, _ rule: EdgeRule, host: DriverHost) {
    guard let event = change.isOn ? rule.onEvent : rule.offEvent else { return }
    var fields: [(key: String, value: Event.Value)] = [("level", .number(change.level))]
    if rule.index != nil {
      guard let number = Int64(change.sensor) else { return }
      fields.insert((event.hasPrefix("peg.") ? "hole" : "index", .integer(number)), at: 0)
    }
    emit(
      event, fields, Moment(time: change.time, deviceTime: change.deviceTime), quality: .inferred, host: host)
  }

  private mutating func take(_ rule: MaskRule, _ statement: Statement, _ moment: Moment, host: DriverHost) {
    guard let mask = statement.text(rule.field).flatMap({ UInt64($0, radix: rule.base) }) else { return }
    let known = masks.updateValue(mask, forKey: statement.ruleNumber)
    for bit in 0..<rule.count {
      let isSet = mask >> UInt64(bit) & 1 == 1
      let number = rule.first + bit
      if rule.reconciles {
        guard let before = holes[number] else {
          _ = holes.change(number, isFilled: isSet)
          continue
        }
        if before == isSet { continue }
        host.tally("reconciled_pegs")
        trial?.wasReconciled = true
      } else {
        guard let known, known >> UInt64(bit) & 1 != mask >> UInt64(bit) & 1 else { continue }
      }
      emit(
        isSet ? rule.setEvent : rule.clearEvent, [(rule.index, .integer(Int64(number)))], moment,
        quality: rule.reconciles ? .inferred : [], host: host)
    }
  }
}

extension Event {
  /// The value of a field.
  subscript(key: String) -> Event.Value? { fields.first { $0.key == key }?.value }
}
