package import CThenarDriver
package import Readings

/// Lends a string to C for the length of a call.
package func withLentText<Result>(_ string: String, _ body: (thenar_text) throws -> Result) rethrows -> Result {
  var string = string
  return try string.withUTF8 { utf8 in
    try utf8.withMemoryRebound(to: CChar.self) { try body(thenar_text(bytes: $0.baseAddress, count: $0.count)) }
  }
}

/// Lends strings to C for the length of a call, all in one buffer.
package func withLentTexts<Result>(_ strings: [String], _ body: ([thenar_text]) -> Result) -> Result {
  var bytes: [CChar] = []
  bytes.reserveCapacity(strings.reduce(0) { $0 + $1.utf8.count })
  for string in strings { bytes.append(contentsOf: string.utf8.lazy.map(CChar.init(bitPattern:))) }
  return bytes.withUnsafeBufferPointer { buffer in
    var start = 0
    var texts: [thenar_text] = []
    texts.reserveCapacity(strings.count)
    for string in strings {
      let count = string.utf8.count
      texts.append(thenar_text(bytes: buffer.baseAddress.map { $0 + start }, count: count))
      start += count
    }
    return body(texts)
  }
}

/// Lends a channel to C for the length of a call.
package func withLent(_ channel: Channel, _ body: (UnsafePointer<thenar_channel>) -> Void) {
  let texts = [channel.name, channel.quantity, channel.unit, channel.rawUnit, channel.kind, channel.direction]
  withLentTexts(texts) { texts in
    var it = thenar_channel(
      struct_size: UInt32(MemoryLayout<thenar_channel>.size), number: channel.number, name: texts[0],
      quantity: texts[1], unit: texts[2], raw_unit: texts[3], minimum: channel.minimum ?? .nan,
      maximum: channel.maximum ?? .nan, resolution: channel.resolution ?? .nan, interval_us: channel.interval,
      uncertainty_us: channel.uncertainty, kind: texts[4], direction: texts[5], capacity: channel.capacity ?? .nan,
      usual_interval_us: channel.usualInterval)
    body(&it)
  }
}

/// Lends an identity to C for the length of a call.
package func withLent(_ identity: Identity, _ body: (UnsafePointer<thenar_identity>) -> Void) {
  withLentTexts([identity.vendor, identity.model, identity.serial, identity.firmware]) { texts in
    var it = thenar_identity(
      struct_size: UInt32(MemoryLayout<thenar_identity>.size), vendor: texts[0], model: texts[1], serial: texts[2],
      firmware: texts[3], battery_percent: identity.batteryPercent ?? .nan)
    body(&it)
  }
}

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

/// Lends a setup to C for the length of a call.
package func withLentSetup<Result>(
  usbVendor: UInt16, usbProduct: UInt16, serial: String, settings: String, reportDescriptor: [UInt8],
  _ body: (UnsafePointer<thenar_setup>) -> Result
) -> Result {
  withLentText(serial) { serial in
    withLentText(settings) { settings in
      reportDescriptor.withUnsafeBufferPointer { descriptor in
        var setup = thenar_setup(
          struct_size: UInt32(MemoryLayout<thenar_setup>.size), usb_vendor: usbVendor, usb_product: usbProduct,
          serial: serial, settings: settings, report_descriptor: descriptor.isEmpty ? nil : descriptor.baseAddress,
          report_descriptor_count: descriptor.count)
        return body(&setup)
      }
    }
  }
}

extension thenar_serial_line {
  /// A line as C has it.
  package init(_ line: SerialLine) {
    self.init(
      struct_size: UInt32(MemoryLayout<thenar_serial_line>.size), baud: line.baud, data_bits: line.dataBits,
      parity: line.parity.rawValue, stop_bits: line.stopBits, dtr: line.dtr ? 1 : 0, rts: line.rts ? 1 : 0)
  }
}

extension String {
  /// A copy of a text that C lent; bytes that are not UTF-8 become U+FFFD.
  package init(_ text: thenar_text) {
    guard let bytes = text.bytes, text.count > 0 else {
      self = ""
      return
    }
    self = bytes.withMemoryRebound(to: UInt8.self, capacity: text.count) {
      String(decoding: UnsafeBufferPointer(start: $0, count: text.count), as: UTF8.self)
    }
  }
}
