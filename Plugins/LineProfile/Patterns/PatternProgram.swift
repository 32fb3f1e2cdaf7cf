/// A pattern as steps over bytes.
///
/// At a choice the next byte mostly says which way is left, for each way has the set of bytes with which it can begin.
/// Only where both are open is one remembered, and from then on no choice is made twice at the same byte. So a match takes
/// at most as many steps as the program has, times the bytes of the line (`PatternMatch`).
struct PatternProgram {
  /// Most steps, counts in braces written out: the worst pattern takes 60 ms on a line of 4096 bytes.
  static let maximumSize = 2000

  struct Step {
    enum Kind: UInt8 { case byte, run, choice, save, begin, end, boundary, match }

    var kind: Kind
    /// The step that follows; at a choice the preferred one.
    var next = 0
    /// At a choice: the other one.
    var other = 0
    /// The bytes of a step `byte` or `run`.
    var set = ByteSet.none
    /// How many bytes a run has at least.
    var least = 0
    /// How many bytes a run has at most; it takes all that it can get and never gives one back.
    var most = 0
    /// Place that is saved: twice the group's number for its beginning, one more for its end.
    var place = 0
    /// Number of the choice or run, for what is remembered of it.
    var number = 0
    /// What the preferred way can begin with, and the other.
    var ways = (Start(), Start())
  }

  /// What a step and those behind it can begin with.
  struct Start {
    var set = ByteSet.none
    /// They can match at the end of the line.
    var atEnd = false

    mutating func join(_ other: Start) {
      set = set.union(other.set)
      atEnd = atEnd || other.atEnd
    }
  }

  private(set) var steps: [Step] = [Step(kind: .match)]
  private(set) var entry = 0
  private(set) var choices = 0
  private var size = 0
  let isAnchored: Bool
  /// What a match can begin with.
  private(set) var start = Start()

  init(_ node: PatternNode) throws(PatternProblem) {
    isAnchored = node.isAnchored
    entry = try add(node, before: 0)
    for index in steps.indices where steps[index].kind == .run { try settle(index) }
    for index in steps.indices {
      if steps[index].kind == .choice { steps[index].ways = (starts(steps[index].next), starts(steps[index].other)) }
      if steps[index].kind == .choice || steps[index].kind == .run {
        steps[index].number = choices
        choices += 1
      }
    }
    start = starts(entry)
  }

  // MARK: Writing

  private mutating func append(_ step: Step) throws(PatternProblem) -> Int {
    size += 1 + (step.most == .max ? step.least : step.most)
    if size > Self.maximumSize {
      throw PatternProblem(
        text: "is longer than \(Self.maximumSize) steps when its counts are written out; lower the counts in braces")
    }
    steps.append(step)
    return steps.count - 1
  }

  /// Writes a part of the pattern behind which `next` comes; gives its first step.
  private mutating func add(_ node: PatternNode, before next: Int) throws(PatternProblem) -> Int {
    switch node {
    case .byte(let set): return try append(Step(kind: .byte, next: next, set: set))
    case .begin: return try append(Step(kind: .begin, next: next))
    case .end: return try append(Step(kind: .end, next: next))
    case .boundary: return try append(Step(kind: .boundary, next: next))
    case .sequence(let nodes):
      var first = next
      for node in nodes.reversed() { first = try add(node, before: first) }
      return first
    case .choice(let branches):
      var first: Int?
      for branch in branches.reversed() {
        let way = try add(branch, before: next)
        first = if let other = first { try append(Step(kind: .choice, next: way, other: other)) } else { way }
      }
      return first ?? next
    case .group(let number, let node):
      let end = try append(Step(kind: .save, next: next, place: 2 * number + 1))
      return try append(Step(kind: .save, next: try add(node, before: end), place: 2 * number))
    case .repeated(.byte(let set), let least, let most):
      return try append(Step(kind: .run, next: next, set: set, least: least, most: most ?? .max))
    case .repeated(let node, let least, let most):
      var first = next
      if let most {
        for _ in least..<most {
          first = try append(Step(kind: .choice, next: try add(node, before: first), other: next))
        }
      } else {
        first = try append(Step(kind: .choice, other: next))
        steps[first].next = try add(node, before: first)
      }
      for _ in 0..<least { first = try add(node, before: first) }
      return first
    }
  }

  /// A run may keep all that it took if what follows it cannot begin with what it would have to give back. Otherwise it is
  /// written out as choices.
  private mutating func settle(_ index: Int) throws(PatternProblem) {
    let run = steps[index]
    if run.least == run.most || run.set.isDisjoint(with: starts(run.next, afterRun: true).set) { return }
    var first = run.next
    if run.most == .max {
      first = try append(Step(kind: .choice, other: run.next))
      steps[first].next = try append(Step(kind: .byte, next: first, set: run.set))
    } else {
      for _ in run.least..<run.most {
        let byte = try append(Step(kind: .byte, next: first, set: run.set))
        first = try append(Step(kind: .choice, next: byte, other: run.next))
      }
    }
    if run.least > 0 {
      steps[index].most = run.least
      steps[index].next = first
    } else {
      steps[index] = steps[first]
      // A loop must come back to where its choice now stands.
      if run.most == .max { steps[steps[first].next].next = index }
    }
  }

  // MARK: Looking ahead

  /// What the steps from one on can begin with. After a run that took all it could, a match that needs nothing more
  /// succeeds, and an end of the line does not come earlier when bytes are given back: neither asks for any.
  private func starts(_ step: Int, afterRun: Bool = false) -> Start {
    var seen = [Bool](repeating: false, count: steps.count)
    return starts(step, afterRun: afterRun, isFree: true, &seen)
  }

  private func starts(_ first: Int, afterRun: Bool, isFree: Bool, _ seen: inout [Bool]) -> Start {
    var (index, isFree, result) = (first, isFree, Start())
    while !seen[index] {
      seen[index] = true
      let step = steps[index]
      switch step.kind {
      case .byte:
        result.join(Start(set: step.set))
        return result
      case .run:
        result.join(Start(set: step.set))
        if step.least > 0 { return result }
        index = step.next
      case .choice:
        result.join(starts(step.next, afterRun: afterRun, isFree: isFree, &seen))
        index = step.other
      case .save: index = step.next
      case .begin, .boundary:
        isFree = false
        index = step.next
      case .end:
        result.join(Start(set: .none, atEnd: true))
        return result
      case .match:
        result.join(Start(set: afterRun && isFree ? .none : .all, atEnd: true))
        return result
      }
    }
    return result
  }
}
