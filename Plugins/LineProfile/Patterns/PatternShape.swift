/// What must be known about a pattern besides whether it matches: its groups, how it begins, and how long it can take.
///
/// Swift's regular expressions backtrack, so a careless pattern can take years over one damaged line. We therefore
/// accept only a part of the language, and only patterns whose worst case is small (docs/line-profiles.md).
struct PatternShape: Equatable {
  /// A place in the pattern, as far as backtracking is concerned.
  enum Place: Equatable {
    /// One character that every match must have here: it separates what stands before from what stands behind.
    case separator(ASCIISet)
    /// Something that can match in several ways: as many ways as `choices`, or as long as the line when it is `nil`.
    case choice(ASCIISet, choices: Int?)
    /// One of these; together they hold the characters of the set.
    case alternatives([[Place]], ASCIISet)
  }

  /// Names of the capturing groups in order; `nil` for a group without a name.
  var groups: [String?] = []
  /// The pattern can match at the beginning of a line only.
  var isAnchored = false
  /// Every match begins with these bytes; known for anchored patterns only.
  var prefix: [UInt8] = []
  /// The places in order.
  var places: [Place] = []

  /// An upper bound of how often a matcher that backtracks may have to try on one line.
  ///
  /// Two choices multiply when a character fits both and every separator between them, for then the border between
  /// them can be drawn anywhere; otherwise they do not. The bound is the greatest product over such a chain.
  func worstTries(lineLength: Int) -> Double {
    let wholeLine = Double(lineLength + 1)
    let start = isAnchored ? [] : [Chain(set: .all, product: wholeLine)]
    return extend(start, by: places, wholeLine: wholeLine).map(\.product).max() ?? 1
  }

  /// Choices that can trade the characters of a set with each other, and in how many ways.
  private struct Chain {
    var set: ASCIISet
    var product: Double
  }

  /// Chains stay in their places; new ones come behind them.
  private func extend(_ chains: [Chain], by places: [Place], wholeLine: Double) -> [Chain] {
    var chains = chains
    func append(_ set: ASCIISet, times choices: Double) {
      let before = chains.filter { !$0.set.intersection(set).isEmpty }.map(\.product).max() ?? 1
      chains.append(Chain(set: set, product: before * choices))
    }
    for place in places {
      switch place {
      case .separator(let set):
        for index in chains.indices { chains[index].set = chains[index].set.intersection(set) }
      case .choice(let set, let choices):
        append(set, times: choices.map(Double.init) ?? wholeLine)
      case .alternatives(let branches, let set):
        let count = Double(branches.count)
        let before = chains.count
        let results = branches.map { extend(chains, by: $0, wholeLine: wholeLine) }
        append(set, times: count)
        for index in 0..<before { chains[index].set = results.reduce(.none) { $0.union($1[index].set) } }
        for chain in results.flatMap({ $0.dropFirst(before) }) {
          chains.append(Chain(set: chain.set, product: chain.product * count))
        }
      }
    }
    return chains
  }
}

/// Why a pattern is refused, without its place and full stop.
struct PatternProblem: Error, Equatable {
  let text: String
}
