import DriverKit
import DriverTestKit
import LineProfile
import Testing

/// Every mistake in a profile is found when it is loaded, by line and key.
@Suite struct ProfileLoadingTests {
  private static let rules = #""rules": [{"regex": "^(?<hole>\\d)$", "event": "peg.inserted"}]"#

  /// Mistakes, as members of a profile; what the refusal must say.
  static let mistakes: [(String, String)] = [
    (rules + #", "colour": 1"#, "\"profile.colour\" is not a known key; known here: checksum, clock, commands"),
    (#""rules": []"#, "\"profile.rules\" is missing, and so is \"json\""),
    (#""rules": {}"#, "\"profile.rules\" must be a list, not an object"),
    (#""rules": [{"event": null}]"#, "\"profile.rules[0].regex\" is missing"),
    (
      #""rules": [{"regex": "(a*)+", "event": null}]"#,
      "\"profile.rules[0].regex\" repeats a group that can match nothing"
    ),
    (#""rules": [{"regex": "a"}]"#, "\"profile.rules[0].event\" is missing; write null"),
    (#""rules": [{"regex": "a", "event": "peg.insert"}]"#, "\"profile.rules[0].event\" must be one of device.button,"),
    (#""rules": [{"regex": "a", "event": "peg.inserted"}]"#, "\"profile.rules[0].event\" needs a field \"hole\""),
    (#""rules": [{"regex": "a", "event": null, "when": {"x": 1}}]"#, "\"profile.rules[0].when\" names the field \"x\""),
    (
      #""rules": [{"regex": "(?<x>a)", "event": null, "when": {"x": {}}}]"#,
      "\"profile.rules[0].when.x\" must be a text"
    ),
    (#""rules": [{"regex": "a", "event": null, "when": 1}]"#, "\"profile.rules[0].when\" must be an object"),
    (
      #""rules": [{"regex": "a", "event": null, "default": {"x": 1}}]"#,
      "\"profile.rules[0].default\" names the field \"x\""
    ),
    (
      #""rules": [{"regex": "a", "event": "device.button", "set": {"X": 1}}]"#,
      "\"profile.rules[0].set.X\" must be a field name"
    ),
    (
      #""rules": [{"regex": "a", "event": "device.button", "set": {"x": []}}]"#,
      "\"profile.rules[0].set.x\" must be a field name"
    ),
    (#""rules": [{"regex": "a", "identify": {"model": "m"}}]"#, "\"profile.rules[0].identify\" names the field \"m\""),
    (
      #""rules": [{"regex": "a", "identify": {"maker": "m"}}]"#,
      "\"profile.rules[0].identify.maker\" is not a known key"
    ),
    (
      #""rules": [{"regex": "(?<v>a)", "sample": {"channel": "force", "quantity": "force", "field": "v"}}]"#,
      "\"profile.rules[0].sample.field\" must name an entry of \"fields\""
    ),
    (
      #""fields": {"v": {"type": "float", "unit": "N"}}, "rules": [{"regex": "(?<v>a)", "sample": {"channel": "the force", "quantity": "force", "field": "v"}}]"#,
      "\"profile.rules[0].sample.channel\" must be letters"
    ),
    (
      #""fields": {"v": {"type": "float", "unit": "N"}}, "rules": [{"regex": "(?<v>a)", "sample": {"channel": "f", "quantity": "force", "field": "v"}}, {"regex": "(?<v>b)", "sample": {"channel": "f", "quantity": "mass", "field": "v"}}]"#,
      "\"profile.rules[1].sample.channel\" must be letters"
    ),
    (
      #""fields": {"v": {"type": "float", "unit": "N"}}, "rules": [{"regex": "(?<v>a)", "sample": {"channel": "f", "quantity": "force", "field": "v", "quality": {"field": "v", "map": {"a": "good"}}}}]"#,
      "\"profile.rules[0].sample.quality.map.a\" must be one of in_motion"
    ),
    (
      #""fields": {"v": {"type": "float", "unit": "N"}}, "rules": [{"regex": "(?<v>a)", "event": "trial.stopped", "sample": {"channel": "elapsed", "quantity": "force", "field": "v"}}]"#,
      "\"profile.rules\" must leave the channel \"elapsed\" to the times"
    ),
    (
      #""rules": [{"regex": "(?<v>a)", "edge": {"field": "v", "on": "peg.inserted"}}]"#,
      "\"profile.rules[0].edge.on_above\" is missing"
    ),
    (
      #""rules": [{"regex": "(?<v>a)", "edge": {"field": "v", "on_above": 3, "off_below": 4, "on": "peg.inserted"}}]"#,
      "\"profile.rules[0].edge.off_below\" must be a number from"
    ),
    (
      #""rules": [{"regex": "(?<v>a)", "edge": {"field": "w", "on_above": 3, "on": "hand.up"}}]"#,
      "\"profile.rules[0].edge\" names the field \"w\""
    ),
    (
      #""rules": [{"regex": "(?<v>a)", "edge": {"field": "v", "index": "w", "on_above": 3, "on": "hand.up"}}]"#,
      "\"profile.rules[0].edge\" names the field \"w\""
    ),
    (
      #""rules": [{"regex": "(?<v>a)", "edge": {"field": "v", "on_above": 3}}]"#,
      "\"profile.rules[0].edge.on\" is missing"
    ),
    (
      #""rules": [{"regex": "(?<v>a)", "edge": {"field": "v", "mode": "drop", "delta": {"3": 1}, "on": "hand.up"}}]"#,
      "\"profile.rules[0].edge.delta\" must be a number, or"
    ),
    (
      #""rules": [{"regex": "(?<v>a)", "edge": {"field": "v", "mode": "drop", "delta": {"default": 1, "3": -1}, "on": "hand.up"}}]"#,
      "\"profile.rules[0].edge.delta.3\" must be a number from 0"
    ),
    (
      #""rules": [{"regex": "(?<v>a)", "edge": {"field": "v", "mode": "drop", "delta": -1, "on": "hand.up"}}]"#,
      "\"profile.rules[0].edge.delta\" must not be negative"
    ),
    (
      #""rules": [{"regex": "(?<v>a)", "bits": {"field": "v", "count": 64, "set": "hand.up", "clear": "hand.down"}}]"#,
      "\"profile.rules[0].bits.count\" must be a whole number from 1 to 63"
    ),
    (
      #""rules": [{"regex": "(?<v>a)", "bits": {"field": "v", "set": "hand.up", "clear": "hand.down", "reconcile": true}}]"#,
      "\"profile.rules[0].bits.reconcile\" can be true only"
    ),
    (rules + #", "clock": {"origin": "free_running"}"#, "\"profile.clock.field\" is missing"),
    (
      rules + #", "clock": {"origin": "free_running", "field": "t"}"#,
      "\"profile.clock.field\" names the field \"t\", which no line has"
    ),
    (rules + #", "clock": {"origin": "lunar"}"#, "\"profile.clock.origin\" must be one of \"free_running\""),
    (rules + #", "clock": {"origin": "none", "field": "t"}"#, "\"profile.clock.field\" is not a known key"),
    (rules + #", "trial_field": "n""#, "\"profile.trial_field\" names the field \"n\""),
    (rules + #", "fields": {"t": {"type": "time"}}"#, "\"profile.fields.t.format\" is missing for a time"),
    (rules + #", "fields": {"t": {"map": {}}}"#, "\"profile.fields.t.map\" must be an object"),
    (rules + #", "fields": {"t": {"map": {"a": null}}}"#, "\"profile.fields.t.map.a\" must be a text"),
    (rules + #", "fields": {"T": {}}"#, "\"profile.fields.T\" is not small letters"),
    (rules + #", "fields": []"#, "\"profile.fields\" must be an object"),
    (
      rules + #", "framing": {"kind": "packet"}"#,
      "\"profile.framing.kind\" must be one of \"line\", \"fixed\", \"start_end\""
    ),
    (rules + #", "framing": {"kind": "fixed"}"#, "\"profile.framing.length\" is missing"),
    (rules + #", "framing": {"terminators": ["\r\n"]}"#, "\"profile.framing.terminators\" must be one ASCII character"),
    (rules + #", "framing": {"terminators": []}"#, "\"profile.framing.terminators\" must be a list of one or more"),
    (
      rules + #", "framing": {"max_length": 5000}"#,
      "\"profile.framing.max_length\" must be a whole number from 1 to 4096"
    ),
    (rules + #", "framing": {"encoding": "utf-8"}"#, "\"profile.framing.encoding\" must be one of \"ascii-lossy\""),
    (rules + #", "checksum": {"kind": "md5"}"#, "\"profile.checksum.kind\" must be one of \"none\", \"xor8\""),
    (rules + #", "checksum": {"kind": "xor8", "required": false}"#, "\"profile.checksum.required\" can be false only"),
    (rules + #", "open": {"expect": "(a*)*"}"#, "\"profile.open.expect\" repeats a group"),
    (rules + #", "open": {"send": [1]}"#, "\"profile.open.send\" must hold ASCII texts"),
    (rules + #", "open": {"send": [""]}"#, "\"profile.open.send\" must hold ASCII texts"),
    (rules + #", "poll": {"every_ms": 50}"#, "\"profile.poll.send\" is missing"),
    (rules + #", "poll": {"send": "é"}"#, "\"profile.poll.send\" must be an ASCII text"),
    (rules + #", "watchdog": {"silence_ms": -1}"#, "\"profile.watchdog.silence_ms\" must be a whole number from 0"),
    (
      rules + #", "limits": {"max_lines_per_second": 0}"#,
      "\"profile.limits.max_lines_per_second\" must be a whole number from 1"
    ),
    (rules + #", "holes": 65"#, "\"profile.holes\" must be a whole number from 1 to 64"),
    (rules + #", "unmatched": "panic""#, "\"profile.unmatched\" must be one of \"warn\", \"ignore\""),
    (rules + #", "commands": {"go": "{N}"}"#, "\"profile.commands.go.send\" must be ASCII with {placeholder} names"),
    (rules + #", "commands": {"go": "a}"}"#, "\"profile.commands.go.send\" must be ASCII with {placeholder} names"),
    (rules + #", "commands": {"go": "{a"}"#, "\"profile.commands.go.send\" must be ASCII with {placeholder} names"),
    (rules + #", "commands": {"go": {"answer": "a"}}"#, "\"profile.commands.go.send\" is missing"),
    (rules + #", "commands": {"GO": "a"}"#, "\"profile.commands.GO\" is not small letters"),
    (rules + #", "commands": []"#, "\"profile.commands\" must be an object"),
    (#""json": {"type": "ev"}"#, "\"profile.json.map\" is missing"),
    (#""json": {"type": "ev", "map": {}}"#, "\"profile.json.map\" must be an object with one or more types"),
    (#""json": {"type": "ev", "map": {"a": "peg.insert"}}"#, "\"profile.json.map.a.event\" must be one of"),
    (#""json": {"type": "ev", "map": {"a": {"regex": "x"}}}"#, "\"profile.json.map.a.regex\" is not a known key"),
    (#""json": {"type": "ev", "map": {"a": {}}}"#, "\"profile.json.map.a.event\" is missing; write null"),
    (
      #""json": {"type": "ev", "fields": {"a": "x", "b": "x"}, "map": {"a": null}}"#,
      "\"profile.json.fields.b\" must be a field name"
    ),
    (
      #""json": {"type": "ev", "map": {"a": null}}, "framing": {"case_fold": true}"#,
      "\"profile.framing.case_fold\" cannot be true"
    ),
  ]

  @Test(arguments: mistakes) func aMistakeIsNamed(members: String, part: String) {
    let driver = driver("\n" + profile(members))
    let sentence = driver.recorder.faults.first?.sentence ?? "accepted"
    #expect(driver.isRefused)
    #expect(sentence.hasPrefix("The profile cannot be used. Line 2: \(part)"), "\(sentence)")
  }

  @Test(arguments: [
    (#"{}"#, "\"profile\" is missing: name a file"),
    (#"{"profile": "reference-pegboard"}"#, "Line 1: \"profile\" must be the profile itself here, not a string"),
    (#"{"profile": {}}"#, "Line 1: \"profile.profile\" is missing; this format is number 1."),
    (#"{"profile": {"profile": 2}}"#, "Line 1: \"profile.profile\" must be a whole number from 1 to 1."),
    (#"{"profile": {"profile": 1, "title": "T", "serial": {"baud": 9600}}}"#, "Line 1: \"profile.id\" is missing."),
    (#"{"profile": {"profile": 1, "id": "a", "serial": {"baud": 9600}}}"#, "Line 1: \"profile.title\" is missing."),
    (#"{"profile": {"profile": 1, "id": "a", "title": "T"}}"#, "Line 1: \"profile.serial\" is missing."),
    (
      #"{"profile": {"profile": 1, "id": "a", "title": "T", "serial": {}}}"#,
      "Line 1: \"profile.serial.baud\" is missing."
    ),
    (#"{"profile": {}, "rules": []}"#, "Line 1: \"rules\" is not a setting; known: profile, checksum, fields,"),
    (#"{"profile": {}, "baud": 9600}"#, "Line 1: \"baud\" is not a setting; known: profile, checksum, fields,"),
  ]) func settingsThatCannotBeUsedAreRefused(settings: String, part: String) {
    let driver = DriverInstance(lineProfileModule, settings: settings)
    #expect(driver.recorder.faults.first?.sentence.hasPrefix("The profile cannot be used. \(part)") == true)
  }

  @Test func aStationMayChangeTheLineButNotTheRules() {
    let changed = driver(
      profile(#""watchdog": {"silence_ms": 100}, "# + Self.rules),
      #""serial": {"parity": "even", "dtr": false}, "watchdog": null, "open": {"settle_ms": 70}"#)
    changed.start(at: 0)
    #expect(changed.serialLine == .init(baud: 9600, parity: .even, dtr: false))
    #expect(changed.recorder.wakeTime == 70_000)
    let wrong = driver(profile(Self.rules), #""serial": {"speed": 1}"#)
    #expect(wrong.recorder.faults.first?.sentence.contains("\"profile.serial.speed\" is not a known key") == true)
  }
}
