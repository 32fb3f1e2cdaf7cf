import DriverKit
import DriverTestKit
import Testing

/// What rules make of lines.
@Suite struct RuleTests {
  @Test func theFirstRuleThatMatchesCounts() {
    let driver = opened(
      profile(
        #"""
        "fields": {"x": {"type": "int"}},
        "rules": [
          {"regex": "^A(?<x>\\d+)$", "event": "device.button", "when": {"x": ["1..3", 7]}, "set": {"id": "low", "x": 9}},
          {"regex": "^A(?<x>\\d+)?", "event": "device.button", "default": {"x": 5}},
          {"regex": "^B", "event": null}
        ]
        """#))
    driver.receive("A2\nA4\nA7\nAx\nB\nC\n", at: 1)
    #expect(
      driver.recorder.told == [
        "device.button id=low x=2", "device.button x=4", "device.button id=low x=7", "device.button x=5",
      ])
    #expect(driver.recorder.tallies == ["unmatched_lines": 1])
  }

  @Test func fieldsAreConverted() {
    let driver = opened(
      profile(
        #"""
        "fields": {
          "hole": {"type": "int", "map": {"0": 1, "A": 2}},
          "level": {"type": "int", "scale": 0.5, "offset": 1},
          "went": {"type": "time", "format": "m:ss.cc"},
          "count": {"type": "int"}
        },
        "rules": [{"regex": "^(?<hole>\\w) (?<level>\\S+) (?<went>\\S+) (?<count>.+) (?<word>\\w+)$", "event": "peg.inserted"}]
        """#))
    driver.receive(
      "A 3 1:05.27    7  007\nB 3 1:05.27 7 x\n0 x 1:05.27 7 x\n0 3 1:75.00 7 x\n0 3 1:05.27 7. x\n", at: 1)
    #expect(
      driver.recorder.told == [
        "peg.inserted count=7 hole=2 level=2.5 went_us=65270000 word=007",
        "device.fault inferred code=bad_values count=1",
      ])
    #expect(driver.recorder.tallies == ["bad_values": 4])
  }

  /// A damaged byte may have been a digit: what stands beside it is not taken for a whole value.
  @Test(arguments: [
    ("^F(?<n>\\d+)", "F12\u{FF}4"), ("^F(?<n>\\d+)", "F12\u{0}"), ("(?<n>\\d+)$", "F\u{80}4"),
    ("^F(?<n>\\d+)$", "F12\u{FF}4"), ("^F(?<n>\\d+).\\d$", "F12\u{FF}4"), ("^F(?<n>.+)$", "F12\u{FF}4"),
    ("^F(?<id>\\w+)", "Fab12\u{FF}"), ("^F(?: (?<n>\\d+))?", "F\u{FF}12"), ("^F(?: (?<n>\\d+))?.*$", "F\u{FF}12"),
    ("^F(?<id>a)?", "F\u{FF}a"), ("^F,(?<id>\\w*)", "F,\u{FF}"),
  ]) func aDamagedByteNeverShortensAValue(pattern: String, line: String) {
    let escaped = pattern.replacing("\\", with: "\\\\")
    let rule = #"{"regex": "\#(escaped)", "event": "device.button", "default": {}}"#
    let driver = opened(profile(#""rules": [\#(rule)]"#))
    driver.receive(line.unicodeScalars.map { UInt8($0.value) } + [0x0A], at: 1_000_000)
    #expect(driver.recorder.events.map(\.name) == (pattern == "^F(?<n>\\d+)$" ? [] : ["device.fault"]))
    #expect(driver.recorder.tallies == [pattern == "^F(?<n>\\d+)$" ? "unmatched_lines" : "bad_values": 1])
  }

  @Test func aDamagedByteWithinATextOrFarFromAValueIsSeen() {
    let driver = opened(
      profile(
        #"""
        "rules": [{"regex": "^(?<n>\\d+),(?<word>.*)$", "event": "device.button"},
          {"regex": "^(?<n>\\d+) (?:.)*$", "event": "device.button"}, {"regex": "^boot", "event": null}]
        """#))
    driver.receive([0x31, 0x2C, 0x61, 0xE9, 0x62, 0x0A] + [0x32, 0x20, 0xB0, 0x0A], at: 1_000_000)
    driver.receive(Array("boot".utf8) + [0xFF, 0x0A], at: 1_000_000)
    #expect(driver.recorder.told == ["device.button n=1 word=a\u{FFFD}b", "device.button n=2"])
    #expect(driver.recorder.tallies == [:])
  }

  private static let force = profile(
    #"""
    "fields": {"value": {"type": "float", "scale": 9.80665, "offset": 0, "unit": "N", "raw_unit": "kgf"}},
    "rules": [{"regex": "^(?:(?<state>ST|US|OL),)?(?<value>[-+]?[0-9.]+)?$",
      "sample": {"channel": "force", "quantity": "force", "field": "value",
                 "quality": {"field": "state", "map": {"ST": "stable", "US": "in_motion", "OL": "over_range"}}}}]
    """#)

  @Test func aFieldCanBeAMeasurement() {
    let driver = opened(Self.force)
    driver.receive("10.0\nST,+2\nUS,-1\nOL,\n1..2\n", at: 1)
    #expect(
      driver.recorder.samples == [
        .init(channel: 0, values: [10 * 9.80665], raw: [10], time: 1_000_000),
        .init(channel: 0, values: [19.6133], raw: [2], quality: [.stable], time: 1_000_000),
        .init(channel: 0, values: [-9.80665], raw: [-1], quality: [.inMotion], time: 1_000_000),
        .init(channel: 0, values: [nil], quality: [[.overRange, .noData]], time: 1_000_000),
      ])
    #expect(driver.recorder.tallies == ["bad_values": 1])
    let channel = driver.recorder.channels[0]
    #expect([channel?.name, channel?.quantity, channel?.unit, channel?.rawUnit] == ["force", "force", "N", "kgf"])
  }

  @Test func aStationCanCalibrateItsBoard() {
    let driver = opened(Self.force, #""fields": {"value": {"scale": 2, "offset": null}}, "serial": {"baud": 38400}"#)
    driver.receive("10.0\n", at: 1)
    #expect(driver.recorder.samples == [.init(channel: 0, values: [20], raw: [10], time: 1_000_000)])
    #expect(driver.serialLine == SerialLine(baud: 38_400))
  }

  private static let levels = profile(
    #"""
    "clock": {"origin": "free_running", "field": "t", "format": "ms", "resolution_us": 1000},
    "rules": [{"regex": "^(?<t>\\d+) (?<hole>\\d) (?<level>\\d+)$",
      "edge": {"field": "level", "index": "hole", "on_above": 400, "off_below": 300, "hold_ms": 20, "on": "peg.inserted", "off": "peg.removed"}}]
    """#)

  @Test func aLevelThatHoldsIsAnEventAtItsFirstEdge() {
    let driver = opened(Self.levels)
    driver.receive("100 1 100\n100 2 900\n", at: 1)
    driver.receive("110 1 500\n", at: 1.01)
    driver.receive("115 1 450\n", at: 1.015)
    driver.receive("120 1 900\n120 2 250\n", at: 1.02)
    driver.receive("125 2 950\n", at: 1.025)
    driver.receive("135 1 900\n135 2 950\n", at: 1.035)
    driver.receive("300 1 200\n", at: 1.2)
    driver.receive("330 1 210\n", at: 1.23)
    #expect(
      driver.recorder.told == [
        "peg.inserted @110000 inferred hole=1 level=500.0", "peg.removed @300000 inferred hole=1 level=200.0",
      ])
    #expect(driver.recorder.events.map(\.time) == [1_010_000, 1_200_000])
  }

  @Test func aBoardThatSpeaksOnlyOnChangeIsHeardWhenTheHoldIsOver() {
    let driver = opened(Self.levels)
    driver.receive("100 1 100\n", at: 1)
    driver.receive("200 1 500\n", at: 1.1)
    #expect(driver.recorder.wakeTime == 1_120_000)
    driver.wake(at: 1_120_000)
    driver.receive("300 1 100\n", at: 1.2)
    driver.receive("310 1 500\n", at: 1.21)
    driver.receive("900 1 100\n", at: 1.8)
    driver.wake(at: 1_830_000)
    #expect(
      driver.recorder.told == [
        "peg.inserted @200000 inferred hole=1 level=500.0", "peg.removed @900000 inferred hole=1 level=100.0",
      ])
  }

  @Test func bitsThatChangeAreEvents() {
    let driver = opened(
      profile(
        #"""
        "rules": [{"regex": "^m(?<mask>[01]+)$",
          "bits": {"field": "mask", "base": 2, "count": 4, "first": 0, "index": "id", "set": "hand.down", "clear": "hand.up"}}]
        """#))
    driver.receive("m0101\nm0101\nm0110\nm10000\n", at: 1)
    #expect(
      driver.recorder.told == [
        "hand.up id=0", "hand.down id=1", "device.fault inferred code=bad_values count=1",
      ])
  }

  @Test func aTimeThatTheInstrumentStatesIsTheResult() {
    let stopwatch = opened(
      profile(
        #"""
        "clock": {"origin": "none", "uncertainty_us": 20000},
        "fields": {"elapsed": {"type": "time", "format": "ms"}},
        "rules": [{"regex": "^GO$", "event": "trial.started"}, {"regex": "^T(?<elapsed>\\d+)$", "event": "trial.stopped"}]
        """#))
    stopwatch.receive("GO\n", at: 10)
    stopwatch.receive("T1234\n", at: 11.5)
    stopwatch.receive("T1234\n", at: 11.6)
    #expect(
      stopwatch.recorder.told == [
        "trial.started", "trial.stopped elapsed_us=1234000", "trial.stopped suspect elapsed_us=1234000",
      ])
    #expect(stopwatch.recorder.samples == [.init(channel: 0, values: [1.234], raw: [1234], time: 11_500_000)])
  }

  @Test func withoutAClockTheStationTimesTheTrial() {
    let board = opened(
      profile(
        #"""
        "clock": {"origin": "none", "uncertainty_us": 20000},
        "rules": [{"regex": "^GO$", "event": "trial.started"}, {"regex": "^END$", "event": "trial.stopped"}]
        """#))
    board.receive("GO\n", at: 10)
    board.receive("END\n", at: 11.5)
    #expect(board.recorder.told == ["trial.started", "trial.stopped elapsed_us=1500000"])
    #expect(board.recorder.events.map(\.uncertainty) == [20_000, 20_000])
    #expect(board.recorder.samples == [.init(channel: 0, values: [1.5], time: 11_500_000)])
    #expect(board.recorder.channels[0]?.rawUnit == "")
  }

  @Test func aTimeThatTheStationCannotBelieveIsSuspect() {
    let board = opened(
      profile(
        #"""
        "clock": {"origin": "free_running", "field": "t", "format": "s"},
        "rules": [{"regex": "^GO (?<t>\\S+)$", "event": "trial.started"}, {"regex": "^END (?<t>\\S+)$", "event": "trial.stopped"}]
        """#))
    board.receive("GO 5\n", at: 10)
    board.receive("END 905\n", at: 20)
    #expect(board.recorder.told == ["trial.started @5000000", "trial.stopped @905000000 suspect elapsed_us=900000000"])
    #expect(
      board.recorder.faults.map(\.sentence) == [
        "The instrument says 900.0 s for a trial that took 10.0 s here; check clock.format in the profile."
      ])
  }

  @Test func theFirstProfileOfTheManualWorks() throws {
    let manual = try repositoryFile("docs/line-profiles.md")
    let start = try #require(manual.firstRange(of: "```json\n")).upperBound
    let end = try #require(manual[start...].firstRange(of: "```")).lowerBound
    let board = opened(String(manual[start..<end]))
    board.receive("start 1234\r\n", at: 10)
    board.receive("in 3 2345\r\n", at: 11.1)
    board.receive("stop 18345\r\n", at: 27.1)
    #expect(
      board.recorder.told == [
        "trial.started @1234000 source=plate_release", "peg.inserted @2345000 hole=3 order=1",
        "trial.stopped @18345000 elapsed_us=17111000 source=last_peg_returned",
      ])
    #expect(
      board.recorder.samples == [
        .init(channel: 0, values: [17.111], raw: [17_111], time: 27_100_000, deviceTime: 18_345_000)
      ])
  }
}
