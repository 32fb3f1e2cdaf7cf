/// One of the two pads that the hands rest on.
enum Side: String {
  case left, right
}

/// Which pads have a hand on them, as far as the heads of the packets say.
struct Pads {
  private var left: Bool?
  private var right: Bool?

  /// Takes the head of a packet; says which hands came down and went up. While the clock runs the timer says nothing of
  /// its pads: they are unknown then, and a hand that is unknown has not gone up.
  mutating func take(_ head: Head) -> [TimerState.Change] {
    let now: (left: Bool?, right: Bool?) =
      switch head {
      case .idle, .stopped: (false, false)
      case .leftHand: (true, false)
      case .rightHand: (false, true)
      case .bothHands, .armed: (true, true)
      case .running: (nil, nil)
      }
    let changes =
      Self.changes(.left, from: left, to: now.left) + Self.changes(.right, from: right, to: now.right)
    (left, right) = now
    return changes
  }

  private static func changes(_ side: Side, from old: Bool?, to new: Bool?) -> [TimerState.Change] {
    switch (old, new) {
    case (true, true): []
    case (_, true): [.handDown(side)]
    case (true, false): [.handUp(side)]
    default: []
    }
  }
}
