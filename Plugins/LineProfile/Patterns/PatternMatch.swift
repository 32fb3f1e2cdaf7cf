/// One match after the other of patterns with lines; what it needs for that is kept and used again.
struct PatternMatch {
  private typealias Step = PatternProgram.Step

  /// A way that is still open, or what a place was before it was saved.
  private struct Retry {
    var step: Int
    var position: Int
    /// A place to restore, and not a way.
    var isPlace = false
  }

  /// Where the match began and ended.
  private(set) var whole = 0..<0
  /// Two for each group; -1 where it took no part.
  private var places = [Int](repeating: -1, count: 2 * PatternReader.maximumGroups)
  private var retries: [Retry] = []
  /// Whether something is remembered of choices: a bit for each of them at each byte.
  private var remembers = false
  private var tried: [UInt64] = []

  /// The bytes of a group, or `nil` when it took no part.
  func range(ofGroup number: Int) -> Range<Int>? {
    let (start, end) = (places[2 * number], places[2 * number + 1])
    return start >= 0 && end >= start ? start..<end : nil
  }

  /// Whether the pattern matches somewhere in a line; the leftmost match counts.
  mutating func find(_ program: borrowing PatternProgram, groups: Int, in line: Span<UInt8>) -> Bool {
    let last = program.isAnchored ? 0 : line.count
    remembers = false
    for start in 0...last {
      let fits = start < line.count ? program.start.set.contains(line[start]) : program.start.atEnd
      if !fits { continue }
      for place in 0..<2 * groups { places[place] = -1 }
      // What failed from one start fails from the next.
      if !program.isAnchored, !remembers { remember(program.choices, line.count) }
      if let end = run(program.steps.span, from: program.entry, at: start, line, choices: program.choices) {
        whole = start..<end
        return true
      }
    }
    return false
  }

  private mutating func run(
    _ steps: Span<Step>, from entry: Int, at start: Int, _ line: Span<UInt8>, choices: Int
  ) -> Int? {
    var (index, position) = (entry, start)
    if !retries.isEmpty { retries.removeAll(keepingCapacity: true) }
    while true {
      var fits = true
      switch steps[index].kind {
      case .byte:
        fits = position < line.count && steps[index].set.contains(line[position])
        position += 1
      case .run:
        fits = take(steps[index], at: &position, line)
      case .choice:
        let (isPreferred, isOther) = ways(steps[index], at: position, line)
        if isPreferred, isOther, !remembers { remember(choices, line.count) }
        if remembers, isTried(steps[index].number, at: position, line.count) {
          fits = false
        } else if isPreferred {
          if isOther { retries.append(Retry(step: steps[index].other, position: position)) }
        } else {
          fits = isOther
          if fits {
            index = steps[index].other
            continue
          }
        }
      case .save:
        let place = steps[index].place
        if !retries.isEmpty { retries.append(Retry(step: place, position: places[place], isPlace: true)) }
        places[place] = position
      case .begin: fits = position == 0
      case .end: fits = position == line.count
      case .boundary: fits = isWord(position - 1, line) != isWord(position, line)
      case .match: return position
      }
      if fits {
        index = steps[index].next
      } else {
        guard let way = nextWay() else { return nil }
        (index, position) = (way.step, way.position)
      }
    }
  }

  private func ways(_ choice: borrowing Step, at position: Int, _ line: Span<UInt8>) -> (Bool, Bool) {
    guard position < line.count else { return (choice.ways.0.atEnd, choice.ways.1.atEnd) }
    return (choice.ways.0.set.contains(line[position]), choice.ways.1.set.contains(line[position]))
  }

  private mutating func take(_ run: borrowing Step, at position: inout Int, _ line: Span<UInt8>) -> Bool {
    let start = position
    let end = run.most < line.count - start ? start + run.most : line.count
    let mustReach = start + run.least
    let isLoop = run.most == .max
    while true {
      if remembers, position >= mustReach, isLoop || position == mustReach,
        isTried(run.number, at: position, line.count)
      {
        return false
      }
      guard position < end, run.set.contains(line[position]) else { return position >= mustReach }
      position += 1
    }
  }

  private mutating func nextWay() -> Retry? {
    while let retry = retries.popLast() {
      if !retry.isPlace { return retry }
      places[retry.step] = retry.position
    }
    return nil
  }

  private mutating func remember(_ choices: Int, _ count: Int) {
    remembers = true
    let words = (choices * (count + 1) + 63) / 64
    tried.removeAll(keepingCapacity: true)
    tried.append(contentsOf: repeatElement(0, count: words))
  }

  /// Whether a choice was made here before; from now on it was. Most matches never ask, and should not pay for it.
  @inline(never) private mutating func isTried(_ choice: Int, at position: Int, _ count: Int) -> Bool {
    let bit = choice * (count + 1) + position
    defer { tried[bit >> 6] |= 1 << UInt64(bit & 63) }
    return tried[bit >> 6] >> UInt64(bit & 63) & 1 == 1
  }

  private func isWord(_ position: Int, _ line: Span<UInt8>) -> Bool {
    line.indices.contains(position) && ByteSet.word.holds(line[position])
  }
}
