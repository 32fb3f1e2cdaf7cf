package import CThenarDriver

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
