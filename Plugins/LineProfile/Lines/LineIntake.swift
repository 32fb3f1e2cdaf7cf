internal import DriverKit

/// Bytes in, checked lines out.
struct LineIntake {
  enum Outcome: Equatable {
    case line(Line)
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

  init(framing: Framing, checksum: Checksum?, linesPerSecond: Int) {
    self.framing = framing
    self.checksum = checksum
    framer = Framer(framing)
    rate = LineRate(linesPerSecond: linesPerSecond)
  }

  /// The line was opened now: half a line may come first. A checksum would tell; without one we do not guess.
  mutating func open(at now: Microseconds) { openedAt = checksum?.isRequired == true ? nil : now }

  mutating func take(_ byte: UInt8, at time: Microseconds) -> Outcome? {
    if let openedAt {
      if time - openedAt < Self.openingPause { framer.skipToNextFrame() }
      self.openedAt = nil
    }
    switch framer.take(byte, at: time) {
    case nil: return nil
    case .partial: return .partial
    case .overlong: return .damaged(.overlong)
    case .frame(let frame): return finish(frame, at: time)
    }
  }

  private mutating func finish(_ frame: [UInt8], at time: Microseconds) -> Outcome? {
    // Lines that end LF CR or CR LF while only one of the two is the terminator.
    let bare = trimmed(frame) { $0 == 0x0A || $0 == 0x0D }
    if bare.isEmpty { return nil }
    guard rate.allows(at: time) else { return .damaged(.tooMany) }
    guard let body = checksum.map({ $0.verified(Array(bare)) }) ?? Array(bare) else {
      framer.retry(frame)
      return .damaged(.checksum)
    }
    let kept = framing.trims ? trimmed(body) { $0 == 0x20 || $0 == 0x09 } : body[...]
    if kept.isEmpty { return nil }
    return .line(Line(text: text(of: kept, folded: framing.foldsCase), raw: text(of: bare, folded: false)))
  }

  private func trimmed(_ bytes: [UInt8], where isTrimmed: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    guard let first = bytes.firstIndex(where: { !isTrimmed($0) }), let last = bytes.lastIndex(where: { !isTrimmed($0) })
    else { return [] }
    return bytes[first...last]
  }
}

/// ASCII text. A byte that is no ASCII character becomes U+FFFD and is never dropped: `1\u{B2}34` must not read as 134.
func text(of bytes: ArraySlice<UInt8>, folded: Bool) -> String {
  var utf8: [UInt8] = []
  utf8.reserveCapacity(bytes.count)
  for byte in bytes {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z") where folded: utf8.append(byte - 0x20)
    case 0x20...0x7E, 0x09: utf8.append(byte)
    default: utf8.append(contentsOf: [0xEF, 0xBF, 0xBD])
    }
  }
  return String(decoding: utf8, as: UTF8.self)
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
