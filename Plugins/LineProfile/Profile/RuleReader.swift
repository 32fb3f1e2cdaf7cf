internal import DriverKit
internal import Schemas

/// Reads the rules of a profile; collects the channels on which they put samples.
struct RuleReader {
  let plans: [String: FieldPlan]
  let clock: ClockPlan
  let trialField: String?
  private(set) var channels = ChannelTable()
  /// Every field that some line can have.
  private(set) var names: Set<String> = []
  private var count = 0

  init(plans: [String: FieldPlan], clock: ClockPlan, trialField: String?) {
    self.plans = plans
    self.clock = clock
    self.trialField = trialField
  }

  /// A rule that a pattern finds.
  mutating func rule(_ value: CheckedValue) throws(JSONMismatch) -> Rule {
    let pattern = try value["regex"]?.pattern()
    let named = (pattern?.groups ?? []).enumerated().compactMap { group, name in name.map { ($0, group) } }
    return try rule(value, named, pattern)
  }

  /// A rule for one type of JSON line.
  mutating func rule(_ value: CheckedValue, names: [String]) throws(JSONMismatch) -> Rule {
    try rule(value, names.map { ($0, 0) }, nil)
  }

  private mutating func rule(_ value: CheckedValue, _ named: [(name: String, group: Int)], _ pattern: LinePattern?)
    throws(JSONMismatch) -> Rule
  {
    names.formUnion(named.map(\.name))
    defer { count += 1 }
    let line = LineFields(names: named.map(\.name), rule: value)
    let defaults = value["default"]?.members ?? []
    for (name, _) in defaults { _ = try line.slot(name, "default") }
    var conditions: [Condition] = []
    for (name, choices) in value["when"]?.members ?? [] {
      conditions.append(Condition(slot: try line.slot(name, "when"), choices.node))
    }
    let identity = value["identify"]
    let edge = value["edge"]
    let mask = value["bits"]
    let rule = Rule(
      number: count,
      fields: named.map { name, group in
        field(name, group: group, unlessSaid: defaults.first { $0.key == name }?.value.node)
      },
      pattern: pattern, event: value.text("event"),
      constants: (value["set"]?.members ?? []).compactMap { key, value in
        Event.Value(scalar: value.node).map { (key, $0) }
      },
      conditions: conditions,
      identity: identity == nil
        ? nil
        : IdentityFields(
          model: try line.slot(ifSaid: identity?.text("model"), "identify"),
          serial: try line.slot(ifSaid: identity?.text("serial"), "identify"),
          firmware: try line.slot(ifSaid: identity?.text("firmware"), "identify")),
      isBanner: value.flag("banner") ?? false, abortReason: value.text("abort"),
      sample: try value["sample"].map { sample throws(JSONMismatch) in try self.sample(sample, line) },
      edge: try edge.map { edge throws(JSONMismatch) in try EdgeRule(edge, line) },
      mask: try mask.map { mask throws(JSONMismatch) in try MaskRule(mask, line) },
      trial: trialField.flatMap { name in named.firstIndex { $0.name == name } })
    try check(rule, value)
    return rule
  }

  private func field(_ name: String, group: Int, unlessSaid: JSONNode?) -> RuleField {
    let isClock = clock.origin != .none && name == clock.field
    return RuleField(
      name: name, group: group, plan: plans[name] ?? FieldPlan(for: name), clock: isClock ? clock.format : nil,
      unlessSaid: unlessSaid.flatMap { Event.Value(scalar: $0) }.map { Array($0.text.utf8) })
  }

  private mutating func sample(_ value: CheckedValue, _ line: LineFields) throws(JSONMismatch) -> SampleRule {
    let field = value.text("field") ?? ""
    guard let plan = plans[field], let unit = plan.unit, plan.kind == .float || plan.kind == .int, plan.map == nil
    else {
      throw value.mismatch(
        "field", "must name an entry of \"fields\" of type float or int that has a unit and no map")
    }
    let channel = Channel(
      number: 0, name: value.text("channel") ?? "", quantity: value.text("quantity") ?? "", unit: unit,
      rawUnit: plan.rawUnit ?? unit)
    guard let number = channels.add(channel) else {
      throw value.mismatch(
        "channel",
        "must be letters, digits, \"-\" and \"_\"; have one quantity and unit in all rules; and be one of at most 64")
    }
    var sample = SampleRule(channel: number, field: try line.slot(field, "sample"))
    if let quality = value["quality"] {
      sample.quality = try line.slot(quality.text("field") ?? "", "sample")
      sample.qualities = (quality["map"]?.members ?? []).compactMap { text, word in
        Quality.named.first { $0.word == word.node.string }.map { (Array(text.utf8), $0.flag) }
      }
    }
    return sample
  }

  /// A rule must do something, and its event must get what it needs.
  private func check(_ rule: Rule, _ value: CheckedValue) throws(JSONMismatch) {
    let isIdle = rule.event == nil && rule.identity == nil && rule.sample == nil && rule.edge == nil && rule.mask == nil
    if isIdle, rule.abortReason == nil, !rule.isBanner, value.node["event"] == nil {
      throw value.mismatch("event", "is missing; write null for a line that is known and ignored")
    }
    if rule.isPeg, rule.slot("hole") == nil, !rule.constants.contains(where: { $0.key == "hole" }) {
      throw value.mismatch("event", "needs a field \"hole\"")
    }
  }
}

/// The fields that a rule's line can have, by place.
private struct LineFields {
  let names: [String]
  let rule: CheckedValue

  /// The place of a field, which the line must be able to have.
  func slot(_ name: String, _ key: String) throws(JSONMismatch) -> Int {
    guard let slot = names.firstIndex(of: name) else {
      throw rule.mismatch(key, "names the field \"\(name)\", which this line does not have")
    }
    return slot
  }

  func slot(ifSaid name: String?, _ key: String) throws(JSONMismatch) -> Int? {
    if let name { try slot(name, key) } else { nil }
  }
}

extension EdgeRule {
  fileprivate init(_ value: CheckedValue, _ line: LineFields) throws(JSONMismatch) {
    field = try line.slot(value.text("field") ?? "", "edge")
    index = try line.slot(ifSaid: value.text("index"), "edge")
    mode = value.word("mode") ?? .level
    onEvent = value.text("on") ?? ""
    offEvent = value.text("off")
    onAbove = value.number("on_above") ?? 0
    offBelow = value.number("off_below") ?? onAbove
    if offBelow > onAbove { throw value.mismatch("off_below", "must be a number from -1e12 to \(onAbove)") }
    hold = 1000 * (value.integer("hold_ms") ?? 0)
    alsoWhenEqual = value.number("also_when_equal")
    if let falls = value["delta"] {
      delta = falls.node.number ?? falls.number("default") ?? 0
      for (sensor, fall) in falls.members where sensor != "default" { deltas[sensor] = fall.node.number }
    }
  }
}

extension MaskRule {
  fileprivate init(_ value: CheckedValue, _ line: LineFields) throws(JSONMismatch) {
    field = try line.slot(value.text("field") ?? "", "bits.field")
    base = Int(value.integer("base") ?? 16)
    count = Int(value.integer("count") ?? 1)
    first = Int(value.integer("first") ?? 1)
    index = value.text("index") ?? "hole"
    setEvent = value.text("set") ?? ""
    clearEvent = value.text("clear") ?? ""
    reconciles = value.flag("reconcile") ?? false
    if reconciles, setEvent != EventName.pegInserted || clearEvent != EventName.pegRemoved {
      throw value.mismatch(
        "reconcile", "can be true only when the mask sets \"peg.inserted\" and clears \"peg.removed\"")
    }
  }
}
