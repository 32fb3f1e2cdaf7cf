/// Foreign text made fit for a log and a terminal: names come from instruments, drivers and consumers, and what is in
/// one must neither clear a screen, nor turn the direction of a line round, nor pass for a line of its own.
package enum SafeText {
  /// The text on one line, every character that is not plainly visible written as an escape: `\n`, `\u{1b}`.
  package static func escaped(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
    var safe = ""
    safe.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars { append(scalar, to: &safe) }
    return safe
  }

  private static func append(_ scalar: Unicode.Scalar, to safe: inout String) {
    switch scalar {
    case "\n": safe += "\\n"
    case "\r": safe += "\\r"
    case "\t": safe += "\\t"
    case _ where isVisible(scalar): safe.unicodeScalars.append(scalar)
    default: safe += "\\u{" + String(scalar.value, radix: 16) + "}"
    }
  }

  /// It shows itself and does nothing to what stands around it.
  package static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    // Controls of C0 and C1; marks of direction and of joining, which are format characters; other line ends.
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: false
    default: true
    }
  }
}
