internal import DriverKit

/// Finds where a level crosses a threshold, for each of a board's sensors.
struct EdgeDetector {
  /// A change, with the times of the line that first showed it.
  struct Change: Equatable {
    var sensor: String
    var isOn: Bool
    var level: Double
    var time: Microseconds
    var deviceTime: Microseconds?
  }

  private struct Sensor {
    var isOn: Bool?
    /// Level mode: a change that has not held for long enough.
    var candidate: Change?
    /// Drop mode: the level before the drop, or the newest one.
    var reference = 0.0
  }

  private let rule: EdgeRule
  private var sensors: [String: Sensor] = [:]

  init(_ rule: EdgeRule) { self.rule = rule }

  /// When a change will have held for long enough, if nothing else comes.
  var due: Microseconds? { sensors.values.compactMap { $0.candidate.map { $0.time + rule.hold } }.min() }

  /// Takes a level. The first one of a sensor tells its state and is no change.
  mutating func take(_ level: Double, sensor name: String, at time: Microseconds, deviceTime: Microseconds?) -> Change?
  {
    // A board has few sensors; more names than these are noise.
    if sensors[name] == nil, sensors.count >= 256 { return nil }
    let reading = Change(sensor: name, isOn: false, level: level, time: time, deviceTime: deviceTime)
    var sensor = sensors[name] ?? Sensor()
    defer { sensors[name] = sensor }
    return rule.mode == .level ? takeLevel(reading, &sensor) : takeDrop(reading, &sensor)
  }

  private func takeLevel(_ reading: Change, _ sensor: inout Sensor) -> Change? {
    guard let wasOn = sensor.isOn else {
      sensor.isOn = reading.level > rule.onAbove
      return nil
    }
    var reading = reading
    reading.isOn = wasOn ? reading.level >= rule.offBelow : reading.level > rule.onAbove
    let candidate = sensor.candidate ?? reading
    let onDevice = reading.deviceTime.flatMap { now in candidate.deviceTime.map { now - $0 } }
    let held = onDevice ?? reading.time - candidate.time
    if candidate.isOn != wasOn, held >= rule.hold {
      let change = accept(candidate, &sensor)
      let isOn = candidate.isOn ? reading.level >= rule.offBelow : reading.level > rule.onAbove
      reading.isOn = isOn
      if isOn != candidate.isOn { sensor.candidate = reading }
      return change
    }
    sensor.candidate = reading.isOn == wasOn ? nil : candidate
    return nil
  }

  private func takeDrop(_ reading: Change, _ sensor: inout Sensor) -> Change? {
    var reading = reading
    let fall = rule.deltas[reading.sensor] ?? rule.delta
    let isOn = reading.level == rule.alsoWhenEqual || (sensor.isOn != nil && sensor.reference - reading.level > fall)
    guard let wasOn = sensor.isOn else {
      (sensor.isOn, sensor.reference) = (isOn, reading.level)
      return nil
    }
    if !isOn { sensor.reference = reading.level }
    if isOn == wasOn { return nil }
    reading.isOn = isOn
    return accept(reading, &sensor)
  }

  private func accept(_ change: Change, _ sensor: inout Sensor) -> Change {
    sensor.isOn = change.isOn
    sensor.candidate = nil
    return change
  }

  /// Changes that have held for long enough by now.
  mutating func takeDue(at now: Microseconds) -> [Change] {
    let ripe = sensors.values.compactMap(\.candidate).filter { $0.time + rule.hold <= now }
    for change in ripe {
      sensors[change.sensor]?.isOn = change.isOn
      sensors[change.sensor]?.candidate = nil
    }
    return ripe.sorted { ($0.time, $0.sensor) < ($1.time, $1.sensor) }
  }
}
