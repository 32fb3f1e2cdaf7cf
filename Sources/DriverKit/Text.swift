internal import CThenarDriver

/// Lends a string to C for the length of a call.
func withText<Result>(_ string: String, _ body: (thenar_text) -> Result) -> Result {
  var string = string
  return string.withUTF8 { utf8 in
    utf8.withMemoryRebound(to: CChar.self) { body(thenar_text(bytes: $0.baseAddress, count: $0.count)) }
  }
}

extension String {
  /// A copy of a text that C lent; bytes that are not UTF-8 become U+FFFD.
  init(_ text: thenar_text) {
    guard let bytes = text.bytes, text.count > 0 else {
      self = ""
      return
    }
    self = bytes.withMemoryRebound(to: UInt8.self, capacity: text.count) {
      String(decoding: UnsafeBufferPointer(start: $0, count: text.count), as: UTF8.self)
    }
  }
}

/// Lends the fields of an event to C for the length of a call. All texts share one buffer.
func withFields(
  _ fields: [Event.Field], _ body: (UnsafeBufferPointer<thenar_field>) -> Void
) {
  if fields.isEmpty { return body(UnsafeBufferPointer(start: nil, count: 0)) }
  var texts: [CChar] = []
  var ends: [Int] = []
  for field in fields {
    texts.append(contentsOf: field.key.utf8.lazy.map(CChar.init(bitPattern:)))
    ends.append(texts.count)
    if case .text(let text) = field.value { texts.append(contentsOf: text.utf8.lazy.map(CChar.init(bitPattern:))) }
    ends.append(texts.count)
  }
  texts.withUnsafeBufferPointer { buffer in
    func text(_ index: Int) -> thenar_text {
      let start = index == 0 ? 0 : ends[index - 1]
      return thenar_text(bytes: buffer.baseAddress.map { $0 + start }, count: ends[index] - start)
    }
    var lent: [thenar_field] = []
    lent.reserveCapacity(fields.count)
    for (index, field) in fields.enumerated() {
      var it = thenar_field()
      it.key = text(2 * index)
      switch field.value {
      case .integer(let integer): (it.kind, it.integer) = (THENAR_FIELD_INTEGER, integer)
      case .number(let number): (it.kind, it.number) = (THENAR_FIELD_NUMBER, number)
      case .flag(let flag): (it.kind, it.integer) = (THENAR_FIELD_FLAG, flag ? 1 : 0)
      case .text: (it.kind, it.text) = (THENAR_FIELD_TEXT, text(2 * index + 1))
      }
      lent.append(it)
    }
    lent.withUnsafeBufferPointer(body)
  }
}
