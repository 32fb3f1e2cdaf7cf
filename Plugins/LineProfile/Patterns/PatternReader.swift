/// Reads a pattern into its shape and refuses what is not in our part of the language.
struct PatternReader {
  /// Longest pattern in bytes.
  static let maximumLength = 256
  /// Most capturing groups; an event carries at most 32 fields.
  static let maximumGroups = 20

  let pattern: [UInt8]
  var position = 0
  private var depth = 0
  private var shape = PatternShape()
  var prefixGrows = false

  private init(_ pattern: String) { self.pattern = Array(pattern.utf8) }

  /// The shape of a pattern.
  static func read(_ pattern: String) throws(PatternProblem) -> PatternShape {
    var reader = PatternReader(pattern)
    return try reader.read()
  }

  private mutating func read() throws(PatternProblem) -> PatternShape {
    if pattern.isEmpty { throw PatternProblem(text: "must not be empty") }
    if pattern.count > Self.maximumLength {
      throw PatternProblem(text: "is longer than \(Self.maximumLength) characters")
    }
    if pattern.contains(where: { $0 < 0x20 || $0 > 0x7E }) {
      throw PatternProblem(text: "must hold printable ASCII characters only; write a tab as \\t")
    }
    shape.isAnchored = pattern[0] == UInt8(ascii: "^")
    prefixGrows = shape.isAnchored
    let count = try alternatives().count
    if position < pattern.count { throw PatternProblem(text: "has a \")\" without its \"(\"") }
    if count > 1 {
      shape.isAnchored = false
      shape.prefix = []
    }
    return shape
  }

  private struct Part {
    /// Alternatives at the top of the part.
    var count: Int
    /// Characters that it can hold.
    var set: ASCIISet
    /// It can match one text in several ways, or texts of several lengths.
    var varies: Bool
  }

  private mutating func alternatives() throws(PatternProblem) -> Part {
    let start = shape.places.count
    var part = Part(count: 1, set: .none, varies: false)
    var branches: [[PatternShape.Place]] = []
    while true {
      try sequence(into: &part)
      branches.append(cut(from: start))
      guard take("|") else { break }
      prefixGrows = false
      part.count += 1
    }
    if part.count > 1 {
      part.varies = true
      shape.places.append(.alternatives(branches, part.set))
    } else {
      shape.places += branches[0]
    }
    return part
  }

  /// Takes the newest places out of the shape.
  private mutating func cut(from start: Int) -> [PatternShape.Place] {
    defer { shape.places.removeSubrange(start...) }
    return Array(shape.places[start...])
  }

  private mutating func sequence(into part: inout Part) throws(PatternProblem) {
    while let byte = peek, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
      let start = shape.places.count
      switch byte {
      case UInt8(ascii: "^"), UInt8(ascii: "$"):
        if byte == UInt8(ascii: "^"), position > 0 { prefixGrows = false }
        position += 1
        if isQuantifier(peek) { throw PatternProblem(text: "repeats an anchor") }
      case UInt8(ascii: "("):
        prefixGrows = false
        let group = try self.group()
        part.set = part.set.union(group.set)
        part.varies = try quantify(group, from: start) || group.varies || part.varies
      default:
        guard let set = try character() else { continue }
        if isQuantifier(peek) { prefixGrows = false }
        if prefixGrows { if let literal = set.literal { shape.prefix.append(literal) } else { prefixGrows = false } }
        shape.places.append(.separator(set.characters))
        part.set = part.set.union(set.characters)
        let single = Part(count: 1, set: set.characters, varies: false)
        part.varies = try quantify(single, from: start) || part.varies
      }
    }
  }

  private mutating func group() throws(PatternProblem) -> Part {
    position += 1
    depth += 1
    if depth > 8 { throw PatternProblem(text: "has more than 8 groups inside each other") }
    if take("?") { try groupKind() } else { try addGroup(nil) }
    let part = try alternatives()
    guard take(")") else { throw PatternProblem(text: "has a \"(\" without its \")\"") }
    depth -= 1
    return part
  }

  private mutating func groupKind() throws(PatternProblem) {
    if take(":") { return }
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
    if shape.groups.contains(name) { throw PatternProblem(text: "uses the group name \"\(name)\" twice") }
    try addGroup(name)
  }

  private mutating func addGroup(_ name: String?) throws(PatternProblem) {
    shape.groups.append(name)
    if shape.groups.count > Self.maximumGroups {
      throw PatternProblem(text: "has more than \(Self.maximumGroups) groups")
    }
  }

  /// Reads what may follow an element, and puts the choice that it makes into the shape. Says whether it makes one.
  private mutating func quantify(_ part: Part, from start: Int) throws(PatternProblem) -> Bool {
    guard let (least, most) = try quantifier() else { return false }
    if isQuantifier(peek) {
      throw PatternProblem(
        text: "has two quantifiers after each other; \"*?\", \"+?\" and possessive ones are not allowed")
    }
    if most != 1, part.varies {
      throw PatternProblem(
        text: "repeats a group that itself repeats or chooses: such nested quantifiers can take for ever")
    }
    if least == most { return false }
    if least == 0 {
      let optional = cut(from: start)
      if most == 1 {
        shape.places.append(.alternatives([optional, []], part.set))
        return true
      }
    }
    shape.places.append(.choice(part.set, choices: most.map { $0 - least + 1 }))
    return true
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
    while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    return position - start > 4 ? 9999 : Int(String(decoding: pattern[start..<position], as: UTF8.self))
  }

  func isQuantifier(_ byte: UInt8?) -> Bool { byte.map { "*+?{".utf8.contains($0) } ?? false }

  var peek: UInt8? { position < pattern.count ? pattern[position] : nil }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }
}
