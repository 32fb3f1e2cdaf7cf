internal import DriverKit
internal import StrictJSON

/// A line protocol, as one JSON file describes it (`docs/line-profiles.md`).
struct Profile {
  enum Unmatched: String, CaseIterable { case warn, ignore }

  let id: String
  let title: String
  let identity: Identity
  let serial: SerialLine
  let framing: Framing
  let checksum: Checksum?
  let opening: OpeningPlan
  let poll: PollPlan?
  let watchdog: WatchdogPlan
  let clock: ClockPlan
  let plans: [String: FieldPlan]
  let rules: [Rule]
  let json: JSONLines?
  /// The rules for patterns, then those for JSON lines.
  let allRules: [Rule]
  let commands: [String: CommandPlan]
  let unmatched: Unmatched
  let linesPerSecond: Int
  /// Holes are numbered from 1 to this.
  let holes: Int
  /// A stop belongs to a start when this field is the same in both, or missing in one.
  let trialField: String?
  /// Channels by number.
  let channels: [Channel]
  /// The channel for elapsed time, when a line can end a trial.
  let elapsedChannel: UInt32?
  /// A line can begin a trial.
  let knowsTrials: Bool
  /// A line can tell that a peg left its hole, so that a hole that fills twice is strange.
  let knowsRemoval: Bool

  init(_ node: JSONNode) throws(JSONMismatch) {
    var fields = try JSONFields(node, "profile")
    _ = try fields.string("$schema")
    guard try fields.integer("profile", in: 1...1) != nil else {
      throw JSONMismatch(
        line: node.line, key: fields.path(of: "profile"), problem: "is missing; this format is number 1")
    }
    id = try fields.requiredString("id")
    title = try fields.requiredString("title")
    _ = try fields.string("notes")
    identity = try Self.identity(&fields)
    serial = try Self.serial(&fields)
    framing = if var framing = try fields.object("framing") { try Framing(&framing) } else { Framing() }
    var checksum: Checksum?
    if var object = try fields.object("checksum") { checksum = try Checksum(&object) }
    self.checksum = checksum?.kind == ChecksumKind.none ? nil : checksum
    opening = if var open = try fields.object("open") { try OpeningPlan(&open) } else { OpeningPlan() }
    poll = if var poll = try fields.object("poll") { try PollPlan(&poll) } else { nil }
    watchdog = if var dog = try fields.object("watchdog") { try WatchdogPlan(&dog) } else { WatchdogPlan() }
    clock = if var clock = try fields.object("clock") { try ClockPlan(&clock) } else { ClockPlan() }
    let plans = try Self.plans(&fields)
    self.plans = plans
    unmatched = try fields.word("unmatched", as: Unmatched.self) ?? .warn
    holes = Int(try fields.integer("holes", in: 1...64) ?? 64)
    trialField = try fields.string("trial_field")
    var limits = try fields.object("limits")
    linesPerSecond = Int(try limits?.integer("max_lines_per_second", in: 1...100_000) ?? 1000)
    try limits?.end()

    var reader = RuleReader(plans: plans, clock: clock, trialField: trialField)
    var rules: [Rule] = []
    for (index, node) in try fields.list("rules").enumerated() {
      rules.append(try reader.rule(node, fields.path(of: "rules[\(index)]")))
    }
    self.rules = rules
    json = if var json = try fields.object("json") { try JSONLines(&json, &reader) } else { nil }
    allRules = rules + (json?.rules ?? [])
    commands = try Self.commands(&fields)
    try fields.end()

    var channels = reader.channels
    let events = Set(allRules.flatMap(\.events))
    knowsTrials = events.contains("trial.started")
    knowsRemoval = events.contains("peg.removed")
    elapsedChannel = try Self.addElapsed(to: &channels, events, clock, plans, fields)
    self.channels = channels.all
    try check(reader.names, fields)
  }

  private static func addElapsed(
    to channels: inout ChannelTable, _ events: Set<String>, _ clock: ClockPlan, _ plans: [String: FieldPlan],
    _ fields: JSONFields
  ) throws(JSONMismatch) -> UInt32? {
    if !events.contains("trial.stopped") { return nil }
    var channel = Channel(number: 0, name: "elapsed", quantity: "time", unit: "s")
    channel.rawUnit = plans["elapsed"].map(\.format.rawUnit) ?? (clock.origin == .none ? nil : clock.format.rawUnit)
    channel.resolution = clock.resolution > 0 ? Double(clock.resolution) / 1e6 : nil
    channel.uncertainty = clock.uncertainty
    guard let number = channels.add(channel) else {
      throw JSONMismatch(
        line: fields.line, key: fields.path(of: "rules"),
        problem: "must leave the channel \"elapsed\" to the times of trials")
    }
    return number
  }

  private func check(_ names: Set<String>, _ fields: JSONFields) throws(JSONMismatch) {
    if rules.isEmpty, json == nil {
      throw JSONMismatch(line: fields.line, key: fields.path(of: "rules"), problem: "is missing, and so is \"json\"")
    }
    if json != nil, framing.foldsCase {
      throw JSONMismatch(
        line: fields.line, key: fields.path(of: "framing.case_fold"), problem: "cannot be true with \"json\"")
    }
    let needed = [("clock.field", clock.origin == .none ? nil : clock.field), ("trial_field", trialField)]
    for case (let key, let name?) in needed where !names.contains(name) {
      throw JSONMismatch(
        line: fields.line, key: fields.path(of: key), problem: "names the field \"\(name)\", which no line has")
    }
  }

  private static func identity(_ fields: inout JSONFields) throws(JSONMismatch) -> Identity {
    guard var identity = try fields.object("identity") else { return Identity() }
    let result = Identity(
      vendor: try identity.string("vendor") ?? "", model: try identity.string("model") ?? "")
    try identity.end()
    return result
  }

  private static func serial(_ fields: inout JSONFields) throws(JSONMismatch) -> SerialLine {
    let node = try fields.required("serial")
    var serial = try JSONFields(node, fields.path(of: "serial"))
    guard let baud = try serial.integer("baud", in: 50...4_000_000) else {
      throw JSONMismatch(line: node.line, key: serial.path(of: "baud"), problem: "is missing")
    }
    let parity: SerialLine.Parity =
      switch try serial.word("parity", as: Parity.self) ?? .none {
      case .none: .none
      case .odd: .odd
      case .even: .even
      }
    let line = SerialLine(
      baud: UInt32(baud), dataBits: UInt32(try serial.integer("data_bits", in: 5...8) ?? 8), parity: parity,
      stopBits: UInt32(try serial.integer("stop_bits", in: 1...2) ?? 1), dtr: try serial.flag("dtr") ?? true,
      rts: try serial.flag("rts") ?? true)
    try serial.end()
    return line
  }

  private enum Parity: String, CaseIterable { case none, odd, even }

  private static func plans(_ fields: inout JSONFields) throws(JSONMismatch) -> [String: FieldPlan] {
    guard let node = fields.node("fields") else { return [:] }
    var plans: [String: FieldPlan] = [:]
    guard let members = node.members else {
      throw fields.mismatch("fields", node, "must be an object, not \(node.kind)")
    }
    for member in members {
      let path = fields.path(of: "fields.\(member.key)")
      if !isFieldName(member.key) {
        throw JSONMismatch(line: member.node.line, key: path, problem: "is not small letters, digits and \"_\"")
      }
      var field = try JSONFields(member.node, path)
      plans[member.key] = try FieldPlan(&field, name: member.key)
    }
    return plans
  }

  private static func commands(_ fields: inout JSONFields) throws(JSONMismatch) -> [String:
    CommandPlan]
  {
    guard let node = fields.node("commands") else { return [:] }
    guard let members = node.members else {
      throw fields.mismatch("commands", node, "must be an object, not \(node.kind)")
    }
    var commands: [String: CommandPlan] = [:]
    for member in members {
      let path = fields.path(of: "commands.\(member.key)")
      if !isFieldName(member.key) {
        throw JSONMismatch(line: member.node.line, key: path, problem: "is not small letters, digits and \"_\"")
      }
      commands[member.key] = try CommandPlan(member.node, path)
    }
    return commands
  }
}
