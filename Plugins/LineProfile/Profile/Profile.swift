internal import DriverKit
internal import Schemas

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
    let value = try CheckedValue(node, Self.schema, at: "profile")
    id = value.text("id") ?? ""
    title = value.text("title") ?? ""
    identity = Identity(
      vendor: value["identity"]?.text("vendor") ?? "", model: value["identity"]?.text("model") ?? "")
    serial = SerialLine(value["serial"])
    framing = value["framing"].map(Framing.init) ?? Framing()
    let checksum = try value["checksum"].map(Checksum.init)
    self.checksum = checksum?.kind == ChecksumKind.none ? nil : checksum
    opening = try value["open"].map(OpeningPlan.init) ?? OpeningPlan()
    poll = try value["poll"].map(PollPlan.init)
    watchdog = value["watchdog"].map(WatchdogPlan.init) ?? WatchdogPlan()
    clock = value["clock"].map(ClockPlan.init) ?? ClockPlan()
    var plans: [String: FieldPlan] = [:]
    for (name, plan) in value["fields"]?.members ?? [] { plans[name] = try FieldPlan(plan, name: name) }
    self.plans = plans
    unmatched = value.word("unmatched") ?? .warn
    holes = Int(value.integer("holes") ?? 64)
    trialField = value.text("trial_field")
    linesPerSecond = Int(value["limits"]?.integer("max_lines_per_second") ?? 1000)

    var reader = RuleReader(plans: plans, clock: clock, trialField: trialField)
    var rules: [Rule] = []
    for rule in value["rules"]?.elements ?? [] { rules.append(try reader.rule(rule)) }
    self.rules = rules
    json = if let json = value["json"] { try JSONLines(json, &reader) } else { nil }
    allRules = rules + (json?.rules.values.sorted { $0.number < $1.number } ?? [])
    var commands: [String: CommandPlan] = [:]
    for (name, command) in value["commands"]?.members ?? [] { commands[name] = try CommandPlan(command) }
    self.commands = commands

    var channels = reader.channels
    let events = Set(allRules.flatMap(\.events))
    knowsTrials = events.contains(EventName.trialStarted)
    knowsRemoval = events.contains(EventName.pegRemoved)
    elapsedChannel = try Self.addElapsed(to: &channels, events, clock, plans, value)
    self.channels = channels.all
    try check(reader.names, value)
  }

  private static func addElapsed(
    to channels: inout ChannelTable, _ events: Set<String>, _ clock: ClockPlan, _ plans: [String: FieldPlan],
    _ value: CheckedValue
  ) throws(JSONMismatch) -> UInt32? {
    if !events.contains(EventName.trialStopped) { return nil }
    var channel = Channel(number: 0, name: "elapsed", quantity: "time", unit: "s")
    channel.rawUnit = (plans["elapsed"]?.format ?? (clock.origin == .none ? nil : clock.format))?.rawUnit ?? ""
    channel.resolution = clock.resolution > 0 ? Double(clock.resolution) / 1e6 : nil
    channel.uncertainty = clock.uncertainty
    guard let number = channels.add(channel) else {
      throw value.mismatch("rules", "must leave the channel \"elapsed\" to the times of trials")
    }
    return number
  }

  private func check(_ names: Set<String>, _ value: CheckedValue) throws(JSONMismatch) {
    if rules.isEmpty, json == nil { throw value.mismatch("rules", "is missing, and so is \"json\"") }
    if json != nil, framing.foldsCase { throw value.mismatch("framing.case_fold", "cannot be true with \"json\"") }
    let needed = [("clock.field", clock.origin == .none ? nil : clock.field), ("trial_field", trialField)]
    for case (let key, let name?) in needed where !names.contains(name) {
      throw value.mismatch(key, "names the field \"\(name)\", which no line has")
    }
  }
}
