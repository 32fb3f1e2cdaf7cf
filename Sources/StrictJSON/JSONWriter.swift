/// Writes JSON into a byte buffer that is reused: keys in the order in which they are written, no allocation per value,
/// the same output in every run.
///
/// Each value is put down in one go: its room is made sure of once, then its bytes follow. Only what is generic is
/// inlinable, so that it is specialised in the module that calls it.
public struct JSONWriter: Sendable {
  /// What has been written, and behind it room.
  private var storage: [UInt8]
  /// How many bytes have been written.
  public private(set) var count = 0
  private var needsComma = false
  private let capacity: Int

  /// What ``clear()`` keeps at most: one long text does not hold its memory for ever.
  private static let keptRoom = 65_536

  /// An empty writer with room for `capacity` bytes.
  public init(capacity: Int = 512) {
    self.capacity = max(capacity, 64)
    storage = [UInt8](repeating: 0, count: self.capacity)
  }

  /// Forgets what was written and keeps the room, except for that of an unusually long text.
  public mutating func clear() {
    if storage.count > max(capacity, Self.keptRoom) { storage = [UInt8](repeating: 0, count: capacity) }
    count = 0
    needsComma = false
  }

  /// What has been written: a copy of just that length, so that whoever keeps it keeps nothing else alive.
  public var bytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
      written = copy(into: UnsafeMutableRawBufferPointer(buffer))
    }
  }

  /// Lends what has been written, without a copy.
  public func withBytes<Outcome, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Outcome
  ) throws(Failure) -> Outcome {
    try storage.withUnsafeBufferPointer { buffer throws(Failure) in
      try body(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: buffer[..<count])))
    }
  }

  /// Copies what has been written to the beginning of a buffer, as far as it has room; says how many bytes that were.
  @discardableResult
  public func copy(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    withBytes { bytes in
      let fitting = UnsafeRawBufferPointer(rebasing: bytes.prefix(buffer.count))
      buffer.copyMemory(from: fitting)
      return fitting.count
    }
  }

  /// Begins an object, as a value.
  public mutating func beginObject() { open(UInt8(ascii: "{")) }
  /// Ends the object.
  public mutating func endObject() { close(UInt8(ascii: "}")) }
  /// Begins an array, as a value.
  public mutating func beginArray() { open(UInt8(ascii: "[")) }
  /// Ends the array.
  public mutating func endArray() { close(UInt8(ascii: "]")) }

  /// Writes a key whose characters need no escape; a value must follow.
  public mutating func key(_ key: StaticString) {
    key.withUTF8Buffer { key in
      put(upTo: key.count + 3) { place in
        let length = quote(key, at: place)
        place[length] = UInt8(ascii: ":")
        return length + 1
      }
    }
    needsComma = false
  }

  /// Writes a key; a value must follow.
  public mutating func key(_ key: String) {
    string(key)
    needsComma = false
    put(upTo: 1) { place in
      place[0] = UInt8(ascii: ":")
      return 1
    }
    needsComma = false
  }

  /// Writes a string value.
  public mutating func string(_ string: String) {
    var string = string
    string.withUTF8 { text in
      if text.contains(where: needsEscape) {
        put(upTo: text.count * 6 + 2) { quoteEscaping(text, at: $0) }
      } else {
        put(upTo: text.count + 2) { quote(text, at: $0) }
      }
    }
  }

  /// Writes a string value whose characters need no escape.
  public mutating func word(_ word: StaticString) {
    word.withUTF8Buffer { word in put(upTo: word.count + 2) { quote(word, at: $0) } }
  }

  /// Writes a whole number.
  @inlinable public mutating func integer<Integer: FixedWidthInteger>(_ integer: Integer) {
    digits(UInt64(integer.magnitude), negative: integer < 0)
  }

  /// Writes a number in the fewest digits that read back as the same number; `null` where it is not finite.
  public mutating func number(_ number: Double) {
    guard number.isFinite else { return null() }
    // An integer below 2^53 divided by a power of ten rounds as the decimal text does, so equality proves the digits.
    var scale = 1.0
    for decimals in 0...6 {
      let scaled = nearestWhole(number * scale)
      if scaled.magnitude < 9_007_199_254_740_992, scaled / scale == number {
        let (magnitude, negative) = (UInt64(scaled.magnitude), scaled < 0)
        return put(upTo: decimalRoom) { writeDecimal(magnitude, negative: negative, decimals: decimals, at: $0) }
      }
      scale *= 10
    }
    var text = number.description
    text.withUTF8 { text in put(upTo: text.count) { copyBytes(text, to: $0) } }
  }

  /// Writes `true` or `false`.
  public mutating func flag(_ flag: Bool) { literal(flag ? "true" : "false") }

  /// Writes `null`.
  public mutating func null() { literal("null") }

  /// Writes text that is JSON already, as a value.
  @inlinable public mutating func verbatim(_ json: some Sequence<UInt8>) {
    let done: Void? = json.withContiguousStorageIfAvailable { verbatim(bytes: UnsafeRawBufferPointer($0)) }
    if done == nil { Array(json).withUnsafeBytes { verbatim(bytes: $0) } }
  }

  /// Writes text that is JSON already, as a value.
  public mutating func verbatim(bytes json: UnsafeRawBufferPointer) {
    put(upTo: json.count) { place in
      UnsafeMutableRawBufferPointer(start: place, count: json.count).copyMemory(from: json)
      return json.count
    }
  }

  /// Writes a piece of JSON that brings the commas before and behind it.
  public mutating func piece(_ piece: [UInt8]) {
    needsComma = false
    piece.withUnsafeBytes { verbatim(bytes: $0) }
    needsComma = false
  }

  /// Writes a value that was parsed.
  public mutating func node(_ node: JSONNode) {
    switch node.value {
    case .null: null()
    case .bool(let value): flag(value)
    case .integer(let value): integer(value)
    case .number(let value): number(value)
    case .string(let value): string(value)
    case .array(let elements):
      beginArray()
      for element in elements { self.node(element) }
      endArray()
    case .object(let members):
      beginObject()
      for member in members {
        key(member.key)
        self.node(member.node)
      }
      endObject()
    }
  }

  /// Ends a line.
  public mutating func newLine() {
    needsComma = false
    put(upTo: 1) { place in
      place[0] = 0x0A
      return 1
    }
    needsComma = false
  }

  // MARK: Bytes

  /// Writes a whole number of at most 64 bits by its magnitude and sign.
  @usableFromInline mutating func digits(_ magnitude: UInt64, negative: Bool) {
    put(upTo: decimalRoom) { writeDecimal(magnitude, negative: negative, decimals: 0, at: $0) }
  }

  private mutating func literal(_ literal: StaticString) {
    literal.withUTF8Buffer { literal in put(upTo: literal.count) { copyBytes(literal, to: $0) } }
  }

  private mutating func open(_ bracket: UInt8) {
    put(upTo: 1) { place in
      place[0] = bracket
      return 1
    }
    needsComma = false
  }

  private mutating func close(_ bracket: UInt8) {
    needsComma = false
    put(upTo: 1) { place in
      place[0] = bracket
      return 1
    }
  }

  /// The one place that writes: a comma where one is due, then what `body` puts down, at most `room` bytes.
  @inline(__always)
  private mutating func put(upTo room: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
    if storage.count - count < room + 1 { grow(by: room + 1) }
    let (start, comma) = (count, needsComma)
    count += storage.withUnsafeMutableBufferPointer { buffer in
      guard let place = buffer.baseAddress?.advanced(by: start) else { return 0 }
      if comma { place[0] = UInt8(ascii: ",") }
      return (comma ? 1 : 0) + body(comma ? place + 1 : place)
    }
    needsComma = true
  }

  @inline(never)
  private mutating func grow(by room: Int) {
    storage += [UInt8](repeating: 0, count: max(room, storage.count))
  }
}
