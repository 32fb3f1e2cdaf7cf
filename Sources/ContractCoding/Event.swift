package import CThenarDriver
package import Readings

/// Lends an event to C for the length of a call.
package func withLent(_ event: Event, _ body: (UnsafePointer<thenar_event>) -> Void) {
  var texts = [event.name, event.raw]
  texts.reserveCapacity(2 + 2 * event.fields.count)
  for field in event.fields {
    texts.append(field.key)
    if case .text(let text) = field.value { texts.append(text) } else { texts.append("") }
  }
  withLentTexts(texts) { texts in
    var fields: [thenar_field] = []
    fields.reserveCapacity(event.fields.count)
    for (index, field) in event.fields.enumerated() {
      var it = thenar_field()
      it.key = texts[2 + 2 * index]
      switch field.value {
      case .integer(let integer): (it.kind, it.integer) = (THENAR_FIELD_INTEGER, integer)
      case .number(let number): (it.kind, it.number) = (THENAR_FIELD_NUMBER, number)
      case .flag(let flag): (it.kind, it.integer) = (THENAR_FIELD_FLAG, flag ? 1 : 0)
      case .text: (it.kind, it.text) = (THENAR_FIELD_TEXT, texts[3 + 2 * index])
      }
      fields.append(it)
    }
    fields.withUnsafeBufferPointer { fields in
      var it = thenar_event(
        struct_size: UInt32(MemoryLayout<thenar_event>.size), quality: event.quality.rawValue, name: texts[0],
        time_us: event.time, device_time_us: event.deviceTime ?? THENAR_NO_TIME, uncertainty_us: event.uncertainty,
        fields: fields.baseAddress, field_count: fields.count, raw: texts[1])
      body(&it)
    }
  }
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
