import Testing

@testable import LineProfile

@Suite struct PatternTests {
  /// What a pattern is refused for; `nil`: it is accepted.
  private func problem(_ pattern: String, lineLength: Int = 256) -> String? {
    do throws(PatternProblem) {
      _ = try LinePattern(pattern, lineLength: lineLength)
      return nil
    } catch {
      return error.text
    }
  }

  @Test(arguments: [
    ("(a+)+", "nested"), ("^(a+)+$", "nested"), ("(a|b)*", "nested"), ("(?:a?){9}", "nested"), ("((ab)*)*", "nested"),
    ("(\\d+,){3}", "nested"), ("(?:(a)|b){2,}", "nested"), ("(a)\\1", "points back"), ("(?<x>a)\\k<x>", "points back"),
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
    ("^\\d*\\d*\\d*x$", "too long"), ("\\d+\\d+", "too long"), ("^.*a.*b.*c", "too long"), (".*,.*", "too long"),
    ("^(a|b)?(a|b)?" + String(repeating: "a?", count: 20), "too long"),
    ("^" + String(repeating: "(a|ab)", count: 20) + "$", "too long"),
  ]) func whatCouldTakeForEverIsRefused(pattern: String, part: String) {
    #expect(problem(pattern)?.contains(part) == true, "\(pattern): \(problem(pattern) ?? "accepted")")
  }

  @Test(arguments: [
    "^START(?: (?<t>\\d+))?$", "^H,([^,]*),(\\d+),(\\d+),([^,]*),([^,]*)$", "^\\s*(-?\\d+(?:\\.\\d+)?)\\s*$",
    "^(ST|US|OL|QT)(?:,(GS|NT|TR|HI|OK|LO|--))?,([+-][0-9. ]+|[+-]9+E\\+19)\\s*([A-Za-z%]{1,3})?$", "^a$|^b$", "a.*b",
    "^[\\]\\-a]{2,}$", "^(MSG|DOWN)\\b", "^(ab)+$", "^\\(\\{\\}\\[\\)\\\\\\.$", "^\\d+\\d+$", "(abc){3}", "^[+-]?x",
  ]) func ordinaryPatternsAreAccepted(pattern: String) {
    #expect(problem(pattern) == nil)
  }

  @Test func longLinesAllowLess() {
    #expect(problem("^\\d+\\d+$", lineLength: 256) == nil)
    #expect(problem("^\\d+\\d+$", lineLength: 4096)?.contains("too long") == true)
  }

  @Test func theFixedBeginningOfAPatternIsKnown() throws {
    let prefixes = try ["^I,(?<t>\\d+)", "^ab?", "^AB|^C", "START", "^\\+x.", "^a\\bc", "^(a)"].map {
      String(decoding: try PatternReader.read($0).prefix, as: UTF8.self)
    }
    #expect(prefixes == ["I,", "a", "", "", "+x", "a", ""])
  }

  @Test func aPatternIsSearchedForAsWritten() throws {
    func captures(_ pattern: String, _ text: String) throws -> [String]? {
      try LinePattern(pattern, lineLength: 64).captures(Line(text: text, raw: text))?.map { "\($0.name)=\($0.text)" }
    }
    #expect(try captures("(?<n>\\d+)", "ab 12 34") == ["n=12"])
    #expect(try captures("^(?<n>\\d+)", "ab 12") == nil)
    #expect(try captures("^a(?<x>b)?(?:c)(d)(?<y>e)", "acde!") == ["y=e"])
    #expect(try captures("^a$|^b(?<n>.)$", "b1") == ["n=1"])
    #expect(try captures("x$", "xy") == nil)
  }

  /// A pattern at the limit, on the line that is worst for it, must not stall a worker.
  @Test func theWorstAcceptedPatternIsQuick() throws {
    let pattern = try LinePattern("^\\d+\\d+x$", lineLength: 256)
    let line = Line(text: String(repeating: "1", count: 256), raw: "")
    let time = ContinuousClock().measure { #expect(!pattern.matches(line)) }
    #expect(time < .seconds(2))
  }
}
