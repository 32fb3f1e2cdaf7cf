/// One line of an instrument, checked and ready for the rules.
struct Line {
  /// What the rules see lies in here, folded as the profile says.
  let bytes: [UInt8]
  /// Where in `bytes` it lies: without checksum, trimmed as the profile says.
  let text: Range<Int>
  /// What the instrument sent.
  let sent: ArraySlice<UInt8>

  /// No line.
  static let none = Line(bytes: [], text: 0..<0, sent: [])

  /// What the instrument sent, as text.
  var raw: String { asciiText(sent) }
}

/// ASCII text. A byte that is no ASCII character becomes U+FFFD and is never dropped: `1\u{B2}34` must not read as 134.
func asciiText(_ bytes: ArraySlice<UInt8>) -> String {
  if !bytes.contains(where: isDamaged) { return String(decoding: bytes, as: UTF8.self) }
  var utf8: [UInt8] = []
  for byte in bytes { utf8 += isDamaged(byte) ? [0xEF, 0xBF, 0xBD] : [byte] }
  return String(decoding: utf8, as: UTF8.self)
}

/// Why a line, or what should have been one, was not used. The words are names of health counters.
enum LineDamage: String, CaseIterable {
  /// The checksum is wrong or missing.
  case checksum = "checksum_errors"
  /// Longer than `framing.max_length`.
  case overlong = "overlong_lines"
  /// More lines than `limits.max_lines_per_second`.
  case tooMany = "lines_over_rate"
  /// A rule matched, but a value in it makes no sense.
  case value = "bad_values"
  /// No rule matched.
  case unmatched = "unmatched_lines"
}
