/// The single characters of a pattern, and its sets of them.
extension PatternReader {
  /// What one place of a pattern can be.
  private struct Characters {
    var set: ByteSet
    /// The character, when it is one.
    var literal: UInt8?

    init(_ set: ByteSet) { self.set = set }
    init(literal byte: UInt8) { (set, literal) = (ByteSet(byte...byte), byte) }
  }

  /// What one place of the pattern can be.
  mutating func character() throws(PatternProblem) -> ByteSet {
    guard let byte = peek else { throw PatternProblem(text: "ends too early") }
    position += 1
    switch byte {
    case UInt8(ascii: "."): return .all
    case UInt8(ascii: "["): return try characterClass()
    case UInt8(ascii: "\\"): return try escape().set
    case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"), UInt8(ascii: "{"):
      throw PatternProblem(text: "has a quantifier with nothing before it")
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      throw PatternProblem(text: "has a lone bracket; write it with a \"\\\" before it")
    default: return ByteSet(byte...byte)
    }
  }

  private mutating func escape() throws(PatternProblem) -> Characters {
    guard let byte = peek else { throw PatternProblem(text: "ends with a \"\\\"") }
    position += 1
    switch byte {
    case UInt8(ascii: "d"): return Characters(.digits)
    case UInt8(ascii: "D"): return Characters(.digits.inverted)
    case UInt8(ascii: "w"): return Characters(.word)
    case UInt8(ascii: "W"): return Characters(.word.inverted)
    case UInt8(ascii: "s"): return Characters(.blanks)
    case UInt8(ascii: "S"): return Characters(.blanks.inverted)
    case UInt8(ascii: "t"): return Characters(literal: 0x09)
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "k"), UInt8(ascii: "g"):
      throw PatternProblem(text: "points back at a group, which is not allowed")
    default:
      if ByteSet.word.holds(byte) {
        throw PatternProblem(text: "has the escape \"\\\(Character(UnicodeScalar(byte)))\", which is not allowed")
      }
      return Characters(literal: byte)
    }
  }

  private mutating func characterClass() throws(PatternProblem) -> ByteSet {
    var set = ByteSet.none
    let inverted = take("^")
    let start = position
    while let byte = peek, byte != UInt8(ascii: "]") {
      if byte == UInt8(ascii: "[") { throw PatternProblem(text: "has a \"[\" inside brackets; write \\[") }
      if "&-~".utf8.contains(byte), position + 1 < pattern.count, pattern[position + 1] == byte {
        throw PatternProblem(text: "does arithmetic with sets inside brackets, which is not allowed")
      }
      let first = try member()
      if peek == UInt8(ascii: "-"), position + 1 < pattern.count, pattern[position + 1] != UInt8(ascii: "]") {
        position += 1
        guard let low = first.literal, let high = try member().literal, low <= high else {
          throw PatternProblem(text: "has a range inside brackets that does not run upwards between two characters")
        }
        set = set.union(ByteSet(low...high))
      } else {
        set = set.union(first.set)
      }
    }
    if position == start { throw PatternProblem(text: "has empty brackets") }
    guard take("]") else { throw PatternProblem(text: "has a \"[\" without its \"]\"") }
    return inverted ? set.inverted : set
  }

  private mutating func member() throws(PatternProblem) -> Characters {
    if take("\\") { return try escape() }
    guard let byte = peek else { throw PatternProblem(text: "ends inside brackets") }
    position += 1
    return Characters(literal: byte)
  }
}
