internal import DriverKit
internal import Schemas

/// A compiled pattern of a profile.
final class LinePattern {
  /// Names of the capturing groups in order; `nil` for a group without a name.
  let groups: [String?]
  private let program: PatternProgram

  static var schema: Schema { .part("regex", .text(1...PatternReader.maximumLength)) }

  init(_ pattern: String) throws(PatternProblem) {
    var reader = PatternReader(pattern)
    program = try PatternProgram(try reader.read())
    groups = reader.groups
  }

  /// Whether the pattern matches somewhere in the line.
  func matches(_ line: Line) -> Bool {
    var match = PatternMatch()
    return find(in: line, &match)
  }

  /// Whether the pattern matches somewhere in the line; `match` then knows where.
  func find(in line: Line, _ match: inout PatternMatch) -> Bool {
    match.find(program, groups: groups.count, in: line.bytes.span.extracting(line.text))
  }
}

extension CheckedValue {
  /// The value as a pattern.
  func pattern() throws(JSONMismatch) -> LinePattern {
    do throws(PatternProblem) {
      return try LinePattern(node.string ?? "")
    } catch {
      throw mismatch(error.text)
    }
  }
}
