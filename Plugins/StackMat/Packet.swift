import DriverKit

/// The two packet layouts in use, told apart by their length and not by a model's name (PROTOCOL.md 2.1).
enum PacketLayout: Int, CaseIterable {
  /// Nine bytes on the wire, five of them digits: 1/100 s.
  case hundredths = 9
  /// Ten bytes on the wire, six of them digits: 1/1000 s.
  case thousandths = 10

  /// Bytes on the wire, with the terminator.
  var length: Int { rawValue }
  /// Bytes before the terminator: head, digits, checksum.
  var bodyLength: Int { rawValue - 2 }
  /// Milliseconds that the last digit stands for.
  var step: Int64 { self == .hundredths ? 10 : 1 }
  /// The largest time that the digits can show, in milliseconds: 9:59.99 or 9:59.999.
  var largest: Int64 { 600_000 - step }
  /// From one packet to the next: 112 ms was measured on a timer with ten-byte packets, 200 ms is what is told of older ones.
  var period: Microseconds { self == .hundredths ? 200_000 : 112_000 }
  /// Time on the line: ten bits a byte at 1200 baud.
  var transmission: Microseconds { transmissionTime(bytes: length) }
}

/// How long bytes take on the line: ten bits each at 1200 baud.
func transmissionTime(bytes: Int) -> Microseconds { Microseconds(bytes) * 10_000_000 / 1200 }

/// The first byte of a packet: what the timer says that it is doing. A hint only: some timers always say `idle`, and the
/// checksum does not cover it.
enum Head: UInt8, CaseIterable {
  case idle = 0x49  // I
  case leftHand = 0x4C  // L
  case rightHand = 0x52  // R
  case bothHands = 0x43  // C
  case armed = 0x41  // A
  case running = 0x20  // space
  case stopped = 0x53  // S
}

/// What one packet says.
struct Packet: Equatable {
  var head: Head
  /// The time on the display.
  var milliseconds: Int64
  var layout: PacketLayout

  /// Why bytes are not a packet.
  enum Damage: Error, Equatable {
    /// All is well but the checksum.
    case checksum
    /// Anything else: length, head, a digit out of place.
    case framing
  }

  init(_ head: Head, _ milliseconds: Int64, _ layout: PacketLayout) {
    self.head = head
    self.milliseconds = milliseconds
    self.layout = layout
  }

  /// Reads the bytes before a terminator.
  init(body: ArraySlice<UInt8>, _ layout: PacketLayout) throws(Damage) {
    guard body.count == layout.bodyLength, let first = body.first, let head = Head(rawValue: first),
      let checksum = body.last
    else { throw .framing }
    let digits = body.dropFirst().dropLast().map { Int64($0) - 0x30 }
    guard digits.allSatisfy({ (0...9).contains($0) }), digits[1] <= 5 else { throw .framing }
    guard Int64(checksum) == 0x40 + digits.reduce(0, +) else { throw .checksum }
    let fraction = digits[3...].reduce(0) { $0 * 10 + $1 } * layout.step
    self.init(head, digits[0] * 60_000 + digits[1] * 10_000 + digits[2] * 1000 + fraction, layout)
  }

  /// The bytes on the wire. A time between two steps is cut off, as the display cuts it off.
  var bytes: [UInt8] {
    var rest = milliseconds % 1000 / layout.step
    var digits: [UInt8] = []
    for _ in 3..<layout.bodyLength - 2 {
      digits.insert(UInt8(rest % 10), at: 0)
      rest /= 10
    }
    let seconds = milliseconds / 1000
    digits = [UInt8(seconds / 60 % 10), UInt8(seconds % 60 / 10), UInt8(seconds % 10)] + digits
    return [head.rawValue] + digits.map { 0x30 + $0 } + [0x40 + digits.reduce(0, +), 0x0A, 0x0D]
  }

  /// The packet as text, without its terminator.
  var text: String { String(decoding: bytes.dropLast(2), as: UTF8.self) }
}
