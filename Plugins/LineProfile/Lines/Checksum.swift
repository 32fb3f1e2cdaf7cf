internal import DriverKit
internal import Schemas

/// The checksum of a profile's lines: which bytes it covers and where it stands.
struct Checksum {
  let kind: ChecksumKind
  /// First covered byte, from 0.
  let from: Int
  /// How many bytes are covered when lines with a checksum have one length; otherwise all up to the checksum.
  let length: Int?
  /// Stands between the covered bytes and the checksum.
  let separator: [UInt8]
  /// A line without a checksum is damaged.
  let isRequired: Bool

  static var schema: Schema {
    .object([
      SchemaField("kind", .word(ChecksumKind.self), "How it is computed."),
      SchemaField("from", .integer(0...4095), "First covered byte."),
      SchemaField("length", .integer(1...4096), "How many bytes are covered."),
      SchemaField("separator", .anyText, "Text between the covered bytes and the checksum."),
      SchemaField("required", .flag, "A line without a checksum is damaged."),
    ])
  }

  init(_ value: CheckedValue) throws(JSONMismatch) {
    kind = value.word("kind") ?? .none
    from = Int(value.integer("from") ?? 0)
    length = value.integer("length").map(Int.init)
    separator = Array((value.text("separator") ?? "").utf8)
    isRequired = value.flag("required") ?? true
    if !isRequired, length == nil, separator.isEmpty {
      throw value.mismatch(
        "required", "can be false only with a length or a separator, which tell a line with a checksum from one without"
      )
    }
  }

  /// How many bytes come before the checksum and its separator, or `nil` when the checksum is wrong, or missing where it
  /// is required.
  func verified(_ frame: ArraySlice<UInt8>) -> Int? {
    let start = frame.startIndex
    let end = frame.endIndex - kind.width
    let covered = end - separator.count
    let hasOne =
      covered > start + from && frame[covered..<end].elementsEqual(separator)
      && (length == nil || covered - start - from == length)
    if !hasOne { return isRequired || hasMisplacedSeparator(frame) ? nil : frame.count }
    var written: UInt32 = 0
    for byte in frame[end...] { written = written << 8 | UInt32(Self.capital(byte)) }
    return kind.characters(over: frame[(start + from)..<covered]) == written ? covered - start : nil
  }

  /// A separator elsewhere than before the last characters: the line lost or gained bytes.
  private func hasMisplacedSeparator(_ frame: ArraySlice<UInt8>) -> Bool {
    guard let first = separator.first else { return false }
    return frame.contains(first)
  }

  private static func capital(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte) ? byte - 0x20 : byte
  }
}
