internal import DriverKit

/// Samples, edges of levels and bits of masks.
extension Board {
  /// Takes a measurement.
  func take(_ rule: SampleRule, _ statement: Statement, _ moment: Moment, host: DriverHost) {
    let reading = statement.measurement(rule.field)
    var quality = statement.quality(rule)
    if reading == nil { quality.formUnion(.noData) }
    host.sample(
      channel: rule.channel, value: reading?.value, raw: reading?.raw, quality: quality, at: moment.time,
      deviceTime: moment.deviceTime)
  }

  /// Takes a level.
  mutating func take(_ rule: EdgeRule, _ statement: Statement, _ moment: Moment, host: DriverHost) {
    guard let level = statement[rule.field]?.number else { return }
    let sensor = rule.index.flatMap { statement[$0] }?.text ?? ""
    let change = edges[statement.rule.number]?.take(
      level, sensor: sensor, at: moment.time, deviceTime: moment.deviceTime)
    if let change { tell(change, rule, host: host) }
  }

  /// Tells of a level that crossed its threshold.
  mutating func tell(_ change: EdgeDetector.Change, _ rule: EdgeRule, host: DriverHost) {
    guard let event = change.isOn ? rule.onEvent : rule.offEvent else { return }
    var fields: [(key: String, value: Event.Value)] = [("level", .number(change.level))]
    if rule.index != nil {
      guard let number = Int64(change.sensor) else { return }
      fields.insert((event.hasPrefix("peg.") ? "hole" : "index", .integer(number)), at: 0)
    }
    emit(
      event, fields, Moment(time: change.time, deviceTime: change.deviceTime), quality: .inferred, host: host)
  }

  /// Takes a mask, and tells of the bits that changed.
  mutating func take(_ rule: MaskRule, _ statement: Statement, _ moment: Moment, host: DriverHost) {
    guard let mask = statement.mask(rule) else { return }
    let known = masks[statement.rule.number]
    masks[statement.rule.number] = mask
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
