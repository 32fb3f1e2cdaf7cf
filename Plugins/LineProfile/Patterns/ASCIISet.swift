/// A set of ASCII characters, as bits: what one place in a pattern can match.
struct ASCIISet: Equatable {
  private var low: UInt64
  private var high: UInt64

  private init(low: UInt64, high: UInt64) { (self.low, self.high) = (low, high) }

  static let none = ASCIISet(low: 0, high: 0)
  static let all = ASCIISet(low: .max, high: .max)
  static let digits = ASCIISet(UInt8(ascii: "0")...UInt8(ascii: "9"))
  static let letters = ASCIISet(UInt8(ascii: "a")...UInt8(ascii: "z"))
    .union(ASCIISet(UInt8(ascii: "A")...UInt8(ascii: "Z")))
  static let word = digits.union(letters).union(ASCIISet(UInt8(ascii: "_")...UInt8(ascii: "_")))
  static let blanks = ASCIISet(0x20...0x20).union(ASCIISet(0x09...0x0D))

  init(_ range: ClosedRange<UInt8>) {
    self = .none
    for byte in range where byte < 128 { insert(byte) }
  }

  var isEmpty: Bool { low == 0 && high == 0 }
  var inverted: ASCIISet { ASCIISet(low: ~low, high: ~high) }
  func union(_ other: ASCIISet) -> ASCIISet { ASCIISet(low: low | other.low, high: high | other.high) }
  func intersection(_ other: ASCIISet) -> ASCIISet { ASCIISet(low: low & other.low, high: high & other.high) }

  mutating func insert(_ byte: UInt8) {
    if byte < 64 { low |= 1 << UInt64(byte) } else if byte < 128 { high |= 1 << UInt64(byte - 64) }
  }
}
