internal import DriverKit

/// What a line means. Fields are named by their place in `fields`.
final class Rule {
  /// Place among all rules, for what is remembered per rule.
  let number: Int
  /// What a line can have, in its order.
  let fields: [RuleField]
  /// Finds the line; `nil` for a rule that a JSON line names by its type.
  let pattern: LinePattern?
  /// The event that it makes, if any.
  let event: String?
  /// The event is of a peg in a hole of the board.
  let isPeg: Bool
  /// Fields with the same value each time.
  let constants: [(key: String, value: Event.Value)]
  /// All must hold, or the rule does not match.
  let conditions: [Condition]
  let identity: IdentityFields?
  /// The board says this when it starts: unasked, it means that the board began anew.
  let isBanner: Bool
  /// A trial that is running ends with this reason.
  let abortReason: String?
  let sample: SampleRule?
  let edge: EdgeRule?
  let mask: MaskRule?
  /// The field with the reading of the instrument's clock.
  let clock: Int?
  /// The field that tells which trial it is.
  let trial: Int?

  init(
    number: Int, fields: [RuleField], pattern: LinePattern? = nil, event: String? = nil,
    constants: [(key: String, value: Event.Value)] = [], conditions: [Condition] = [],
    identity: IdentityFields? = nil, isBanner: Bool = false, abortReason: String? = nil, sample: SampleRule? = nil,
    edge: EdgeRule? = nil, mask: MaskRule? = nil, trial: Int? = nil
  ) {
    self.number = number
    self.fields = fields
    self.pattern = pattern
    self.event = event
    isPeg = event == EventName.pegInserted || event == EventName.pegRemoved
    self.constants = constants
    self.conditions = conditions
    self.identity = identity
    self.isBanner = isBanner
    self.abortReason = abortReason
    self.sample = sample
    self.edge = edge
    self.mask = mask
    clock = fields.firstIndex { $0.clock != nil }
    self.trial = trial
  }

  /// The place of a field.
  func slot(_ name: String) -> Int? { fields.firstIndex { $0.name == name } }

  /// Every event that the rule can make.
  var events: [String] {
    [event, edge?.onEvent, edge?.offEvent, mask?.setEvent, mask?.clearEvent].compactMap(\.self)
  }
}

/// One field that a line can have.
final class RuleField {
  let name: String
  /// The group of the pattern that holds it.
  let group: Int
  /// How its text becomes a value.
  let plan: FieldPlan
  /// How it is read where it is the reading of the instrument's clock.
  let clock: TimeFormat?
  /// Its text where the line leaves it out.
  let unlessSaid: [UInt8]?

  init(name: String, group: Int, plan: FieldPlan, clock: TimeFormat?, unlessSaid: [UInt8]?) {
    self.name = name
    self.group = group
    self.plan = plan
    self.clock = clock
    self.unlessSaid = unlessSaid
  }

  /// What it is called in an event: a time says its unit.
  var key: String { plan.kind == .time ? name + "_us" : name }

  /// The value of a text, or `nil` when it makes no sense.
  func value(_ text: Span<UInt8>) -> FieldValue? {
    guard let clock else { return plan.value(text) }
    return clock.microseconds(text).map(FieldValue.integer)
  }
}

/// The fields that tell who the instrument is.
struct IdentityFields {
  var model: Int?
  var serial: Int?
  var firmware: Int?
}

/// A field must be one of some texts or lie in one of some ranges: `"1..18"`, `3`, `["ST", "US"]`.
struct Condition {
  private enum Choice { case text(String), range(ClosedRange<Double>) }

  let slot: Int
  private let choices: [Choice]

  init(slot: Int, _ node: JSONNode) {
    self.slot = slot
    choices = (node.elements ?? [node]).compactMap(Event.Value.init(scalar:)).map {
      Self.range($0).map(Choice.range) ?? .text($0.text)
    }
  }

  private static func range(_ value: Event.Value) -> ClosedRange<Double>? {
    if let number = value.number { return number...number }
    let text = value.text.utf8
    guard let dots = text.indices.first(where: { text[$0...].starts(with: "..".utf8) }),
      let low = Double(String(value.text[..<dots])),
      let high = Double(String(value.text[text.index(dots, offsetBy: 2)...])), low <= high
    else { return nil }
    return low...high
  }

  func holds(for value: Event.Value) -> Bool {
    choices.contains { choice in
      switch choice {
      case .text(let text): value.text == text
      case .range(let range): value.number.map(range.contains) ?? false
      }
    }
  }
}

/// A field is a measurement.
struct SampleRule {
  /// Number of the channel.
  var channel: UInt32
  var field: Int
  /// A field whose text tells the quality.
  var quality: Int?
  var qualities: [(text: [UInt8], flag: Quality)] = []
}

/// Levels become events where they cross a threshold.
struct EdgeRule {
  enum Mode: String, CaseIterable { case level, drop }

  var mode = Mode.level
  /// The field with the level.
  var field: Int
  /// The field that tells which of several sensors it is; `nil`: there is one.
  var index: Int?
  /// Level mode: on when above this, off when below that.
  var onAbove = 0.0
  var offBelow = 0.0
  /// The level must stay for this long; the event bears the time of its beginning.
  var hold: Microseconds = 0
  /// Drop mode: on when the level falls by more than this from one line to the next.
  var delta = 0.0
  /// Drop mode: other falls for some sensors.
  var deltas: [String: Double] = [:]
  /// Drop mode: on when the level is exactly this.
  var alsoWhenEqual: Double?
  var onEvent: String
  var offEvent: String?
}

/// Each bit of a field is a contact.
struct MaskRule {
  var field: Int
  var base = 16
  var count = 1
  /// What the lowest bit is called.
  var first = 1
  /// The key of the number in the events.
  var index = "hole"
  var setEvent: String
  var clearEvent: String
  /// The mask repeats what other lines told of holes one by one: a difference is a line that was lost.
  var reconciles = false
}
