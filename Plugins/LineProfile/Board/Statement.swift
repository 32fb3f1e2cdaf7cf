internal import DriverKit

/// What one line said: the rule that it matches, and its values.
struct Statement {
  let rule: Rule
  /// Place of the rule among all rules, for what is remembered per rule.
  let ruleNumber: Int
  let line: Line
  private let captures: [Capture]
  /// Values by field in the order in which the line has them.
  private let values: [(field: String, value: Event.Value)]

  enum Outcome {
    case statement(Statement)
    case damaged(LineDamage)
  }

  /// Finds the first rule that matches a line.
  static func of(_ line: Line, in profile: Profile) -> Outcome {
    if let json = profile.json, line.text.utf8.first == UInt8(ascii: "{") {
      guard let (number, captures) = json.read(line) else { return .damaged(.unmatched) }
      return statement(json.rules[number], profile.rules.count + number, line, captures, profile)
        ?? .damaged(.unmatched)
    }
    for (number, rule) in profile.rules.enumerated() {
      guard let captures = rule.pattern?.captures(line) else { continue }
      if let outcome = statement(rule, number, line, captures, profile) { return outcome }
    }
    return .damaged(.unmatched)
  }

  /// `nil` when a condition of the rule does not hold.
  private static func statement(_ rule: Rule, _ number: Int, _ line: Line, _ captures: [Capture], _ profile: Profile)
    -> Outcome?
  {
    var captures = captures
    for missing in rule.defaults where !captures.contains(where: { $0.name == missing.name }) {
      captures.append(missing)
    }
    var values: [(field: String, value: Event.Value)] = []
    var isDamaged = false
    for capture in captures {
      if let value = profile.value(of: capture) {
        values.append((capture.name, value))
      } else {
        isDamaged = true
      }
    }
    for condition in rule.conditions {
      guard let value = values.first(where: { $0.field == condition.field })?.value, condition.holds(for: value) else {
        return nil
      }
    }
    let statement = Statement(rule: rule, ruleNumber: number, line: line, captures: captures, values: values)
    if isDamaged || !statement.isSound(profile) { return .damaged(.value) }
    return .statement(statement)
  }

  /// Holes are holes of the board, and masks have no bits beyond them.
  private func isSound(_ profile: Profile) -> Bool {
    func isHole(_ value: Event.Value?) -> Bool {
      if case .integer(let hole)? = value { (1...Int64(profile.holes)).contains(hole) } else { false }
    }
    if let event = rule.event, event == "peg.inserted" || event == "peg.removed" {
      guard isHole(value("hole") ?? rule.constants.first { $0.key == "hole" }?.value) else { return false }
    }
    if let edge = rule.edge, let index = edge.index {
      guard case .integer? = value(index), !edge.onEvent.hasPrefix("peg.") || isHole(value(index)) else { return false }
    }
    if let mask = rule.mask {
      guard let bits = text(mask.field).flatMap({ UInt64($0, radix: mask.base) }), bits >> UInt64(mask.count) == 0
      else {
        return false
      }
    }
    return true
  }

  /// The text of a field, before conversion.
  func text(_ field: String) -> String? { captures.first { $0.name == field }?.text }

  /// The value of a field.
  func value(_ field: String) -> Event.Value? { values.first { $0.field == field }?.value }

  /// The fields of the event: what the line has, then what the rule sets.
  func eventFields(_ profile: Profile) -> [(key: String, value: Event.Value)] {
    var fields: [(key: String, value: Event.Value)] = []
    for (field, value) in values where profile.clock.origin == .none || field != profile.clock.field {
      fields.append((profile.plans[field]?.key(field) ?? field, value))
    }
    for constant in rule.constants where !fields.contains(where: { $0.key == constant.key }) { fields.append(constant) }
    return fields
  }
}

extension Profile {
  /// The value of a piece of a line, or `nil` when it makes no sense. The clock's field has the clock's format.
  fileprivate func value(of capture: Capture) -> Event.Value? {
    if clock.origin != .none, capture.name == clock.field {
      return clock.format.microseconds(capture.text).map(Event.Value.integer)
    }
    return (plans[capture.name] ?? FieldPlan(for: capture.name)).value(capture.text)
  }
}
