import Testing

@testable import LineProfile

@Suite struct PatternTests {
  /// What a pattern is refused for; `nil`: it is accepted.
  private func problem(_ pattern: String) -> String? {
    do throws(PatternProblem) {
      _ = try LinePattern(pattern)
      return nil
    } catch {
      return error.text
    }
  }

  @Test(arguments: [
    ("(?:a?){9}", "match nothing"), ("((ab)*)*", "match nothing"), ("(^)*", "match nothing"), ("()+", "match nothing"),
    ("(a|\\b){2,}", "match nothing"), ("(a|b?)*", "match nothing"), ("(a)\\1", "points back"),
    ("(?<x>a)\\k<x>", "points back"),
    ("a(?=b)", "looks ahead"), ("a(?!b)", "looks ahead"), ("(?<=a)b", "looks behind"), ("(?<!a)b", "looks behind"),
    ("(?i)a", "begins neither"), ("(?>a)", "begins neither"), ("a++", "two quantifiers"), ("a*?", "two quantifiers"),
    ("\\p{L}", "escape \"\\p\""), ("\\x41", "escape \"\\x\""), ("[a&&b]", "sets inside brackets"),
    ("[a[b]]", "\"[\" inside brackets"), ("[]", "empty brackets"), ("[z-a]", "run upwards"), ("[\\d-z]", "run upwards"),
    ("[a", "without its \"]\""), ("(a", "without its \")\""), ("a)", "without its \"(\""), ("a{", "without a number"),
    ("a{3", "without its \"}\""), ("a{3,2}", "runs backwards"), ("a{0}", "from 1 to 999"), ("a{1000}", "from 1 to 999"),
    ("*a", "nothing before"), ("a|*", "nothing before"), ("}", "lone bracket"), ("^*", "repeats an anchor"),
    ("a\\b+", "repeats an anchor"), ("a\\", "ends with"), ("", "must not be empty"), ("é", "printable ASCII"),
    ("(?<A>x)", "group name"), ("(?<a>x)(?<a>y)", "twice"), ("((((((((((a))))))))))", "inside each other"),
    (String(repeating: "a", count: 257), "longer than 256"),
    (String(repeating: "()", count: 21), "more than 20 groups"),
    ("(?:(?:ab){99}){99}", "longer than 2000 steps"), ("(?:[ab]{1,999}c){5}", "longer than 2000 steps"),
  ]) func whatIsNotInTheLanguageIsRefused(pattern: String, part: String) {
    #expect(problem(pattern)?.contains(part) == true, "\(pattern): \(problem(pattern) ?? "accepted")")
  }

  @Test(arguments: [
    "^START(?: (?<t>\\d+))?$", "^H,([^,]*),(\\d+),(\\d+),([^,]*),([^,]*)$", "^\\s*(-?\\d+(?:\\.\\d+)?)\\s*$",
    "^(ST|US|OL|QT)(?:,(GS|NT|TR|HI|OK|LO|--))?,([+-][0-9. ]+|[+-]9+E\\+19)\\s*([A-Za-z%]{1,3})?$", "^a$|^b$", "a.*b",
    "^[\\]\\-a]{2,}$", "^(MSG|DOWN)\\b", "^(ab)+$", "^\\(\\{\\}\\[\\)\\\\\\.$", "^\\d+\\d+$", "(abc){3}", "^[+-]?x",
    "(a+)+", "^(a|b)*$", "(\\d+,){3}", "(?:(a)|b){2,}", ".*,.*", "^(a?)?$",
  ]) func ordinaryPatternsAreAccepted(pattern: String) {
    #expect(problem(pattern) == nil)
  }

  @Test func aPatternIsSearchedForAsWritten() throws {
    func captures(_ pattern: String, _ text: String) throws -> [String]? { try named(pattern, Array(text.utf8)) }
    #expect(try captures("(?<n>\\d+)", "ab 12 34") == ["n=12"])
    #expect(try captures("^(?<n>\\d+)", "ab 12") == nil)
    #expect(try captures("^a(?<x>b)?(?:c)(d)(?<y>e)", "acde!") == ["y=e"])
    #expect(try captures("^a$|^b(?<n>.)$", "b1") == ["n=1"])
    #expect(try captures("x$", "xy") == nil)
    #expect(try captures("(?<n>(?:\\d+,)*\\d+)$", "a1,2,34") == ["n=1,2,34"])
    #expect(try captures("^(?<n>\\d{2,3})(?<rest>\\d*)$", "12345") == ["n=123", "rest=45"])
    #expect(try captures("^(?<n>.*),(?<rest>.*)$", "1,2,3") == ["n=1,2", "rest=3"])
    #expect(try captures("^(?<n>\\w*)(?<rest>\\w)$", "abc") == ["n=ab", "rest=c"])
  }

  /// `\b` stands where a letter, digit or `_` and something else, or an end of the line, meet.
  @Test(arguments: [
    ("^\\b", "", false), ("^\\b", ",a", false), ("^\\b", "a", true), ("a\\b", "a", true), ("a\\b", "ab", false),
    ("a\\b", "a_", false), ("a\\b", "a-", true), ("1\\b", "1.5", true), ("\\b\\b5\\b", "1.5", true),
    (".+\\b$", "a -", false), ("^.+\\b", "a -", true), ("\\d+\\b", "12a", false),
  ]) func aWordEndsWhereItsCharactersEnd(pattern: String, text: String, matches: Bool) throws {
    #expect(try (named(pattern, Array(text.utf8)) != nil) == matches)
  }

  /// A damaged byte is neither a digit nor a letter, and the characters beside it stay what they are.
  @Test func aDamagedByteTouchesOnlyItself() throws {
    for damage: UInt8 in [0x00, 0x07, 0x7F, 0x80, 0xB2, 0xFF] {
      let line = Array("ab12".utf8) + [damage, UInt8(ascii: "3")]
      #expect(try named("^(?<a>\\w+)(?<b>.)(?<c>\\d)$", line) == ["a=ab12", "b=\u{FFFD}", "c=3"])
      #expect(try named("^(?<a>[^\\d]+)", line) == ["a=ab"])
      #expect(try named("^\\w+\\b\\W\\D?\\S$", line) == [])
      #expect(try named("\\s|[ -~]{5}|\\t", line) == nil)
    }
  }

  /// Patterns that would keep a matcher without a memory busy for years.
  @Test(arguments: [
    "^(a+)+$", "^(a|a)*$", "^(?:a|aa)+$", "(a*b?)?(a*b?)?(a*b?)?(a*b?)?c", "^.*a.*a.*a.*a.*b", "a*a*a*a*a*b",
    "^(?:(?:a+b?)+,?)+;$", "(?:a{1,99}b?){1,6}c", "(?:a*b|a*c|a*d)+e",
  ]) func theWorstPatternsAreQuick(pattern: String) throws {
    let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 4096) + [UInt8(ascii: "!")]
    #expect(try named(pattern, bytes) == nil)
  }

  /// What Swift's own matcher finds, which backtracks as ours pretends to.
  @Test func randomPatternsMatchAsSwiftsDo() throws {
    var random = RandomPatterns(seed: 5)
    var (compared, matched) = (0, 0)
    for _ in 0..<4000 {
      let pattern = random.pattern()
      guard problem(pattern) == nil else { continue }
      let swifts = try Regex(pattern).matchingSemantics(.unicodeScalar)
      let ours = try LinePattern(pattern)
      for _ in 0..<3 {
        let text = random.line()
        compared += 1
        var match = PatternMatch()
        let isFound = ours.find(in: line(Array(text.utf8)), &match)
        let found = text.firstMatch(of: swifts)
        #expect(isFound == (found != nil), "\(pattern) in \(text)")
        guard isFound, let found else { continue }
        matched += 1
        for group in ours.groups.indices {
          let bytes = match.range(ofGroup: group).map { String(decoding: Array(text.utf8)[$0], as: UTF8.self) }
          #expect(bytes == found.output[group + 1].substring.map(String.init), "\(pattern) in \(text), \(group)")
        }
        #expect(match.whole == text.utf8.offset(of: found.range), "\(pattern) in \(text)")
      }
    }
    #expect(compared > 6000 && matched > 2000, "\(compared), \(matched)")
  }

  private func line(_ bytes: [UInt8]) -> Line { Line(bytes: bytes, text: 0..<bytes.count, sent: bytes[...]) }

  /// The named groups that took part as `name=text`; `nil`: no match.
  private func named(_ pattern: String, _ bytes: [UInt8]) throws -> [String]? {
    let pattern = try LinePattern(pattern)
    var match = PatternMatch()
    guard pattern.find(in: line(bytes), &match) else { return nil }
    return pattern.groups.enumerated().compactMap { number, name in
      guard let name, let range = match.range(ofGroup: number) else { return nil }
      return "\(name)=\(asciiText(bytes[range]))"
    }
  }
}

extension String.UTF8View {
  fileprivate func offset(of range: Range<Index>) -> Range<Int> {
    distance(from: startIndex, to: range.lowerBound)..<distance(from: startIndex, to: range.upperBound)
  }
}

/// Patterns of our part of the language, and lines that some of them match; the same from the same seed.
private struct RandomPatterns {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  private mutating func below(_ count: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % count
  }

  mutating func line() -> String { String((0..<below(9)).map { _ in Array("aab1, ")[below(6)] }) }

  mutating func pattern(depth: Int = 3) -> String {
    var text = ""
    if depth == 3, below(3) == 0 { text += "^" }
    for _ in 0...below(3) {
      switch below(depth > 0 ? 9 : 5) {
      case 5, 6: text += "(" + pattern(depth: depth - 1) + ")"
      case 7: text += "(?:" + pattern(depth: depth - 1) + "|" + pattern(depth: depth - 1) + ")"
      case 8: text += "(" + pattern(depth: depth - 1) + "|" + pattern(depth: depth - 1) + ")"
      default: text += ["a", "b", "1", "\\d", "\\w", ".", "[ab]", "[^a]", ",", "\\s", "\\D"][below(11)]
      }
      text += ["", "", "", "*", "+", "?", "{2}", "{1,3}", "{2,}"][below(9)]
    }
    if depth == 3, below(4) == 0 { text += "$" }
    return text
  }
}
