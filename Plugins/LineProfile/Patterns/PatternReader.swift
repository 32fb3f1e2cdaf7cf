internal import Schemas

/// Reads a pattern, and refuses what is not in our part of the language.
struct PatternReader {
  /// Longest pattern in bytes.
  static let maximumLength = 256
  /// Most capturing groups; an event carries at most 32 fields.
  static let maximumGroups = 20

  let pattern: [UInt8]
  var position = 0
  private var depth = 0
  /// Names of the capturing groups in order; `nil` for a group without a name.
  private(set) var groups: [String?] = []

  init(_ pattern: String) { self.pattern = Array(pattern.utf8) }

  /// The whole pattern.
  mutating func read() throws(PatternProblem) -> PatternNode {
    if pattern.isEmpty { throw PatternProblem(text: "must not be empty") }
    if pattern.count > Self.maximumLength {
      throw PatternProblem(text: "is longer than \(Self.maximumLength) characters")
    }
    if pattern.contains(where: { $0 < 0x20 || $0 > 0x7E }) {
      throw PatternProblem(text: "must hold printable ASCII characters only; write a tab as \\t")
    }
    let node = try alternatives()
    if position < pattern.count { throw PatternProblem(text: "has a \")\" without its \"(\"") }
    return node
  }

  private mutating func alternatives() throws(PatternProblem) -> PatternNode {
    var branches = [try sequence()]
    while take("|") { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .choice(branches)
  }

  private mutating func sequence() throws(PatternProblem) -> PatternNode {
    var nodes: [PatternNode] = []
    while let byte = peek, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
      if let anchor = anchor() {
        if isQuantifier(peek) { throw PatternProblem(text: "repeats an anchor") }
        nodes.append(anchor)
      } else {
        nodes.append(try quantified(byte == UInt8(ascii: "(") ? try group() : .byte(try character())))
      }
    }
    return nodes.count == 1 ? nodes[0] : .sequence(nodes)
  }

  private mutating func anchor() -> PatternNode? {
    if take("^") { return .begin }
    if take("$") { return .end }
    guard peek == UInt8(ascii: "\\"), position + 1 < pattern.count, pattern[position + 1] == UInt8(ascii: "b") else {
      return nil
    }
    position += 2
    return .boundary
  }

  private mutating func group() throws(PatternProblem) -> PatternNode {
    position += 1
    depth += 1
    if depth > 8 { throw PatternProblem(text: "has more than 8 groups inside each other") }
    let number = groups.count
    let captures = take("?") ? try groupKind() : try addGroup(nil)
    let node = try alternatives()
    guard take(")") else { throw PatternProblem(text: "has a \"(\" without its \")\"") }
    depth -= 1
    return captures ? .group(number, node) : node
  }

  private mutating func groupKind() throws(PatternProblem) -> Bool {
    if take(":") { return false }
    if peek == UInt8(ascii: "=") || peek == UInt8(ascii: "!") {
      throw PatternProblem(text: "looks ahead with \"(?=\" or \"(?!\", which is not allowed")
    }
    guard take("<") else {
      throw PatternProblem(text: "has a \"(?\" that begins neither a named group \"(?<name>\" nor \"(?:\"")
    }
    if peek == UInt8(ascii: "=") || peek == UInt8(ascii: "!") {
      throw PatternProblem(text: "looks behind with \"(?<=\" or \"(?<!\", which is not allowed")
    }
    let start = position
    while let byte = peek, byte != UInt8(ascii: ">") { position += 1 }
    let name = String(decoding: pattern[start..<position], as: UTF8.self)
    guard take(">"), isFieldName(name) else {
      throw PatternProblem(text: "has a group name that is not small letters, digits and \"_\": \"\(name)\"")
    }
    if groups.contains(name) { throw PatternProblem(text: "uses the group name \"\(name)\" twice") }
    return try addGroup(name)
  }

  private mutating func addGroup(_ name: String?) throws(PatternProblem) -> Bool {
    groups.append(name)
    if groups.count > Self.maximumGroups {
      throw PatternProblem(text: "has more than \(Self.maximumGroups) groups")
    }
    return true
  }

  private mutating func quantified(_ node: PatternNode) throws(PatternProblem) -> PatternNode {
    guard let (least, most) = try quantifier() else { return node }
    if isQuantifier(peek) {
      throw PatternProblem(
        text: "has two quantifiers after each other; \"*?\", \"+?\" and possessive ones are not allowed")
    }
    if most != 1, node.canBeEmpty {
      throw PatternProblem(text: "repeats a group that can match nothing, and so would never end")
    }
    return .repeated(node, least: least, most: most)
  }

  private mutating func quantifier() throws(PatternProblem) -> (least: Int, most: Int?)? {
    if take("*") { return (0, nil) }
    if take("+") { return (1, nil) }
    if take("?") { return (0, 1) }
    guard take("{") else { return nil }
    guard let least = number() else {
      throw PatternProblem(text: "has a \"{\" without a number; write \\{ for the character")
    }
    var most: Int? = least
    if take(",") { most = number() }
    guard take("}") else { throw PatternProblem(text: "has a \"{\" without its \"}\"") }
    if least > 999 || (most ?? least) > 999 || (most ?? least) < max(least, 1) {
      throw PatternProblem(text: "has a count in braces that is not from 1 to 999 or runs backwards")
    }
    return (least, most)
  }

  private mutating func number() -> Int? {
    let start = position
    while let byte = peek, ByteSet.digits.holds(byte) { position += 1 }
    return position - start > 4 ? 9999 : Int(String(decoding: pattern[start..<position], as: UTF8.self))
  }

  private func isQuantifier(_ byte: UInt8?) -> Bool { byte.map { "*+?{".utf8.contains($0) } ?? false }

  var peek: UInt8? { position < pattern.count ? pattern[position] : nil }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }
}
