/// What a process says on its standard error, cut into lines that are fit to be logged: not too long, not too many.
struct OutputLines {
  /// Bytes of a line; what is longer goes on as a line of its own.
  static let longestLine = 512
  /// Bytes that a process may say in a second; the rest is counted.
  static let bytesPerSecond = 16_384
  /// Bytes that are taken from it in a second: who says more than that waits until it is over.
  static let mostPerSecond = 1 << 20

  private var line: [UInt8] = []
  private var said = 0
  private var taken = 0
  private var unsaid = 0
  private var second: Int64 = .min

  /// Takes bytes that came; gives the lines that are complete. `now` is in microseconds.
  mutating func take(_ bytes: some Sequence<UInt8>, at now: Int64) -> [String] {
    var lines = due(at: now)
    for byte in bytes {
      taken += 1
      if byte != UInt8(ascii: "\n") { line.append(byte) }
      if byte == UInt8(ascii: "\n") || line.count >= Self.longestLine { endLine(&lines) }
    }
    return lines
  }

  /// What is to be said of what was not said, when its second is over.
  mutating func due(at now: Int64) -> [String] {
    guard second == .min || now - second >= 1_000_000 else { return [] }
    second = now
    said = 0
    taken = 0
    return notice()
  }

  /// The process has ended: what is left.
  mutating func end() -> [String] {
    var lines: [String] = []
    endLine(&lines)
    return lines + notice()
  }

  /// Something is still to be said when the second is over.
  var isWaiting: Bool { unsaid > 0 }

  /// Nothing more is to be taken before the second is over.
  var isFull: Bool { taken >= Self.mostPerSecond }

  private mutating func endLine(_ lines: inout [String]) {
    defer { line = [] }
    if line.isEmpty { return }
    said += line.count
    if said > Self.bytesPerSecond { unsaid += 1 } else { lines.append(String(decoding: line, as: UTF8.self)) }
  }

  private mutating func notice() -> [String] {
    defer { unsaid = 0 }
    return unsaid == 0 ? [] : ["(\(unsaid) more lines in that second)"]
  }
}
