package import StrictJSON

/// The whole numbers that every JSON parser keeps exactly.
package let exactIntegers: ClosedRange<Int64> = -(1 << 53)...(1 << 53)

/// What several kinds of message have in common when they are read.
extension JSONFields {
  /// A count: 0 to 2^53.
  package mutating func count(_ key: String) throws(JSONMismatch) -> UInt64? {
    try integer(key, in: 0...exactIntegers.upperBound).map { UInt64($0) }
  }

  /// A count that must be there.
  package mutating func requiredCount(_ key: String) throws(JSONMismatch) -> UInt64 {
    guard let count = try count(key) else { throw missing(key) }
    return count
  }

  /// A time in microseconds.
  package mutating func time(_ key: String) throws(JSONMismatch) -> Int64? { try integer(key, in: exactIntegers) }

  /// A time in microseconds that must be there.
  package mutating func requiredTime(_ key: String) throws(JSONMismatch) -> Int64 {
    guard let time = try time(key) else { throw missing(key) }
    return time
  }

  /// Any finite number.
  package mutating func anyNumber(_ key: String) throws(JSONMismatch) -> Double? {
    try number(key, in: -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude)
  }

  /// A text, empty where there is none.
  package mutating func text(_ key: String) throws(JSONMismatch) -> String { try string(key) ?? "" }

  /// Numbers; not a number where the list holds `null` or something else.
  package mutating func numbers(_ key: String) throws(JSONMismatch) -> [Double] {
    try list(key).map { $0.number ?? .nan }
  }

  /// Objects of a list; none when absent.
  package mutating func objects<Object: WireObject>(
    _ key: String, as _: Object.Type = Object.self
  ) throws(JSONMismatch) -> [Object] {
    var objects: [Object] = []
    for element in try list(key) { objects.append(try Object(JSONFields(element, path(of: key)))) }
    return objects
  }

  /// Something must be there and is not.
  package func missing(_ key: String) -> JSONMismatch {
    JSONMismatch(line: line, key: path(of: key), problem: "is missing")
  }
}

/// What several kinds of message have in common when they are written.
extension JSONWriter {
  /// A member with a text, also an empty one.
  package mutating func member(_ key: StaticString, _ text: String) {
    self.key(key)
    string(text)
  }

  /// A member with a whole number.
  package mutating func member(_ key: StaticString, _ integer: some FixedWidthInteger) {
    self.key(key)
    self.integer(integer)
  }

  /// A member with a number; `null` where it is not finite.
  package mutating func member(_ key: StaticString, _ number: Double) {
    self.key(key)
    self.number(number)
  }

  /// A member that is true or false.
  package mutating func member(_ key: StaticString, _ flag: Bool) {
    self.key(key)
    self.flag(flag)
  }

  /// A member with a text; none where the text is empty.
  package mutating func known(_ key: StaticString, _ text: String) {
    if !text.isEmpty { member(key, text) }
  }

  /// A member with a number; none where it is not known.
  package mutating func known(_ key: StaticString, _ number: Double?) {
    if let number { member(key, number) }
  }

  /// A member with a whole number; none where it is not known.
  package mutating func known(_ key: StaticString, _ integer: (some FixedWidthInteger)?) {
    if let integer { member(key, integer) }
  }

  /// A member with a number of microseconds; none where it is zero.
  package mutating func unlessZero(_ key: StaticString, _ microseconds: Int64) {
    if microseconds > 0 { member(key, microseconds) }
  }

  /// A member with an object.
  package mutating func object(_ key: StaticString, _ body: (inout JSONWriter) -> Void) {
    self.key(key)
    object(body)
  }

  /// An object, as a value.
  package mutating func object(_ body: (inout JSONWriter) -> Void) {
    beginObject()
    body(&self)
    endObject()
  }

  /// A member with a list.
  package mutating func list<Element>(
    _ key: StaticString, _ elements: some Sequence<Element>, _ write: (inout JSONWriter, Element) -> Void
  ) {
    self.key(key)
    beginArray()
    for element in elements { write(&self, element) }
    endArray()
  }

  /// A member with a list of objects.
  package mutating func list(_ key: StaticString, _ elements: [some WireObject]) {
    list(key, elements) { writer, element in writer.object { element.write(to: &$0) } }
  }
}
