internal import DriverKit

/// Cuts a stream of bytes into frames. It sees one byte at a time, so where the stream was cut on its way is no matter.
struct Framer {
  enum Outcome: Equatable {
    /// A frame, without what delimits it.
    case frame([UInt8])
    /// The frame became too long; what follows is dropped up to the next one. Said once per frame.
    case overlong
    /// A frame that was not whole was dropped.
    case partial
  }

  private let framing: Framing
  private var buffer: [UInt8] = []
  private var isSkipping: Bool
  private var reportsSkip = false
  private var lastTime: Microseconds?

  init(_ framing: Framing) {
    self.framing = framing
    isSkipping = framing.kind == .startEnd
  }

  /// The bytes to come begin in the middle of a frame: they are dropped up to the next one.
  mutating func skipToNextFrame() {
    buffer = []
    isSkipping = framing.kind != .fixed
    reportsSkip = framing.kind == .line
  }

  /// A frame of fixed length was none: its first byte is dropped and the rest tried again.
  mutating func retry(_ frame: [UInt8]) {
    if framing.kind == .fixed { buffer = Array(frame.dropFirst()) }
  }

  mutating func take(_ byte: UInt8, at time: Microseconds) -> Outcome? {
    switch framing.kind {
    case .line: line(byte)
    case .fixed: fixed(byte, at: time)
    case .startEnd: delimited(byte)
    }
  }

  private mutating func line(_ byte: UInt8) -> Outcome? {
    guard framing.terminators.contains(byte) else { return isSkipping ? nil : append(byte) }
    if isSkipping {
      isSkipping = false
      defer { reportsSkip = false }
      return reportsSkip ? .partial : nil
    }
    return buffer.isEmpty ? nil : finish()
  }

  private mutating func fixed(_ byte: UInt8, at time: Microseconds) -> Outcome? {
    var outcome: Outcome?
    if let lastTime, time - lastTime > framing.gap, !buffer.isEmpty {
      buffer = []
      outcome = .partial
    }
    lastTime = time
    buffer.append(byte)
    return buffer.count == framing.length ? finish() : outcome
  }

  private mutating func delimited(_ byte: UInt8) -> Outcome? {
    if byte == framing.start {
      defer {
        buffer = []
        isSkipping = false
      }
      return isSkipping || buffer.isEmpty ? nil : .partial
    }
    if isSkipping { return nil }
    guard framing.terminators.contains(byte) else { return append(byte) }
    isSkipping = true
    return finish()
  }

  private mutating func append(_ byte: UInt8) -> Outcome? {
    buffer.append(byte)
    if buffer.count <= framing.maximumLength { return nil }
    buffer = []
    isSkipping = true
    return .overlong
  }

  private mutating func finish() -> Outcome {
    defer { buffer = [] }
    return .frame(buffer)
  }
}
