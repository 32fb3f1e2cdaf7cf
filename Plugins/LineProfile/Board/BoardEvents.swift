internal import DriverKit

/// Events, and what each means for the trial that runs.
extension Board {
  /// The instrument's time of a trial and the station's may differ by this and a twentieth.
  private static var disagreement: Microseconds { 2_000_000 }

  /// Ends the trial that runs, if one does.
  mutating func abort(_ reason: String, _ moment: Moment, host: DriverHost) {
    guard trial != nil else { return }
    emit(EventName.trialAborted, [("reason", .text(reason))], moment, quality: .inferred, host: host)
  }

  /// Makes an event.
  mutating func emit(
    _ name: String, _ fields: [(key: String, value: Event.Value)], _ moment: Moment, number: String? = nil,
    quality: Quality = [], host: DriverHost
  ) {
    var event = Event(
      name, at: moment.time, deviceTime: moment.deviceTime,
      uncertainty: profile.clock.origin == .none || moment.deviceTime != nil ? profile.clock.uncertainty : 0,
      quality: quality, fields: fields, raw: asciiText(moment.sent))
    var elapsed: Elapsed?
    switch name {
    case EventName.trialStarted:
      abort("restarted", Moment(time: moment.time, deviceTime: moment.deviceTime), host: host)
      trial = Trial(startTime: moment.time, startDeviceTime: moment.deviceTime, number: number)
    case EventName.trialSplit: split(&event)
    case EventName.trialStopped: elapsed = stop(&event, number: number, host: host)
    case EventName.trialAborted, EventName.trialReset: trial = nil
    case EventName.pegInserted, EventName.pegRemoved: if !countPeg(&event) { host.tally("repeated_pegs") }
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
    if event["index"] == nil { event.fields.append(.init("index", .integer(index))) }
    if event["elapsed_us"] == nil {
      event.fields.append(.init("elapsed_us", .integer(trial.elapsed(at: event.time, deviceTime: event.deviceTime))))
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
    if let running, running.lostLines > 0 { event.fields.append(.init("lines_lost", .integer(running.lostLines))) }
    if let running, running.lostLines > 0 || running.wasReconciled { event.quality.formUnion(.suspect) }
    if case .integer(let time)? = event["elapsed_us"] {
      let unit = profile.plans["elapsed"]?.format
      return isPaired ? Elapsed(time: time, raw: unit.flatMap { raw(time, in: $0) }) : nil
    }
    guard isPaired, let running else { return nil }
    let time = running.elapsed(at: event.time, deviceTime: event.deviceTime)
    let isOnDevice = event.deviceTime != nil && running.startDeviceTime != nil
    let onStation = event.time - running.startTime
    if isOnDevice, (time - onStation).magnitude > Self.disagreement + onStation / 20 {
      event.quality.formUnion(.suspect)
      host.fault(
        .note, "clock_disagrees",
        "The instrument says \(Double(time) / 1e6) s for a trial that took \(Double(onStation) / 1e6) s here; "
          + "check clock.format in the profile.")
    }
    if time < 0 { event.quality.formUnion(.suspect) }
    if time < 0 { return nil }
    event.fields.append(.init("elapsed_us", .integer(time)))
    return Elapsed(time: time, raw: isOnDevice ? raw(time, in: profile.clock.format) : nil)
  }

  /// The time in the instrument's own unit, where it speaks in one.
  private func raw(_ time: Microseconds, in format: TimeFormat) -> Double? {
    format.rawUnit == nil ? nil : Double(time) / Double(format.unit)
  }

  /// Gives a peg its number in the trial. `false`: the hole was in that state already, so it is told but not counted.
  private mutating func countPeg(_ event: inout Event) -> Bool {
    guard case .integer(let hole)? = event["hole"] else { return true }
    if profile.knowsRemoval, !holes.change(Int(hole), isFilled: event.name == EventName.pegInserted) {
      event.quality.formUnion(.suspect)
      event.fields.append(.init("repeated", .flag(true)))
      return false
    }
    if let order = trial?.nextOrder(of: event.name) { event.fields.append(.init("order", .integer(order))) }
    return true
  }
}
