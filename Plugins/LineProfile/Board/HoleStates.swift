/// Which holes hold a peg, as far as the board has said.
struct HoleStates {
  private var isFilled: [Int: Bool] = [:]

  subscript(hole: Int) -> Bool? { isFilled[hole] }

  /// Takes a change. `false` when the hole was in that state already.
  mutating func change(_ hole: Int, isFilled filled: Bool) -> Bool {
    let before = isFilled.updateValue(filled, forKey: hole)
    return before != filled
  }
}
