/// Text from outside, made fit for a terminal: names come from instruments, and a control character in one must not
/// clear a screen or hide a line.
enum SafeText {
  /// The text with every control, format and undefined character replaced by `?`.
  static func of(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
    var safe = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { safe.append(isHarmless(scalar) ? scalar : "?") }
    return String(safe)
  }

  /// The text with every character that is not ASCII replaced by `?`.
  static func ascii(_ text: String) -> String { String(text.map { $0.isASCII ? $0 : "?" }) }

  /// How many columns of a terminal the text takes.
  static func width(_ text: String) -> Int { text.reduce(0) { $0 + width($1) } }

  /// How many columns a character takes: East Asian wide ones and pictures take two.
  static func width(_ character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    return wide.contains { $0.contains(first.value) } ? 2 : 1
  }

  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
    0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD,
  ]

  private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: false
    default: true
    }
  }
}
