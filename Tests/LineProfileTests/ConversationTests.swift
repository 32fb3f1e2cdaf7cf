import DriverKit
import DriverTestKit
import Testing

/// What is said to the instrument, and when.
@Suite struct ConversationTests {
  private static let buttons = #""rules": [{"regex": "^(?<id>\\w+)$", "event": "device.button"}]"#

  @Test func withoutAnOpeningTheInstrumentIsReadyAtOnce() {
    let driver = driver(profile(Self.buttons))
    driver.start(at: 0)
    #expect(driver.recorder.readyCount == 1)
    #expect(driver.recorder.wakeTime == nil)
  }

  @Test func whatComesWhileABoardSettlesIsDropped() {
    let driver = driver(profile(#""open": {"settle_ms": 500, "send": ["go\r\n", "?\n"]}, "# + Self.buttons))
    driver.start(at: 0)
    driver.receive("boot\ngarb", at: 0.2)
    #expect(driver.recorder.readyCount == 0)
    driver.wake(at: 500_000)
    driver.receive("age\nb1\n", at: 0.51)
    #expect(driver.recorder.readyCount == 1)
    #expect(driver.recorder.told == ["device.button id=garbage", "device.button id=b1"])
    #expect(driver.recorder.writes == ["go\r\n", "?\n"].map { Array($0.utf8) })
    #expect(driver.recorder.tallies == ["lines_before_ready": 1])
  }

  @Test func earlyInputMayEndSettling() {
    let driver = driver(profile(#""open": {"settle_ms": 500, "discard_input": false}, "# + Self.buttons))
    driver.start(at: 0)
    driver.receive("b1\n", at: 0.2)
    #expect(driver.recorder.readyCount == 1)
    #expect(driver.recorder.told == ["device.button id=b1"])
    #expect(driver.recorder.wakeTime == nil)
  }

  @Test func theBannerEndsSettlingAndOtherLinesDoNot() {
    let driver = driver(
      profile(
        #""open": {"settle_ms": 500, "expect": "^READY", "send": ["?"], "reply_timeout_ms": 100}, "# + Self.buttons))
    driver.start(at: 0)
    driver.receive("b0\n", at: 0.2)
    driver.wake(at: 500_000)
    driver.receive("b1\n", at: 0.51)
    driver.wake(at: 600_000)
    #expect(driver.recorder.readyCount == 0)
    driver.receive("READY2\nb3\n", at: 0.65)
    #expect(driver.recorder.readyCount == 1)
    #expect(driver.recorder.told == ["device.button id=READY2", "device.button id=b3"])
    #expect(driver.recorder.writes.count == 2)
    #expect(driver.recorder.wakeTime == nil)
  }

  @Test func commandsWaitUntilTheInstrumentIsReady() {
    let driver = driver(
      profile(#""open": {"settle_ms": 500}, "commands": {"go": "G{{{n}}}\n"}, "# + Self.buttons))
    driver.start(at: 0)
    driver.command("go", #"{"n": 1}"#, number: 1, at: 1)
    driver.wake(at: 500_000)
    driver.command("go", #"{"n": -1.5}"#, number: 2, at: 600_000)
    #expect(driver.recorder.outcomes == [1: "The instrument is not ready yet; try again.", 2: ""])
    #expect(driver.recorder.writes == [Array("G{-1.5}\n".utf8)])
  }

  @Test func aQuestionIsAskedAgainWhenItWasAnsweredOrItsTimeIsOver() {
    let driver = driver(
      profile(#""poll": {"send": "?", "every_ms": 50, "expect": "^a", "timeout_ms": 200}, "# + Self.buttons))
    driver.start(at: 0)
    var asked: [Microseconds] = []
    for _ in 0..<8 {
      guard let wake = driver.recorder.wakeTime else { break }
      let before = driver.recorder.writes.count
      driver.wake(at: wake)
      if driver.recorder.writes.count > before {
        asked.append(wake)
        if asked.count < 4 { driver.receive(Array("b\na\n".utf8), at: wake + 10_000) }
      }
    }
    #expect(asked == [0, 50_000, 100_000, 150_000, 350_000, 550_000, 750_000, 950_000])
    #expect(driver.recorder.tallies["poll_timeouts"] == 4)
    #expect(driver.recorder.faults == [])
    driver.wake(at: 1_150_000)
    #expect(driver.recorder.faults.map(\.code) == ["no_answer"])
  }

  @Test func unknownLinesAreTalliedAndToldNowAndThen() {
    let lines = opened(profile(Self.buttons))
    for second in 0..<25 { lines.receive("no word\n", at: Double(second) + 1) }
    #expect(lines.recorder.tallies == ["unmatched_lines": 25])
    #expect(lines.recorder.faults.count == 3)
    #expect(lines.recorder.events.isEmpty)
    let quiet = opened(profile(#""unmatched": "ignore", "# + Self.buttons))
    quiet.receive("no word\n", at: 1)
    #expect(quiet.recorder.tallies == ["unmatched_lines": 1])
    #expect(quiet.recorder.faults.isEmpty)
  }

  @Test func aFloodOfLinesIsCutAndToldOnce() {
    let driver = opened(profile(#""limits": {"max_lines_per_second": 10}, "# + Self.buttons))
    driver.receive(String(repeating: "a\n", count: 500), at: 1)
    #expect(driver.recorder.eventNames.filter { $0 == "device.button" }.count == 10)
    #expect(driver.recorder.tallies == ["lines_over_rate": 490])
    #expect(driver.recorder.faults.map(\.code) == ["lines_over_rate"])
  }

  @Test func anEndlessLineTakesNoMoreThanItsMaximum() {
    let driver = opened(profile(Self.buttons))
    for _ in 0..<200 { driver.receive([UInt8](repeating: 0x55, count: 1000), at: 1_000_000) }
    driver.receive("\nb\n", at: 2)
    #expect(driver.recorder.tallies == ["overlong_lines": 1])
    #expect(driver.recorder.told == ["device.fault inferred code=overlong_lines count=1", "device.button id=b"])
  }
}
