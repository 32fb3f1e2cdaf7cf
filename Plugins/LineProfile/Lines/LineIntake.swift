internal import DriverKit

/// Bytes in, checked lines out.
struct LineIntake {
  enum Outcome {
    /// A line is there: it is in `line` until more bytes are taken.
    case line
    case damaged(LineDamage)
    /// The rest of a line whose beginning was not received.
    case partial
  }

  /// A byte that comes this soon after the line was opened may belong to a line that had begun before.
  static let openingPause: Microseconds = 50_000

  private let framing: Framing
  private let checksum: Checksum?
  private var framer: Framer
  private var rate: LineRate
  private var openedAt: Microseconds?
  private(set) var line = Line.none

  init(framing: Framing, checksum: Checksum?, linesPerSecond: Int) {
    self.framing = framing
    self.checksum = checksum
    framer = Framer(framing)
    rate = LineRate(linesPerSecond: linesPerSecond)
  }

  /// The line was opened now: half a line may come first. A checksum would tell; without one we do not guess.
  mutating func open(at now: Microseconds) { openedAt = checksum?.isRequired == true ? nil : now }

  /// Takes bytes from `next` on, up to the first outcome; `nil` when they are used up.
  mutating func take(_ bytes: Span<UInt8>, from next: inout Int, at time: Microseconds) -> Outcome? {
    line = .none
    if let openedAt, next < bytes.count {
      if time - openedAt < Self.openingPause { framer.skipToNextFrame() }
      self.openedAt = nil
    }
    while let frame = framer.take(bytes, from: &next, at: time) {
      switch frame {
      case .partial: return .partial
      case .overlong: return .damaged(.overlong)
      case .frame: if let outcome = finish(framer.buffer, at: time) { return outcome }
      }
    }
    return nil
  }

  private mutating func finish(_ frame: [UInt8], at time: Microseconds) -> Outcome? {
    // Lines that end LF CR or CR LF while only one of the two is the terminator.
    let sent = trimmed(frame, 0..<frame.count) { $0 == 0x0A || $0 == 0x0D }
    if sent.isEmpty { return nil }
    guard rate.allows(at: time) else { return .damaged(.tooMany) }
    var text = sent
    if let checksum {
      guard let covered = checksum.verified(frame[sent]) else {
        framer.retry()
        return .damaged(.checksum)
      }
      text = sent.lowerBound..<sent.lowerBound + covered
    }
    if framing.trims { text = trimmed(frame, text) { $0 == 0x20 || $0 == 0x09 } }
    if text.isEmpty { return nil }
    let isSmall: (UInt8) -> Bool = { $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") }
    let bytes = framing.foldsCase ? frame.map { isSmall($0) ? $0 - 0x20 : $0 } : frame
    line = Line(bytes: bytes, text: text, sent: frame[sent])
    return .line
  }

  private func trimmed(_ bytes: [UInt8], _ range: Range<Int>, where isTrimmed: (UInt8) -> Bool) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, isTrimmed(bytes[start]) { start += 1 }
    while end > start, isTrimmed(bytes[end - 1]) { end -= 1 }
    return start..<end
  }
}

/// Lets through so many lines per second, with bursts of as many.
struct LineRate {
  private let linesPerSecond: Int64
  private var credit: Int64
  private var last: Microseconds?

  init(linesPerSecond: Int) {
    self.linesPerSecond = Int64(linesPerSecond)
    credit = self.linesPerSecond * 1_000_000
  }

  mutating func allows(at time: Microseconds) -> Bool {
    let passed = min(max(0, time - (last ?? time)), 1_000_000)
    last = max(time, last ?? time)
    credit = min(linesPerSecond * 1_000_000, credit + passed * linesPerSecond)
    if credit < 1_000_000 { return false }
    credit -= 1_000_000
    return true
  }
}
