import DriverKit

/// Whether packets come as they should: silence, gaps, and bytes that never make a packet.
struct LinkWatch {
  /// A timer sends all the time while it is on; so long without a packet means that it is off or unplugged.
  static let silence: Microseconds = 1_000_000
  /// So long a stream of bytes without a packet means that the line is wrong.
  private static let unreadable: Microseconds = 2_000_000

  /// When the newest packet came; `nil` while there is no timer.
  private(set) var newestPacket: Microseconds?
  private var newestByte: Microseconds?
  private var unreadableSince: Microseconds?
  private var hasToldOfUnreadable = false

  /// When the timer will have been silent for too long.
  var deadline: Microseconds? { newestPacket.map { $0 + Self.silence } }

  /// The timer has been silent for too long.
  func isSilent(at time: Microseconds) -> Bool { deadline.map { time >= $0 } ?? false }

  /// A packet came. Returns whether some before it are missing.
  mutating func takePacket(at time: Microseconds, layout: PacketLayout) -> Bool {
    defer { newestPacket = time }
    unreadableSince = nil
    guard let newestPacket else { return false }
    return time - newestPacket > Self.longestGap(layout)
  }

  /// Nothing is missing up to here. A late read alone must not count as a packet missed.
  private static func longestGap(_ layout: PacketLayout) -> Microseconds {
    layout == .thousandths ? 200_000 : 300_000
  }

  /// Bytes came, and the packets in them have been taken. Returns true once, when nothing but rubbish has come for long.
  mutating func takeBytes(at time: Microseconds, hadPacket: Bool) -> Bool {
    defer { newestByte = time }
    if hadPacket { return false }
    let isNewStream = newestByte.map { time - $0 > Self.silence } ?? true
    let since = isNewStream ? time : unreadableSince ?? newestByte ?? time
    unreadableSince = since
    guard !hasToldOfUnreadable, time - since >= Self.unreadable else { return false }
    hasToldOfUnreadable = true
    return true
  }

  /// The timer is gone.
  mutating func lose() { newestPacket = nil }
}
