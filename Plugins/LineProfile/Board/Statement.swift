internal import DriverKit

/// What one line said: the rule that it matches, and the values of the rule's fields. One after the other is read into
/// the same place.
struct Statement {
  /// Where a field's text lies: in the line, or in what was written beside it.
  private struct Piece {
    var range: Range<Int>
    var isBeside = false
    /// The line left the field out.
    var isDefault = false
  }

  private let rules: [Rule]
  private let json: JSONLines?
  private let holes: Int64
  private var match = PatternMatch()
  private(set) var line = Line.none
  /// The rule that the line matches.
  private(set) var rule: Rule
  /// Texts that are not in the line as they are: defaults, and members of JSON lines.
  private var beside: [UInt8] = []
  /// By place of the field.
  private var pieces = [Piece?](repeating: nil, count: PatternReader.maximumGroups)
  private var values = [FieldValue?](repeating: nil, count: PatternReader.maximumGroups)

  /// Nothing said yet.
  init(_ profile: Profile) {
    rules = profile.rules
    json = profile.json
    holes = Int64(profile.holes)
    rule = Rule(number: -1, fields: [])
  }

  /// Finds the first rule that matches a line, and reads its values. Gives what is wrong with the line.
  mutating func read(_ line: Line) -> LineDamage? {
    self.line = line
    if let json, line.bytes[line.text.lowerBound] == UInt8(ascii: "{") {
      guard let (rule, texts) = json.read(line) else { return .unmatched }
      begin(rule)
      for (slot, text) in texts.enumerated() { if let text { write(text, in: slot) } }
      let isWhole = readValues()
      return !conditionsHold ? .unmatched : isWhole && isSound ? nil : .value
    }
    for rule in rules {
      guard let pattern = rule.pattern, pattern.find(in: line, &match) else { continue }
      begin(rule)
      for slot in rule.fields.indices {
        guard let group = match.range(ofGroup: rule.fields[slot].group) else { continue }
        let start = line.text.lowerBound
        pieces[slot] = Piece(range: start + group.lowerBound..<start + group.upperBound)
      }
      let isWhole = readValues() && !isBesideDamage
      if conditionsHold { return isWhole && isSound ? nil : .value }
    }
    return .unmatched
  }

  /// Lets go of the line, so that its bytes can be used for the next one.
  mutating func end() { line = .none }

  private mutating func begin(_ rule: Rule) {
    self.rule = rule
    if !beside.isEmpty { beside.removeAll(keepingCapacity: true) }
    for slot in rule.fields.indices {
      pieces[slot] = nil
      values[slot] = nil
    }
  }

  private mutating func write(_ text: [UInt8], in slot: Int, isDefault: Bool = false) {
    pieces[slot] = Piece(range: beside.count..<beside.count + text.count, isBeside: true, isDefault: isDefault)
    beside.append(contentsOf: text)
  }

  /// A damaged byte may have been a digit. So none may stand where a field, or what the rule matched, begins or ends;
  /// and where there is one anywhere, no field may be missing.
  private var isBesideDamage: Bool {
    if rule.fields.isEmpty { return false }
    func touches(_ range: Range<Int>) -> Bool {
      range.lowerBound > line.text.lowerBound && isDamaged(line.bytes[range.lowerBound - 1])
        || range.upperBound < line.text.upperBound && isDamaged(line.bytes[range.upperBound])
    }
    let start = line.text.lowerBound
    if touches(start + match.whole.lowerBound..<start + match.whole.upperBound) { return true }
    var isMissing = false
    for slot in rule.fields.indices {
      guard let piece = pieces[slot], !piece.isBeside else {
        isMissing = true
        continue
      }
      if touches(piece.range) { return true }
    }
    return isMissing && line.bytes[line.text].contains(where: isDamaged)
  }

  /// Reads the values; `false` when one makes no sense.
  private mutating func readValues() -> Bool {
    var isWhole = true
    for slot in rule.fields.indices {
      if pieces[slot] == nil, let text = rule.fields[slot].unlessSaid { write(text, in: slot, isDefault: true) }
      guard let piece = pieces[slot] else { continue }
      values[slot] = rule.fields[slot].value(source(piece).span.extracting(piece.range))
      if values[slot] == nil { isWhole = false }
    }
    return isWhole
  }

  private func source(_ piece: Piece) -> [UInt8] { piece.isBeside ? beside : line.bytes }

  private var conditionsHold: Bool {
    rule.conditions.allSatisfy { condition in self[condition.slot].map(condition.holds) ?? false }
  }

  /// Holes are holes of the board, and masks have no bits beyond them.
  private var isSound: Bool {
    if rule.isPeg {
      let said = rule.slot("hole").flatMap { self[$0] } ?? rule.constants.first { $0.key == "hole" }?.value
      guard isHole(said) else { return false }
    }
    if let edge = rule.edge, let index = edge.index {
      let said = self[index]
      guard case .integer? = said, !edge.onEvent.hasPrefix("peg.") || isHole(said) else { return false }
    }
    if let mask = rule.mask {
      guard let bits = self.mask(mask), bits >> UInt64(mask.count) == 0 else { return false }
    }
    return true
  }

  private func isHole(_ value: Event.Value?) -> Bool {
    if case .integer(let hole)? = value { (1...holes).contains(hole) } else { false }
  }

  // MARK: What it said

  /// The text of a field, before conversion.
  func text(_ slot: Int) -> String? {
    guard let piece = pieces[slot] else { return nil }
    return piece.isBeside
      ? String(decoding: beside[piece.range], as: UTF8.self) : asciiText(line.bytes[piece.range])
  }

  /// The value of a field.
  subscript(slot: Int) -> Event.Value? {
    switch values[slot] {
    case nil: nil
    case .integer(let integer): .integer(integer)
    case .number(let number, _): .number(number)
    case .text: text(slot).map(Event.Value.text)
    case .mapped(let place): rule.fields[slot].plan.map?[place].value
    }
  }

  /// The time on the instrument's clock.
  var counter: Microseconds? {
    guard let slot = rule.clock, case .integer(let time)? = values[slot] else { return nil }
    return time
  }

  /// The number of a field that is a measurement, after scaling and before.
  func measurement(_ slot: Int) -> (value: Double, raw: Double)? {
    guard let piece = pieces[slot] else { return nil }
    let isClock = slot == rule.clock
    switch isClock ? rule.fields[slot].plan.value(source(piece).span.extracting(piece.range)) : values[slot] {
    case .integer(let integer): return (Double(integer), Double(integer))
    case .number(let number, let raw): return (number, raw)
    case .text, .mapped, nil: return nil
    }
  }

  /// The bits of a mask.
  func mask(_ rule: MaskRule) -> UInt64? { text(rule.field).flatMap { UInt64($0, radix: rule.base) } }

  /// The quality that a field tells.
  func quality(_ rule: SampleRule) -> Quality {
    guard let slot = rule.quality, let piece = pieces[slot] else { return [] }
    let text = source(piece).span.extracting(piece.range)
    return rule.qualities.first { isEqual(text, $0.text) }?.flag ?? []
  }

  /// The fields of the event: what the line has, then what it left out, then what the rule sets.
  var eventFields: [(key: String, value: Event.Value)] {
    var fields: [(key: String, value: Event.Value)] = []
    for isDefault in [false, true] {
      for slot in rule.fields.indices where slot != rule.clock {
        guard let value = self[slot], pieces[slot]?.isDefault == isDefault else { continue }
        fields.append((rule.fields[slot].key, value))
      }
    }
    for constant in rule.constants where !fields.contains(where: { $0.key == constant.key }) { fields.append(constant) }
    return fields
  }
}
