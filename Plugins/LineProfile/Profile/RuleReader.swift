internal import DriverKit
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
  mutating func rule(_ node: JSONNode, _ path: String) throws(JSONMismatch) -> Rule {
    var fields = try JSONFields(node, path)
    guard let pattern = try fields.pattern("regex") else {
      throw JSONMismatch(line: node.line, key: fields.path(of: "regex"), problem: "is missing")
    }
    let named = pattern.groups.enumerated().compactMap { group, name in name.map { field($0, group: group) } }
    let rule = try body(&fields, node: node, named)
    rule.pattern = pattern
    return rule
  }

  /// A rule for one type of JSON line: an event's name, null for "known and ignored", or an object.
  mutating func rule(json node: JSONNode, _ path: String, names: [String]) throws(JSONMismatch) -> Rule {
    let isShort = node.string != nil || node.value == .null
    let node = isShort ? JSONNode(.object([JSONMember("event", node)]), line: node.line) : node
    var fields = try JSONFields(node, path)
    return try body(&fields, node: node, names.map { field($0, group: 0) })
  }

  private func field(_ name: String, group: Int) -> RuleField {
    let isClock = clock.origin != .none && name == clock.field
    return RuleField(
      name: name, group: group, plan: plans[name] ?? FieldPlan(for: name), clock: isClock ? clock.format : nil)
  }

  private mutating func body(_ fields: inout JSONFields, node: JSONNode, _ named: [RuleField]) throws(JSONMismatch)
    -> Rule
  {
    names.formUnion(named.map(\.name))
    let rule = Rule(number: count, fields: named)
    count += 1
    rule.clock = named.firstIndex { $0.clock != nil }
    rule.trial = trialField.flatMap(rule.slot)
    rule.event = try fields.eventName("event")
    rule.constants = try fields.scalars("set")
    for (name, value) in try fields.scalars("default") {
      rule.fields[try slot(name, of: rule, "default", fields)].unlessSaid = Array(value.text.utf8)
    }
    if let when = fields.node("when") {
      guard let members = when.members else {
        throw fields.mismatch("when", when, "must be an object, not \(when.kind)")
      }
      for member in members {
        let slot = try slot(member.key, of: rule, "when", fields)
        do throws(JSONMismatch) {
          rule.conditions.append(try Condition(field: member.key, slot: slot, member.node))
        } catch {
          throw fields.mismatch(error.key, member.node, error.problem)
        }
      }
    }
    if var identity = try fields.object("identify") {
      rule.identity = IdentityFields(
        model: try slotIfSaid(try identity.string("model"), of: rule, "identify", fields),
        serial: try slotIfSaid(try identity.string("serial"), of: rule, "identify", fields),
        firmware: try slotIfSaid(try identity.string("firmware"), of: rule, "identify", fields))
      try identity.end()
    }
    rule.isBanner = try fields.flag("banner") ?? false
    rule.abortReason = try fields.string("abort")
    if var sample = try fields.object("sample") { rule.sample = try self.sample(&sample, rule, fields) }
    if var edge = try fields.object("edge") {
      let field = try slot(try edge.requiredString("field"), of: rule, "edge", fields)
      let index = try slotIfSaid(try edge.string("index"), of: rule, "edge", fields)
      rule.edge = try EdgeRule(&edge, field: field, index: index)
    }
    if var mask = try fields.object("bits") {
      rule.mask = try MaskRule(
        &mask, field: try slot(try mask.requiredString("field"), of: rule, "bits.field", fields))
    }
    try fields.end()
    try check(rule, fields, node: node)
    return rule
  }

  /// The place of a field that the line must be able to have.
  private func slot(_ name: String, of rule: Rule, _ key: String, _ fields: JSONFields) throws(JSONMismatch) -> Int {
    guard let slot = rule.slot(name) else {
      throw JSONMismatch(
        line: fields.line, key: fields.path(of: key),
        problem: "names the field \"\(name)\", which this line does not have")
    }
    return slot
  }

  private func slotIfSaid(_ name: String?, of rule: Rule, _ key: String, _ fields: JSONFields) throws(JSONMismatch)
    -> Int?
  {
    if let name { try slot(name, of: rule, key, fields) } else { nil }
  }

  private mutating func sample(_ fields: inout JSONFields, _ rule: Rule, _ outer: JSONFields) throws(JSONMismatch)
    -> SampleRule
  {
    let name = try fields.requiredString("channel")
    let quantity = try fields.requiredString("quantity")
    let field = try fields.requiredString("field")
    let quality = try fields.object("quality")
    try fields.end()
    guard let plan = plans[field], let unit = plan.unit, plan.kind == .float || plan.kind == .int, plan.map == nil
    else {
      throw JSONMismatch(
        line: fields.line, key: fields.path(of: "field"),
        problem: "must name an entry of \"fields\" of type float or int that has a unit and no map")
    }
    let channel = Channel(number: 0, name: name, quantity: quantity, unit: unit, rawUnit: plan.rawUnit ?? unit)
    guard let number = channels.add(channel) else {
      throw JSONMismatch(
        line: fields.line, key: fields.path(of: "channel"),
        problem:
          "must be letters, digits, \"-\" and \"_\"; have one quantity and unit in all rules; and be one of at most 64")
    }
    var sample = SampleRule(channel: number, field: try slot(field, of: rule, "sample", outer))
    if var quality {
      sample.quality = try slot(try quality.requiredString("field"), of: rule, "sample", outer)
      for member in (try quality.required("map")).members ?? [] {
        guard let word = member.node.string, let flag = Quality(word: word) else {
          throw quality.mismatch("map.\(member.key)", member.node, "must be one of \(Quality.words)")
        }
        sample.qualities.append((Array(member.key.utf8), flag))
      }
      try quality.end()
    }
    return sample
  }

  /// A rule must do something, and its event must get what it needs.
  private func check(_ rule: Rule, _ fields: JSONFields, node: JSONNode) throws(JSONMismatch) {
    let isIdle = rule.event == nil && rule.identity == nil && rule.sample == nil && rule.edge == nil && rule.mask == nil
    if isIdle, rule.abortReason == nil, !rule.isBanner, node["event"] == nil {
      throw JSONMismatch(
        line: node.line, key: fields.path(of: "event"),
        problem: "is missing; write null for a line that is known and ignored")
    }
    if rule.isPeg, rule.slot("hole") == nil, !rule.constants.contains(where: { $0.key == "hole" }) {
      throw JSONMismatch(line: node.line, key: fields.path(of: "event"), problem: "needs a field \"hole\"")
    }
  }
}

extension EdgeRule {
  init(_ fields: inout JSONFields, field: Int, index: Int?) throws(JSONMismatch) {
    self.field = field
    self.index = index
    mode = try fields.word("mode", as: Mode.self) ?? .level
    onEvent = try fields.requiredEventName("on")
    offEvent = try fields.eventName("off")
    switch mode {
    case .level:
      guard let above = try fields.number("on_above", in: -1e12...1e12) else {
        throw JSONMismatch(line: fields.line, key: fields.path(of: "on_above"), problem: "is missing")
      }
      onAbove = above
      offBelow = try fields.number("off_below", in: -1e12...above) ?? above
      hold = 1000 * (try fields.integer("hold_ms", in: 0...60_000) ?? 0)
    case .drop:
      alsoWhenEqual = try fields.number("also_when_equal", in: -1e12...1e12)
      let node = try fields.required("delta")
      if let number = node.number {
        delta = number
      } else if let members = node.members, let number = node["default"]?.number {
        delta = number
        for member in members where member.key != "default" {
          guard let number = member.node.number, number >= 0 else {
            throw fields.mismatch("delta.\(member.key)", member.node, "must be a number from 0 on")
          }
          deltas[member.key] = number
        }
      } else {
        throw fields.mismatch("delta", node, "must be a number, or an object of numbers with a \"default\"")
      }
      if delta < 0 { throw fields.mismatch("delta", node, "must not be negative") }
    }
    try fields.end()
  }
}

extension MaskRule {
  init(_ fields: inout JSONFields, field: Int) throws(JSONMismatch) {
    self.field = field
    let base = try fields.integer("base", in: 2...16) ?? 16
    self.base = Int(base)
    count = Int(try fields.integer("count", in: 1...63) ?? 1)
    first = Int(try fields.integer("first", in: 0...1000) ?? 1)
    index = try fields.string("index") ?? "hole"
    setEvent = try fields.requiredEventName("set")
    clearEvent = try fields.requiredEventName("clear")
    reconciles = try fields.flag("reconcile") ?? false
    if reconciles, setEvent != "peg.inserted" || clearEvent != "peg.removed" {
      throw JSONMismatch(
        line: fields.line, key: fields.path(of: "reconcile"),
        problem: "can be true only when the mask sets \"peg.inserted\" and clears \"peg.removed\"")
    }
    try fields.end()
  }
}

extension JSONFields {
  fileprivate mutating func eventName(_ key: String) throws(JSONMismatch) -> String? {
    guard let node = node(key) else { return nil }
    guard let name = node.string, EventNames.all.contains(name) else {
      throw mismatch(key, node, "must be one of \(EventNames.all.sorted().joined(separator: ", "))")
    }
    return name
  }

  fileprivate mutating func requiredEventName(_ key: String) throws(JSONMismatch) -> String {
    guard let name = try eventName(key) else {
      throw JSONMismatch(line: line, key: path(of: key), problem: "is missing")
    }
    return name
  }

  fileprivate mutating func scalars(_ key: String) throws(JSONMismatch) -> [(key: String, value: Event.Value)] {
    guard let node = node(key) else { return [] }
    guard let members = node.members, members.count <= 8 else {
      throw mismatch(key, node, "must be an object of at most 8 fields")
    }
    var scalars: [(key: String, value: Event.Value)] = []
    for member in members {
      guard isFieldName(member.key), let value = Event.Value(scalar: member.node) else {
        throw mismatch("\(key).\(member.key)", member.node, "must be a field name with a text, a number, true or false")
      }
      scalars.append((member.key, value))
    }
    return scalars
  }
}

extension Quality {
  private static let named: [(word: String, flag: Quality)] = [
    ("in_motion", .inMotion), ("stable", .stable), ("over_range", .overRange), ("under_range", .underRange),
    ("needs_zero", .needsZero), ("needs_calibration", .needsCalibration), ("instrument_fault", .instrumentFault),
    ("no_data", .noData), ("suspect", .suspect),
  ]

  /// The words that a profile may use.
  static var words: String { named.map(\.word).joined(separator: ", ") }

  /// The quality that a word names.
  init?(word: String) {
    guard let flag = Self.named.first(where: { $0.word == word })?.flag else { return nil }
    self = flag
  }
}

extension JSONFields {
  /// A pattern, or `nil` when absent.
  mutating func pattern(_ key: String) throws(JSONMismatch) -> LinePattern? {
    guard let node = node(key) else { return nil }
    guard let text = node.string else { throw mismatch(key, node, "must be a string, not \(node.kind)") }
    do throws(PatternProblem) {
      return try LinePattern(text)
    } catch {
      throw mismatch(key, node, error.text)
    }
  }
}
