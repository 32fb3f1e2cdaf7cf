/// How a part of a line looks. A colour never says anything that a word does not say too.
enum Look: Sendable {
  case plain, bold, dim, good, attention, bad, emulated, banner

  /// The codes of ECMA-48 "select graphic rendition".
  fileprivate var codes: String {
    switch self {
    case .plain: ""
    case .bold: "1"
    case .dim: "2"
    case .good: "32"
    case .attention: "33"
    case .bad: "1;31"
    case .emulated: "35"
    case .banner: "1;7"
    }
  }
}

/// One line of the screen.
struct ScreenLine: Sendable {
  private var parts: [(text: String, look: Look)] = []
  /// Columns that it takes.
  private(set) var width = 0

  init() {}

  init(_ text: String, _ look: Look = .plain) { add(text, look) }

  mutating func add(_ text: String, _ look: Look = .plain) {
    let text = SafeText.of(text)
    if text.isEmpty { return }
    parts.append((text, look))
    width += SafeText.width(text)
  }

  mutating func add(_ other: ScreenLine) {
    parts += other.parts
    width += other.width
  }

  /// Fills with blanks up to a column.
  mutating func pad(to column: Int) {
    if column > width { add(String(repeating: " ", count: column - width)) }
  }

  /// What fits into `columns`; an ellipsis says that something does not.
  func cut(to columns: Int) -> ScreenLine {
    if width <= columns { return self }
    var line = ScreenLine()
    for part in parts {
      for character in part.text {
        let next = SafeText.width(character)
        if line.width + next > columns - 1 {
          if columns > 0 { line.add("…", part.look) }
          return line
        }
        line.add(String(character), part.look)
      }
    }
    return line
  }

  /// The line as a terminal takes it.
  func rendered(_ terminal: TerminalKind) -> String {
    var text = ""
    for part in parts {
      let plain = terminal.unicode ? part.text : SafeText.ascii(part.text.replacingEllipsis)
      text += terminal.colour && !part.look.codes.isEmpty ? "\u{1B}[\(part.look.codes)m\(plain)\u{1B}[0m" : plain
    }
    return text
  }
}

/// What a terminal can show.
package struct TerminalKind: Sendable {
  /// Its character set is UTF-8.
  package var unicode: Bool
  /// It shows colours, and the user wants them.
  package var colour: Bool

  /// What a terminal can show.
  package init(unicode: Bool, colour: Bool) {
    self.unicode = unicode
    self.colour = colour
  }
}

extension String {
  /// A narrow stand-in, so that an ASCII screen keeps its columns.
  fileprivate var replacingEllipsis: String { String(map { $0 == "…" ? "~" : $0 }) }
}
