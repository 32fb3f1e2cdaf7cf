/// Breaks a sentence into lines.
enum Paragraph {
  /// At most `limit` lines. All but the last have at most `width` columns; the last holds all the rest, to be cut.
  static func lines(_ text: String, width: Int, limit: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in SafeText.of(text).split(separator: " ") {
      if !line.isEmpty, SafeText.width(line) + 1 + SafeText.width(String(word)) > width {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? String(word) : " \(word)"
    }
    if !line.isEmpty { lines.append(line) }
    if lines.count > limit {
      let last = lines[(limit - 1)...].joined(separator: " ")
      lines = Array(lines[..<(limit - 1)]) + [last]
    }
    return lines
  }
}
