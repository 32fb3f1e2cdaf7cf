internal import DriverKit
internal import StrictJSON

/// Reads the rules of a profile; collects the channels on which they put samples.
struct RuleReader {
  let lineLength: Int
  let plans: [String: FieldPlan]
  private(set) var channels = ChannelTable()
  /// Every field that some line can have.
  private(set) var names: Set<String> = []

  init(lineLength: Int, plans: [String: FieldPlan]) {
    self.lineLength = lineLength
    self.plans = plans
  }

  /// A rule that a pattern finds.
  mutating func rule(_ node: JSONNode, _ path: String) throws(JSONMismatch) -> Rule {
    var fields = try JSONFields(node, path)
    guard let pattern = try fields.pattern("regex", lineLength: lineLength) else {
      throw JSONMismatch(line: node.line, key: fields.path(of: "regex"), problem: "is missing")
    }
    var rule = try body(&fields, node: node, known: Set(pattern.groupNames))
    rule.pattern = pattern
    return rule
  }

  /// A rule for one type of JSON line: an event's name, null for "known and ignored", or an object.
  mutating func rule(json node: JSONNode, _ path: String, known: Set<String>) throws(JSONMismatch) -> Rule {
    let isShort = node.string != nil || node.value == .null
    let node = isShort ? JSONNode(.object([JSONMember("event", node)]), line: node.line) : node
    var fields = try JSONFields(node, path)
    return try body(&fields, node: node, known: known)
  }

  private mutating func body(_ fields: inout JSONFields, node: JSONNode, known: Set<String>) throws(JSONMismatch)
    -> Rule
  {
    names.formUnion(known)
    var rule = Rule()
    rule.event = try fields.eventName("event")
    rule.constants = try fields.scalars("set").map { ($0.key, $0.value) }
    rule.defaults = try fields.scalars("default").map { Capture(name: $0.key, text: $0.value.text) }
    if let when = fields.node("when") {
      for member in when.members ?? [] {
        do throws(JSONMismatch) {
          rule.conditions.append(try Condition(field: member.key, member.node))
        } catch {
          throw fields.mismatch(error.key, member.node, error.problem)
        }
      }
      if when.members == nil { throw fields.mismatch("when", when, "must be an object, not \(when.kind)") }
    }
    if var identity = try fields.object("identify") { rule.identity = try IdentityFields(&identity) }
    rule.isBanner = try fields.flag("banner") ?? false
    rule.abortReason = try fields.string("abort")
    if var sample = try fields.object("sample") { rule.sample = try self.sample(&sample) }
    if var edge = try fields.object("edge") { rule.edge = try EdgeRule(&edge) }
    if var mask = try fields.object("bits") { rule.mask = try MaskRule(&mask) }
    try fields.end()
    try check(rule, fields, node: node, known: known)
    return rule
  }

  private mutating func sample(_ fields: inout JSONFields) throws(JSONMismatch) -> SampleRule {
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
    var rule = SampleRule(channel: number, field: field)
    if var quality {
      rule.qualityField = try quality.requiredString("field")
      for member in (try quality.required("map")).members ?? [] {
        guard let word = member.node.string, let flag = Quality(word: word) else {
          throw quality.mismatch("map.\(member.key)", member.node, "must be one of \(Quality.words)")
        }
        rule.qualities[member.key] = flag
      }
      try quality.end()
    }
    return rule
  }

  /// The names in a rule must be names that its line can have, and its event must get what it needs.
  private func check(_ rule: Rule, _ fields: JSONFields, node: JSONNode, known: Set<String>) throws(JSONMismatch) {
    let named: [(key: String, names: [String])] = [
      ("default", rule.defaults.map(\.name)), ("when", rule.conditions.map(\.field)),
      ("identify", rule.identity?.names ?? []), ("bits.field", [rule.mask?.field].compactMap(\.self)),
      ("edge", [rule.edge?.field, rule.edge?.index].compactMap(\.self)),
      ("sample", [rule.sample?.field, rule.sample?.qualityField].compactMap(\.self)),
    ]
    for (key, names) in named {
      for name in names where !known.contains(name) {
        throw JSONMismatch(
          line: node.line, key: fields.path(of: key),
          problem: "names the field \"\(name)\", which this line does not have")
      }
    }
    let isIdle = rule.event == nil && rule.identity == nil && rule.sample == nil && rule.edge == nil && rule.mask == nil
    if isIdle, rule.abortReason == nil, !rule.isBanner, node["event"] == nil {
      throw JSONMismatch(
        line: node.line, key: fields.path(of: "event"),
        problem: "is missing; write null for a line that is known and ignored")
    }
    if let event = rule.event, event == "peg.inserted" || event == "peg.removed", !known.contains("hole"),
      !rule.constants.contains(where: { $0.key == "hole" })
    {
      throw JSONMismatch(line: node.line, key: fields.path(of: "event"), problem: "needs a field \"hole\"")
    }
  }
}

extension EdgeRule {
  init(_ fields: inout JSONFields) throws(JSONMismatch) {
    field = try fields.requiredString("field")
    index = try fields.string("index")
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
  init(_ fields: inout JSONFields) throws(JSONMismatch) {
    field = try fields.requiredString("field")
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
