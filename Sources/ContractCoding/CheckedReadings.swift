package import CThenarDriver
package import Readings

extension Channel {
  /// A checked copy of what a driver handed over.
  package init(checking channel: thenar_channel) throws(ContractBreach) {
    guard channel.number < ReadingLimits.channels else {
      throw ContractBreach("channel \(channel.number) is not one of 0 to \(ReadingLimits.channels - 1)")
    }
    self.init(
      number: channel.number, name: try ContractCoding.name(channel.name, "name"),
      quantity: try wholeText(channel.quantity, limit: ReadingLimits.nameBytes, "quantity"),
      unit: try wholeText(channel.unit, limit: ReadingLimits.unitBytes, "unit"),
      rawUnit: try wholeText(channel.raw_unit, limit: ReadingLimits.unitBytes, "raw_unit", mayBeEmpty: true),
      kind: try word(channel.kind, "kind"), direction: try word(channel.direction, "direction"),
      minimum: channel.minimum.isFinite ? channel.minimum : nil,
      maximum: channel.maximum.isFinite ? channel.maximum : nil,
      // 0, as a C structure has it where nothing is said.
      capacity: channel.capacity.isFinite && channel.capacity != 0 ? channel.capacity : nil,
      resolution: channel.resolution.isFinite ? channel.resolution : nil,
      interval: try span(channel.interval_us, "interval_us"),
      usualInterval: try span(channel.usual_interval_us, "usual_interval_us"),
      uncertainty: try span(channel.uncertainty_us, "uncertainty_us"))
    if let minimum, let maximum, minimum > maximum { throw ContractBreach("minimum is above maximum") }
    if let capacity, capacity < 0 { throw ContractBreach("capacity is below 0") }
    if let resolution, resolution <= 0 { throw ContractBreach("resolution is not above 0") }
  }
}

/// A word that may be missing.
private func word(_ text: thenar_text, _ what: String) throws(ContractBreach) -> String {
  text.count == 0 ? "" : try name(text, what)
}

extension Event {
  /// A checked copy of what a driver handed over.
  package init(checking event: thenar_event) throws(ContractBreach) {
    guard event.field_count <= ReadingLimits.fields else {
      throw ContractBreach("field_count \(event.field_count) is past \(ReadingLimits.fields)")
    }
    var fields: [Field] = []
    for field in try list(event.fields, count: event.field_count, "fields") {
      fields.append(try Field(checking: field))
    }
    guard Set(fields.map(\.key)).count == fields.count else { throw ContractBreach("two fields have one key") }
    self.init(
      try ContractCoding.name(event.name, "name"), at: try bounded(event.time_us, "time_us"),
      deviceTime: try optionalTime(event.device_time_us, "device_time_us"),
      uncertainty: try span(event.uncertainty_us, "uncertainty_us"), quality: try ContractCoding.quality(event.quality),
      raw: try freeText(event.raw, limit: ReadingLimits.textBytes, "raw"))
    self.fields = fields
  }
}

extension Event.Field {
  fileprivate init(checking field: thenar_field) throws(ContractBreach) {
    let key = try ContractCoding.name(field.key, "key")
    switch field.kind {
    case THENAR_FIELD_INTEGER: self.init(key, .integer(try bounded(field.integer, "field \(key)")))
    case THENAR_FIELD_NUMBER:
      guard field.number.isFinite else { throw ContractBreach("field \(key) is not a finite number") }
      self.init(key, .number(field.number))
    case THENAR_FIELD_TEXT:
      self.init(key, .text(try freeText(field.text, limit: ReadingLimits.textBytes, "field \(key)")))
    case THENAR_FIELD_FLAG:
      guard (0...1).contains(field.integer) else { throw ContractBreach("flag \(key) is \(field.integer), not 0 or 1") }
      self.init(key, .flag(field.integer == 1))
    default: throw ContractBreach("field \(key) is of kind \(field.kind), which does not exist")
    }
  }
}

extension Identity {
  /// A checked copy of what a driver handed over.
  package init(checking identity: thenar_identity) throws(ContractBreach) {
    self.init(
      vendor: try freeText(identity.vendor, limit: ReadingLimits.identityBytes, "vendor"),
      model: try freeText(identity.model, limit: ReadingLimits.identityBytes, "model"),
      serial: try freeText(identity.serial, limit: ReadingLimits.identityBytes, "serial"),
      firmware: try freeText(identity.firmware, limit: ReadingLimits.identityBytes, "firmware"),
      batteryPercent: identity.battery_percent.isFinite ? identity.battery_percent : nil)
  }
}

extension SerialLine {
  /// A checked copy of what a driver handed over.
  package init(checking line: thenar_serial_line) throws(ContractBreach) {
    self.init(
      baud: line.baud, dataBits: line.data_bits, stopBits: line.stop_bits, dtr: line.dtr == 1, rts: line.rts == 1)
    guard let parity = Parity(rawValue: line.parity), line.dtr <= 1, line.rts <= 1, isPossible else {
      throw ContractBreach("a setting of the line is out of range")
    }
    self.parity = parity
  }
}
