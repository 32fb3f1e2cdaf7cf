/// A set of bytes: what one place in a pattern can match.
///
/// A line is ASCII text; every other byte is damage, and all damage is alike. Sets for lines are made of characters and
/// what is left when characters are taken away, so they hold all damaged bytes or none, and NUL stands for those from 128 on.
struct ByteSet: Equatable {
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  static let none = ByteSet()
  static let all = none.inverted
  static let digits = ByteSet(UInt8(ascii: "0")...UInt8(ascii: "9"))
  static let word = digits.union(ByteSet(UInt8(ascii: "a")...UInt8(ascii: "z")))
    .union(ByteSet(UInt8(ascii: "A")...UInt8(ascii: "Z"))).union(ByteSet(UInt8(ascii: "_")...UInt8(ascii: "_")))
  static let blanks = ByteSet(0x20...0x20).union(ByteSet(0x09...0x09))

  private init() {}

  init(_ range: ClosedRange<UInt8>) { for byte in range where byte < 128 { insert(byte) } }

  init(_ bytes: [UInt8]) { for byte in bytes where byte < 128 { insert(byte) } }

  var isEmpty: Bool { low == 0 && high == 0 }

  var inverted: ByteSet {
    var set = self
    (set.low, set.high) = (~low, ~high)
    return set
  }

  func union(_ other: ByteSet) -> ByteSet {
    var set = self
    (set.low, set.high) = (low | other.low, high | other.high)
    return set
  }

  func isDisjoint(with other: ByteSet) -> Bool { low & other.low == 0 && high & other.high == 0 }

  private mutating func insert(_ byte: UInt8) {
    if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte - 64) }
  }

  /// Whether a byte is in the set, as an ASCII character.
  @inline(__always) func holds(_ byte: UInt8) -> Bool {
    byte < 128 && (byte < 64 ? low : high) >> UInt64(byte & 63) & 1 == 1
  }

  /// Whether a byte of a line is in the set.
  @inline(__always) func contains(_ byte: UInt8) -> Bool { holds(byte < 128 ? byte : 0) }
}

/// A byte that no instrument sends on purpose in a line of ASCII text.
@inline(__always) func isDamaged(_ byte: UInt8) -> Bool { byte &- 0x20 > 0x5E && byte != 0x09 }
