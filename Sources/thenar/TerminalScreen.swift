internal import Glibc
internal import ThenarClient

/// The terminal while it shows a picture instead of lines. It is as it was before when this ends, however it ends.
final class TerminalScreen {
  private var shown: [String] = []
  private var shownSize = (width: 0, height: 0)

  /// The terminal can place text.
  static var isCapable: Bool {
    let kind = variable("TERM")
    return !kind.isEmpty && kind != "dumb"
  }

  /// Its character set is UTF-8, as far as the locale says.
  static var isUnicode: Bool {
    setlocale(LC_CTYPE, "")
    return nl_langinfo(nl_item(CODESET)).map { String(cString: $0) } == "UTF-8"
  }

  /// The user has not asked for a screen without colours (no-color.org).
  static var wantsColour: Bool { variable("NO_COLOR").isEmpty }

  /// Turns to the second screen; keys come one by one and are not shown.
  init() throws(ClientError) {
    var settings = termios()
    guard tcgetattr(0, &settings) == 0 else { throw .system(call: "tcgetattr", errno: errno) }
    restoreAtEnd(settings)
    settings.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
    settings.c_iflag &= ~tcflag_t(IXON)
    guard tcsetattr(0, TCSANOW, &settings) == 0 else { throw .system(call: "tcsetattr", errno: errno) }
    StandardOutput.write("\u{1B}[?1049h\u{1B}[?25l".utf8)
  }

  deinit { restoreTerminal() }

  /// Columns and rows.
  var size: (width: Int, height: Int) {
    var size = winsize()
    guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// Shows lines; writes only those that are not there yet.
  func show(_ lines: [String], width: Int, height: Int) {
    var text = ""
    if (width, height) != shownSize {
      text = "\u{1B}[2J"
      shown = []
      shownSize = (width, height)
    }
    for (row, line) in lines.enumerated() where row >= shown.count || shown[row] != line {
      text += "\u{1B}[\(row + 1);1H\(line)\u{1B}[K"
    }
    shown = lines
    if !text.isEmpty { StandardOutput.write(text.utf8) }
  }

  /// Reads the keys that were pressed: q, Ctrl-C or Ctrl-D among them, or the terminal is gone.
  func quitWasPressed() -> Bool {
    var keys = [UInt8](repeating: 0, count: 256)
    let count = read(0, &keys, keys.count)
    if count <= 0 { return count == 0 || errno != EINTR && errno != EAGAIN }
    return keys[..<count].contains { [UInt8(ascii: "q"), UInt8(ascii: "Q"), 3, 4].contains($0) }
  }
}

private func variable(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }
