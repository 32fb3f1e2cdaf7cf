internal import Readings

/// Why bytes on the link are not a message.
package enum LinkError: Error, Equatable {
  /// A frame says that it is longer than any message can be, or empty.
  case badLength(UInt32)
  /// A frame ends in the middle of its message, or goes on after it.
  case badSize(kind: UInt8)
  /// No message has this kind.
  case unknownKind(UInt8)
  /// A text is not UTF-8 or longer than allowed.
  case badText(kind: UInt8)
  /// A number is not one of those allowed in its place.
  case badValue(kind: UInt8)

  /// One plain sentence.
  package var sentence: String {
    switch self {
    case .badLength(let length): "The driver process sent a message of \(length) bytes, which no message has."
    case .badSize(let kind): "The driver process sent a message of kind \(kind) whose length is wrong."
    case .unknownKind(let kind): "The driver process sent a message of kind \(kind), which does not exist."
    case .badText(let kind): "The driver process sent a message of kind \(kind) with a text that cannot be used."
    case .badValue(let kind): "The driver process sent a message of kind \(kind) with a number that cannot be used."
    }
  }
}

/// Reads one frame's payload. Every read is checked: the other side may run a driver that has gone wild.
struct ByteReader {
  private let bytes: ArraySlice<UInt8>
  private var position: Int
  private let kind: UInt8

  init(_ bytes: ArraySlice<UInt8>, kind: UInt8) {
    self.bytes = bytes
    position = bytes.startIndex
    self.kind = kind
  }

  mutating func integer<Integer: FixedWidthInteger>(_: Integer.Type = Integer.self) throws(LinkError) -> Integer {
    let size = MemoryLayout<Integer>.size
    guard bytes.endIndex - position >= size else { throw .badSize(kind: kind) }
    let integer = bytes[position..<position + size].withUnsafeBytes { $0.loadUnaligned(as: Integer.self) }
    position += size
    return Integer(littleEndian: integer)
  }

  mutating func number() throws(LinkError) -> Double { Double(bitPattern: try integer()) }

  /// A number that must be finite.
  mutating func finite() throws(LinkError) -> Double {
    let number = try number()
    guard number.isFinite else { throw .badValue(kind: kind) }
    return number
  }

  mutating func flag() throws(LinkError) -> Bool {
    switch try integer(UInt8.self) {
    case 0: return false
    case 1: return true
    default: throw .badValue(kind: kind)
    }
  }

  mutating func text(limit: Int) throws(LinkError) -> String {
    let slice = try raw(limit: limit, tooLong: .badText(kind: kind))
    guard let text = String(validating: slice, as: UTF8.self) else { throw .badText(kind: kind) }
    return text
  }

  mutating func byteArray(limit: Int) throws(LinkError) -> [UInt8] {
    Array(try raw(limit: limit, tooLong: .badSize(kind: kind)))
  }

  private mutating func raw(limit: Int, tooLong: LinkError) throws(LinkError) -> ArraySlice<UInt8> {
    let count = Int(try integer(UInt32.self))
    guard count <= limit else { throw tooLong }
    guard bytes.endIndex - position >= count else { throw .badSize(kind: kind) }
    defer { position += count }
    return bytes[position..<position + count]
  }

  mutating func list<Element>(
    limit: Int, _ read: (inout ByteReader) throws(LinkError) -> Element
  ) throws(LinkError) -> [Element] {
    let count = Int(try integer(UInt32.self))
    guard count <= limit, count <= bytes.endIndex - position else { throw .badSize(kind: kind) }
    var elements: [Element] = []
    elements.reserveCapacity(count)
    for _ in 0..<count { elements.append(try read(&self)) }
    return elements
  }

  /// A number that is NaN where it is not known.
  mutating func numberIfKnown() throws(LinkError) -> Double? {
    let number = try number()
    return number.isFinite ? number : nil
  }

  /// A name, a code, or another word.
  mutating func name() throws(LinkError) -> String {
    let name = try text(limit: ReadingLimits.nameBytes)
    guard isName(name) else { throw refuse() }
    return name
  }

  /// Bits that have no word are left to the stream, which has a word for each that it writes.
  mutating func quality() throws(LinkError) -> Quality { Quality(rawValue: try integer()) }

  /// A time in microseconds or another whole number, as large as a number of the stream can be.
  mutating func time() throws(LinkError) -> Microseconds {
    let time = try integer(Microseconds.self)
    guard time.magnitude <= ReadingLimits.integer.magnitude else { throw refuse() }
    return time
  }

  mutating func optionalTime() throws(LinkError) -> Microseconds? {
    let time = try integer(Microseconds.self)
    guard time != .min else { return nil }
    guard time.magnitude <= ReadingLimits.integer.magnitude else { throw refuse() }
    return time
  }

  mutating func span() throws(LinkError) -> Microseconds {
    let span = try integer(Microseconds.self)
    guard (0...ReadingLimits.span).contains(span) else { throw refuse() }
    return span
  }

  mutating func count() throws(LinkError) -> UInt64 {
    let count = try integer(UInt64.self)
    guard count <= ReadingLimits.integer.magnitude else { throw refuse() }
    return count
  }

  func end() throws(LinkError) {
    if position != bytes.endIndex { throw .badSize(kind: kind) }
  }

  func refuse() -> LinkError { .badValue(kind: kind) }
}
