extension JSONNode {
  /// Parses one JSON text: RFC 8259, UTF-8 only, no duplicate keys, no number past 2^53 or not finite.
  public init(parsing text: [UInt8], limits: JSONLimits) throws(JSONError) {
    if text.count > limits.bytes {
      throw JSONError(kind: .tooLong, line: 1, column: 1, detail: "the text is longer than \(limits.bytes) bytes")
    }
    var parser = JSONParser(text: text, limits: limits)
    self = try parser.parse()
  }
}

struct JSONParser {
  private let text: [UInt8]
  private let limits: JSONLimits
  private var position = 0
  private var line = 1
  private var lineStart = 0

  init(text: [UInt8], limits: JSONLimits) {
    self.text = text
    self.limits = limits
  }

  mutating func parse() throws(JSONError) -> JSONNode {
    try skipSpace()
    let node = try value(depth: 0)
    try skipSpace()
    if position < text.count { throw wrong("nothing may follow the value, but \(found) does") }
    return node
  }

  // MARK: Values

  private mutating func value(depth: Int) throws(JSONError) -> JSONNode {
    let (line, column) = (line, self.column)
    guard let byte = peek else { throw ended("a value is missing") }
    let value: JSONNode.Value
    switch byte {
    case UInt8(ascii: "{"): value = try object(depth: depth + 1)
    case UInt8(ascii: "["): value = try array(depth: depth + 1)
    case UInt8(ascii: "\""): value = .string(try string())
    case UInt8(ascii: "t"): value = try word("true", .bool(true))
    case UInt8(ascii: "f"): value = try word("false", .bool(false))
    case UInt8(ascii: "n"): value = try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): value = try number()
    default: throw wrong("a value was expected, not \(found)")
    }
    return JSONNode(value, line: line, column: column)
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSONNode.Value {
    try enter(depth)
    var members: [JSONMember] = []
    var keys: Set<String> = []
    try skipSpace()
    if take(UInt8(ascii: "}")) { return .object([]) }
    while true {
      guard peek == UInt8(ascii: "\"") else { throw expected("a key in quotes") }
      let (keyLine, keyColumn) = (line, column)
      let key = try string()
      if !keys.insert(key).inserted {
        throw JSONError(
          kind: .duplicateKey, line: keyLine, column: keyColumn,
          detail: "the key \"\(key.prefix(64))\" stands here twice")
      }
      try skipSpace()
      guard take(UInt8(ascii: ":")) else { throw expected("a colon after the key \"\(key.prefix(64))\"") }
      try skipSpace()
      members.append(JSONMember(key, try value(depth: depth)))
      if try !another(closing: UInt8(ascii: "}")) { return .object(members) }
    }
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSONNode.Value {
    try enter(depth)
    var elements: [JSONNode] = []
    try skipSpace()
    if take(UInt8(ascii: "]")) { return .array([]) }
    while true {
      elements.append(try value(depth: depth))
      if try !another(closing: UInt8(ascii: "]")) { return .array(elements) }
    }
  }

  private mutating func enter(_ depth: Int) throws(JSONError) {
    if depth > limits.depth {
      throw JSONError(
        kind: .tooDeep, line: line, column: column, detail: "lists and objects stand more than \(limits.depth) deep")
    }
    position += 1
  }

  /// After an element: is there another, or does the closing bracket follow?
  private mutating func another(closing: UInt8) throws(JSONError) -> Bool {
    try skipSpace()
    if take(closing) { return false }
    guard take(UInt8(ascii: ",")) else {
      throw expected("a comma or \"\(Character(UnicodeScalar(closing)))\"")
    }
    try skipSpace()
    return !(limits.comments && take(closing))
  }

  private mutating func word(_ word: StaticString, _ value: JSONNode.Value) throws(JSONError) -> JSONNode.Value {
    let end = position + word.utf8CodeUnitCount
    guard end <= text.count,
      word.withUTF8Buffer({ buffer in text[position..<end].elementsEqual(buffer) })
    else { throw wrong("a value was expected, not \(found)") }
    position = end
    return value
  }

  private mutating func number() throws(JSONError) -> JSONNode.Value {
    let start = position
    _ = take(UInt8(ascii: "-"))
    let integerDigits = digits()
    if integerDigits == 0 { throw expected("a digit") }
    if integerDigits > 1, text[position - integerDigits] == UInt8(ascii: "0") {
      throw wrong("a number has a leading zero")
    }
    var whole = true
    if take(UInt8(ascii: ".")) {
      whole = false
      if digits() == 0 { throw expected("a digit after the decimal point") }
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      whole = false
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      if digits() == 0 { throw expected("a digit in the exponent") }
    }
    let digits = String(decoding: text[start..<position], as: UTF8.self)
    if whole {
      guard let integer = Int64(digits), integer.magnitude <= 1 << 53 else {
        throw outOfRange("the number \(digits.prefix(32)) is past 2^53", at: start)
      }
      return .integer(integer)
    }
    guard let number = Double(digits), number.isFinite else {
      throw outOfRange("the number \(digits.prefix(32)) is too large", at: start)
    }
    return .number(number)
  }

  private mutating func digits() -> Int {
    let start = position
    while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
    return position - start
  }

  // MARK: Strings

  private mutating func string() throws(JSONError) -> String {
    position += 1
    let start = position
    while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
    if take(UInt8(ascii: "\"")) { return try utf8(text[start..<position - 1]) }
    var bytes = Array(text[start..<position])
    while true {
      guard let byte = peek else { throw ended("a string is not closed") }
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return try utf8(bytes[...])
      case UInt8(ascii: "\\"):
        position += 1
        try escape(into: &bytes)
      case 0..<0x20:
        throw wrong("a control character stands in a string; write it as an escape")
      default:
        bytes.append(byte)
        position += 1
      }
    }
  }

  private func utf8(_ bytes: ArraySlice<UInt8>) throws(JSONError) -> String {
    guard let string = String(validating: bytes, as: UTF8.self) else {
      throw JSONError(kind: .encoding, line: line, column: column, detail: "the string before this is not UTF-8")
    }
    return string
  }

  private mutating func escape(into bytes: inout [UInt8]) throws(JSONError) {
    guard let byte = peek else { throw ended("a string is not closed") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(byte)
    case UInt8(ascii: "b"): bytes.append(0x08)
    case UInt8(ascii: "f"): bytes.append(0x0C)
    case UInt8(ascii: "n"): bytes.append(0x0A)
    case UInt8(ascii: "r"): bytes.append(0x0D)
    case UInt8(ascii: "t"): bytes.append(0x09)
    case UInt8(ascii: "u"):
      var code = try hex4()
      if (0xD800..<0xDC00).contains(code) {
        guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw wrong("half a surrogate pair") }
        let low = try hex4()
        guard (0xDC00..<0xE000).contains(low) else { throw wrong("half a surrogate pair") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = UnicodeScalar(code) else { throw wrong("half a surrogate pair") }
      bytes.append(contentsOf: UTF8.encode(scalar) ?? .init())
    default:
      position -= 1
      throw wrong("an unknown escape in a string")
    }
  }

  private mutating func hex4() throws(JSONError) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
        throw expected("four hexadecimal digits after \\u")
      }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }

  // MARK: Space and places

  private mutating func skipSpace() throws(JSONError) {
    while let byte = peek {
      switch byte {
      case 0x20, 0x09, 0x0D: position += 1
      case 0x0A: newLine()
      case UInt8(ascii: "/") where limits.comments: try skipComment()
      default: return
      }
    }
  }

  private mutating func newLine() {
    position += 1
    line += 1
    lineStart = position
  }

  private mutating func skipComment() throws(JSONError) {
    let (startLine, startColumn) = (line, column)
    position += 1
    if take(UInt8(ascii: "/")) {
      while let byte = peek, byte != 0x0A { position += 1 }
      return
    }
    guard take(UInt8(ascii: "*")) else { throw wrong("a lone \"/\"") }
    while let byte = peek {
      if byte == 0x0A {
        newLine()
      } else {
        position += 1
        if byte == UInt8(ascii: "*"), take(UInt8(ascii: "/")) { return }
      }
    }
    throw JSONError(kind: .incomplete, line: startLine, column: startColumn, detail: "a comment is not closed")
  }

  private var peek: UInt8? { position < text.count ? text[position] : nil }
  private var column: Int { position - lineStart + 1 }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    position += 1
    return true
  }

  private var found: String {
    guard let byte = peek else { return "the end" }
    return (0x21...0x7E).contains(byte) ? "\"\(Character(UnicodeScalar(byte)))\"" : "byte \(byte)"
  }

  private func expected(_ thing: String) -> JSONError {
    peek == nil ? ended("\(thing) is missing") : wrong("\(thing) was expected, not \(found)")
  }

  private func wrong(_ detail: String) -> JSONError {
    JSONError(kind: .syntax, line: line, column: column, detail: detail)
  }

  private func ended(_ detail: String) -> JSONError {
    JSONError(kind: .incomplete, line: line, column: column, detail: detail)
  }

  private func outOfRange(_ detail: String, at start: Int) -> JSONError {
    JSONError(kind: .numberOutOfRange, line: line, column: start - lineStart + 1, detail: detail)
  }
}
