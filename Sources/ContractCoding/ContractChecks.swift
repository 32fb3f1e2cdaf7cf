package import CThenarDriver
package import Readings

/// A rule of `thenar_driver.h` that a driver broke, as the end of a sentence: "channel 5 was never declared".
package struct ContractBreach: Error, Equatable {
  /// What is wrong.
  package var rule: String
  /// A breach.
  package init(_ rule: String) { self.rule = rule }
}

/// A copy of a list that a driver handed over.
package func list<Element>(
  _ pointer: UnsafePointer<Element>?, count: Int, _ what: String
) throws(ContractBreach) -> [Element] {
  if count == 0 { return [] }
  guard let pointer else { throw ContractBreach("\(what) is NULL") }
  try checkAlignment(of: UnsafeRawPointer(pointer), for: Element.self)
  return Array(UnsafeBufferPointer(start: pointer, count: count))
}

func checkAlignment<Pointee>(of pointer: UnsafeRawPointer, for _: Pointee.Type) throws(ContractBreach) {
  guard UInt(bitPattern: pointer) % UInt(MemoryLayout<Pointee>.alignment) == 0 else {
    throw ContractBreach("a pointer is not aligned")
  }
}

/// A copy of a text for people: bytes that are not UTF-8 are replaced, and what is longer than `limit` bytes is cut.
package func freeText(_ text: thenar_text, limit: Int, _ what: String) throws(ContractBreach) -> String {
  // A character is at most 4 bytes long: one that these bytes cut in two lies past the limit.
  let bytes = try list(text.bytes, count: min(text.count, limit + 4), what)
  var copy = String(decoding: bytes.lazy.map(UInt8.init(bitPattern:)), as: UTF8.self)
  while copy.utf8.count > limit { copy.unicodeScalars.removeLast() }
  return copy
}

/// A text that must be there and must not be cut: a unit, a quantity.
package func wholeText(
  _ text: thenar_text, limit: Int, _ what: String, mayBeEmpty: Bool = false
) throws(ContractBreach) -> String {
  guard text.count <= limit else { throw ContractBreach("\(what) is longer than \(limit) bytes") }
  guard text.count > 0 || mayBeEmpty else { throw ContractBreach("\(what) is empty") }
  let bytes = try list(text.bytes, count: text.count, what)
  guard let copy = String(validating: bytes.lazy.map(UInt8.init(bitPattern:)), as: UTF8.self) else {
    throw ContractBreach("\(what) is not UTF-8")
  }
  return copy
}

/// A name or code: letters, digits, `-`, `_` and `.`, 1 to 64 of them.
package func name(_ text: thenar_text, _ what: String) throws(ContractBreach) -> String {
  let copy = try freeText(text, limit: ReadingLimits.nameBytes + 1, what)
  guard isName(copy) else {
    throw ContractBreach("\(what) \"\(copy)\" is not a name of 1 to 64 letters, digits, '-', '_' and '.'")
  }
  return copy
}

/// A time or an integer within ±2^53.
@discardableResult
package func bounded(_ integer: Int64, _ what: String) throws(ContractBreach) -> Int64 {
  guard integer.magnitude <= ReadingLimits.integer.magnitude else {
    throw ContractBreach("\(what) is \(integer), outside \(-ReadingLimits.integer)...2^53")
  }
  return integer
}

/// An interval, an offset or an uncertainty.
@discardableResult
package func span(_ span: Int64, _ what: String) throws(ContractBreach) -> Int64 {
  guard (0...ReadingLimits.span).contains(span) else { throw ContractBreach("\(what) is \(span), outside 0...2^40") }
  return span
}

/// A time that may be missing.
package func optionalTime(_ time: Int64, _ what: String) throws(ContractBreach) -> Int64? {
  time == THENAR_NO_TIME ? nil : try bounded(time, what)
}

/// A count from 0 to 2^53.
package func bounded(_ count: UInt64, _ what: String) throws(ContractBreach) -> UInt64 {
  guard count <= ReadingLimits.integer.magnitude else { throw ContractBreach("\(what) is \(count), past 2^53") }
  return count
}

/// Bits of `THENAR_QUALITY_…` only.
package func quality(_ bits: UInt32) throws(ContractBreach) -> Quality {
  let quality = Quality(rawValue: bits)
  guard quality.isSubset(of: .all) else { throw ContractBreach("a quality has bits that do not exist") }
  return quality
}
