internal import DriverKit

/// Cuts a stream of bytes into frames. Where the stream was cut on its way is no matter.
///
/// It is not DriverKit's framer: that knows no time, and here a pause ends a frame of fixed length, and a frame whose
/// beginning was not received is told apart from one that is damaged.
struct Framer {
  enum Outcome: Equatable {
    /// A frame is whole: it is in `buffer`, without what delimits it, until more bytes are taken.
    case frame
    /// The frame became too long; what follows is dropped up to the next one. Said once per frame.
    case overlong
    /// A frame that was not whole was dropped.
    case partial
  }

  private let framing: Framing
  private(set) var buffer: [UInt8] = []
  private var isWhole = false
  private var isSkipping: Bool
  private var reportsSkip = false
  private var lastTime: Microseconds?

  init(_ framing: Framing) {
    self.framing = framing
    isSkipping = framing.kind == .startEnd
  }

  /// The bytes to come begin in the middle of a frame: they are dropped up to the next one.
  mutating func skipToNextFrame() {
    clear()
    isSkipping = framing.kind != .fixed
    reportsSkip = framing.kind == .line
  }

  /// The frame of fixed length that was just taken was none: its first byte is dropped and the rest tried again.
  mutating func retry() {
    if framing.kind != .fixed { return }
    buffer.removeFirst()
    isWhole = false
  }

  /// Takes bytes from `next` on, up to the first outcome; `nil` when they are used up.
  mutating func take(_ bytes: Span<UInt8>, from next: inout Int, at time: Microseconds) -> Outcome? {
    if isWhole { clear() }
    while next < bytes.count {
      if !isSkipping, framing.kind != .fixed {
        takeRun(bytes, from: &next)
        if next == bytes.count { return nil }
      }
      next += 1
      let outcome =
        switch framing.kind {
        case .line: line(bytes[next - 1])
        case .fixed: fixed(bytes[next - 1], at: time)
        case .startEnd: delimited(bytes[next - 1])
        }
      if let outcome { return outcome }
    }
    return nil
  }

  /// Takes bytes that cannot end or begin a frame, as many as it may have.
  private mutating func takeRun(_ bytes: Span<UInt8>, from next: inout Int) {
    let limit = min(bytes.count, next + framing.maximumLength - buffer.count)
    var end = next
    while end < limit, !framing.delimiters.holds(bytes[end]) { end += 1 }
    bytes.extracting(next..<end).withUnsafeBufferPointer { buffer.append(contentsOf: $0) }
    next = end
  }

  private mutating func line(_ byte: UInt8) -> Outcome? {
    guard framing.delimiters.holds(byte) else { return isSkipping ? nil : overlong() }
    if isSkipping {
      isSkipping = false
      defer { reportsSkip = false }
      return reportsSkip ? .partial : nil
    }
    return buffer.isEmpty ? nil : whole()
  }

  private mutating func fixed(_ byte: UInt8, at time: Microseconds) -> Outcome? {
    var outcome: Outcome?
    if let lastTime, time - lastTime > framing.gap, !buffer.isEmpty {
      clear()
      outcome = .partial
    }
    lastTime = time
    buffer.append(byte)
    return buffer.count == framing.length ? whole() : outcome
  }

  private mutating func delimited(_ byte: UInt8) -> Outcome? {
    if byte == framing.start {
      defer {
        clear()
        isSkipping = false
      }
      return isSkipping || buffer.isEmpty ? nil : .partial
    }
    if isSkipping { return nil }
    guard framing.delimiters.holds(byte) else { return overlong() }
    isSkipping = true
    return whole()
  }

  private mutating func overlong() -> Outcome {
    clear()
    isSkipping = true
    return .overlong
  }

  private mutating func whole() -> Outcome {
    isWhole = true
    return .frame
  }

  private mutating func clear() {
    buffer.removeAll(keepingCapacity: true)
    isWhole = false
  }
}
