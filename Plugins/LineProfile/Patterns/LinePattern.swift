internal import StrictJSON

/// A compiled pattern of a profile.
struct LinePattern {
  /// Most tries on one line in the worst case; measured at 50 ms in a release build.
  static let maximumTries = 200_000.0

  private let regex: Regex<AnyRegexOutput>
  private let shape: PatternShape

  /// Names of the groups, in order, without those that have none.
  var groupNames: [String] { shape.groups.compactMap(\.self) }

  /// Compiles a pattern that is known to stay quick on lines of at most `lineLength` bytes.
  init(_ pattern: String, lineLength: Int) throws(PatternProblem) {
    shape = try PatternReader.read(pattern)
    if shape.worstTries(lineLength: lineLength) > Self.maximumTries {
      throw PatternProblem(
        text: "could take too long: parts that fit the same characters follow each other; put a fixed character "
          + "between them, begin with \"^\", or lower framing.max_length")
    }
    do {
      // Lines are ASCII, so a scalar is a character and the matcher need not look for grapheme clusters.
      regex = try Regex(pattern).matchingSemantics(.unicodeScalar)
    } catch {
      throw PatternProblem(text: "is not a pattern that can be compiled")
    }
  }

  /// Whether the pattern matches somewhere in the line.
  func matches(_ line: Line) -> Bool { match(line) != nil }

  /// The named groups that took part, in order, or `nil` when the pattern does not match.
  func captures(_ line: Line) -> [Capture]? {
    guard let match = match(line) else { return nil }
    var captures: [Capture] = []
    captures.reserveCapacity(shape.groups.count)
    for (index, name) in shape.groups.enumerated() {
      guard let name, let text = match.output[index + 1].substring else { continue }
      captures.append(Capture(name: name, text: String(text)))
    }
    return captures
  }

  private func match(_ line: Line) -> Regex<AnyRegexOutput>.Match? {
    guard line.text.utf8.starts(with: shape.prefix) else { return nil }
    // A matcher that throws does so for custom components only; a profile has none.
    return shape.isAnchored ? (try? regex.prefixMatch(in: line.text)) : (try? regex.firstMatch(in: line.text))
  }
}

/// A piece of a line under a name.
struct Capture: Equatable {
  let name: String
  let text: String
}

extension JSONFields {
  /// A pattern, or `nil` when absent.
  mutating func pattern(_ key: String, lineLength: Int) throws(JSONMismatch) -> LinePattern? {
    guard let node = node(key) else { return nil }
    guard let text = node.string else { throw mismatch(key, node, "must be a string, not \(node.kind)") }
    do throws(PatternProblem) {
      return try LinePattern(text, lineLength: lineLength)
    } catch {
      throw mismatch(key, node, error.text)
    }
  }
}
