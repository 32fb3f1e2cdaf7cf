/// A pattern as it is written.
indirect enum PatternNode: Equatable {
  /// One byte of a set.
  case byte(ByteSet)
  case sequence([PatternNode])
  /// One of several; the first that leads to a match is preferred.
  case choice([PatternNode])
  /// A group that captures, by its number from 0.
  case group(Int, PatternNode)
  /// As often as possible.
  case repeated(PatternNode, least: Int, most: Int?)
  case begin, end, boundary

  /// It can match without a byte.
  var canBeEmpty: Bool {
    switch self {
    case .byte: false
    case .sequence(let nodes): nodes.allSatisfy(\.canBeEmpty)
    case .choice(let branches): branches.contains(where: \.canBeEmpty)
    case .group(_, let node): node.canBeEmpty
    case .repeated(let node, let least, _): least == 0 || node.canBeEmpty
    case .begin, .end, .boundary: true
    }
  }

  /// It can match at the beginning of a line only.
  var isAnchored: Bool {
    switch self {
    case .begin: true
    case .sequence(let nodes): nodes.first?.isAnchored ?? false
    case .choice(let branches): branches.allSatisfy(\.isAnchored)
    case .group(_, let node): node.isAnchored
    case .byte, .repeated, .end, .boundary: false
    }
  }
}

/// Why a pattern is refused, without its place and full stop.
struct PatternProblem: Error, Equatable {
  let text: String
}
