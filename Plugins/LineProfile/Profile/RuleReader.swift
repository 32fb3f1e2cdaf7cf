internal import DriverKit
internal import Schemas
internal import StrictJSON

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
    let named = (pattern?.groups ?? []).enumerated().compactMap { group, name in name.map { field($0, group: group) } }
    let rule = try rule(value, named)
    rule.pattern = pattern
    return rule
  }

  /// A rule for one type of JSON line.
  mutating func rule(_ value: CheckedValue, names: [String]) throws(JSONMismatch) -> Rule {
    try rule(value, names.map { field($0, group: 0) })
  }

  private func field(_ name: String, group: Int) -> RuleField {
    let isClock = clock.origin != .none && name == clock.field
    return RuleField(
      name: name, group: group, plan: plans[name] ?? FieldPlan(for: name), clock: isClock ? clock.format : nil)
  }

  private mutating func rule(_ value: CheckedValue, _ fields: [RuleField]) throws(JSONMismatch) -> Rule {
    names.formUnion(fields.map(\.name))
    let rule = Rule(number: count, fields: fields)
    count += 1
    rule.clock = fields.firstIndex { $0.clock != nil }
    rule.trial = trialField.flatMap(rule.slot)
    rule.event = value.text("event")
    rule.constants = (value["set"]?.members ?? []).compactMap { key, value in
      Event.Value(scalar: value.node).map { (key, $0) }
    }
    for (name, text) in value["default"]?.members ?? [] {
      rule.fields[try slot(name, rule, value, "default")].unlessSaid = Array(
        (Event.Value(scalar: text.node)?.text ?? "").utf8)
    }
    for (name, choices) in value["when"]?.members ?? [] {
      rule.conditions.append(Condition(slot: try slot(name, rule, value, "when"), choices.node))
    }
    if let identity = value["identify"] {
      rule.identity = IdentityFields(
        model: try slotIfSaid(identity.text("model"), rule, value, "identify"),
        serial: try slotIfSaid(identity.text("serial"), rule, value, "identify"),
        firmware: try slotIfSaid(identity.text("firmware"), rule, value, "identify"))
    }
    rule.isBanner = value.flag("banner") ?? false
    rule.abortReason = value.text("abort")
    if let sample = value["sample"] { rule.sample = try self.sample(sample, rule, value) }
    if let edge = value["edge"] {
      rule.edge = try EdgeRule(
        edge, field: try slot(edge.text("field") ?? "", rule, value, "edge"),
        index: try slotIfSaid(edge.text("index"), rule, value, "edge"))
    }
    if let mask = value["bits"] {
      rule.mask = try MaskRule(mask, field: try slot(mask.text("field") ?? "", rule, value, "bits.field"))
    }
    try check(rule, value)
    return rule
  }

  /// The place of a field that the line must be able to have.
  private func slot(_ name: String, _ rule: Rule, _ value: CheckedValue, _ key: String) throws(JSONMismatch) -> Int {
    guard let slot = rule.slot(name) else {
      throw value.mismatch(key, "names the field \"\(name)\", which this line does not have")
    }
    return slot
  }

  private func slotIfSaid(_ name: String?, _ rule: Rule, _ value: CheckedValue, _ key: String) throws(JSONMismatch)
    -> Int?
  {
    if let name { try slot(name, rule, value, key) } else { nil }
  }

  private mutating func sample(_ value: CheckedValue, _ rule: Rule, _ outer: CheckedValue) throws(JSONMismatch)
    -> SampleRule
  {
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
    var sample = SampleRule(channel: number, field: try slot(field, rule, outer, "sample"))
    if let quality = value["quality"] {
      sample.quality = try slot(quality.text("field") ?? "", rule, outer, "sample")
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

extension EdgeRule {
  fileprivate init(_ value: CheckedValue, field: Int, index: Int?) throws(JSONMismatch) {
    self.field = field
    self.index = index
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
  fileprivate init(_ value: CheckedValue, field: Int) throws(JSONMismatch) {
    self.field = field
    base = Int(value.integer("base") ?? 16)
    count = Int(value.integer("count") ?? 1)
    first = Int(value.integer("first") ?? 1)
    index = value.text("index") ?? "hole"
    setEvent = value.text("set") ?? ""
    clearEvent = value.text("clear") ?? ""
    reconciles = value.flag("reconcile") ?? false
    if reconciles, setEvent != "peg.inserted" || clearEvent != "peg.removed" {
      throw value.mismatch(
        "reconcile", "can be true only when the mask sets \"peg.inserted\" and clears \"peg.removed\"")
    }
  }
}
