import DriverKit
import DriverTestKit
import Testing

/// The reference line protocol: Plugins/LineProfile/PROTOCOL.md 1.
@Suite struct ReferencePegboardTests {
  /// The example of PROTOCOL.md 1.3, byte for byte.
  static let example = """
    H,PEGBOARD,1,9,fw1.0,sn0001*46
    B,1000000*5F
    S,2345678,plate*06
    I,3870123,1*44
    I,5120456,4*4C
    O,14002211,1*7B
    X,19847012,plate*34
    D,01FF*69

    """

  /// Plays lines at the times that they say, 10 ms late, cut into pieces.
  static func play(_ lines: String, to driver: DriverInstance, pieces size: Int = 1000) {
    var time: Microseconds = 100_000
    for line in lines.split(separator: "\n") {
      let field = line.split(whereSeparator: { ",*".contains($0) })[1]
      time = Microseconds(field).map { $0 + 10_000 } ?? time
      let bytes = Array(line.utf8) + [0x0A]
      for start in stride(from: 0, to: bytes.count, by: size) {
        driver.receive(Array(bytes[start..<min(start + size, bytes.count)]), at: time)
      }
    }
  }

  @Test func theExampleIsUnderstood() throws {
    let driver = driver(try shipped("reference-pegboard"))
    driver.start(at: 0)
    Self.play(Self.example, to: driver)
    let recorder = driver.recorder
    #expect(
      recorder.told == [
        "device.ready board_holes=9 firmware=fw1.0 model=PEGBOARD serial=sn0001",
        "device.heartbeat @1000000",
        "trial.started @2345678 source=plate_release",
        "peg.inserted @3870123 hole=1 order=1",
        "peg.inserted @5120456 hole=4 order=2",
        "peg.removed @14002211 hole=1 order=1",
        "trial.stopped @19847012 elapsed_us=17501334 source=last_peg_returned",
        "peg.inserted inferred hole=1",
      ])
    #expect(
      recorder.samples == [
        .init(channel: 0, values: [17.501334], raw: [17_501_334], time: 19_857_012, deviceTime: 19_847_012)
      ])
    #expect(recorder.identity == Identity(vendor: "Thenar", model: "PEGBOARD", serial: "sn0001", firmware: "fw1.0"))
    #expect(recorder.readyCount == 1)
    #expect(recorder.writes == [Array("?\n".utf8)])
    #expect(recorder.faults == [])
    #expect(recorder.events[3].raw == "I,3870123,1*44")
    #expect(recorder.events[3].uncertainty == 100)
  }

  @Test func theLineAndTheChannelAreDeclared() throws {
    let driver = driver(try shipped("reference-pegboard"))
    #expect(driver.serialLine == SerialLine(baud: 115_200))
    driver.start()
    let channel = try #require(driver.recorder.channels[0])
    #expect([channel.name, channel.quantity, channel.unit, channel.rawUnit] == ["elapsed", "time", "s", "us"])
    #expect(channel.resolution == 1e-6)
  }

  @Test func whereTheStreamIsCutDoesNotMatter() throws {
    let whole = driver(try shipped("reference-pegboard"))
    whole.start()
    Self.play(Self.example, to: whole)
    for size in [1, 2, 3, 5, 7, 11] {
      let cut = driver(try shipped("reference-pegboard"))
      cut.start()
      Self.play(Self.example, to: cut, pieces: size)
      #expect(cut.recorder.told == whole.recorder.told)
      #expect(cut.recorder.samples == whole.recorder.samples)
    }
    let joined = driver(try shipped("reference-pegboard"))
    joined.start()
    joined.receive(Self.example, at: 20)
    #expect(joined.recorder.values(of: 0) == [17.501334])
  }

  /// A driver that has heard the board's greeting, at half a second.
  private func ready() throws -> DriverInstance {
    let driver = driver(try shipped("reference-pegboard"))
    driver.start(at: 0)
    driver.receive(checked("H,PEGBOARD,1,9,fw1.0,sn0001"), at: 0.5)
    driver.receive(checked("D,0000"), at: 0.6)
    driver.recorder.clear()
    return driver
  }

  @Test func aTrialAcrossTheWrapOfTheClockIsTimedRight() throws {
    let driver = try ready()
    driver.receive(checked("B,4294000000"), at: 10)
    driver.receive(checked("S,4294467296,plate"), at: 10.5)
    driver.receive(checked("I,499999,1"), at: 11.5)
    driver.receive(checked("X,15500000,plate"), at: 26.5)
    #expect(
      driver.recorder.told == [
        "device.heartbeat @4294000000", "trial.started @4294467296 source=plate_release",
        "peg.inserted @4295467295 hole=1 order=1",
        "trial.stopped @4310467296 elapsed_us=16000000 source=last_peg_returned",
      ])
  }

  @Test func aClockThatJumpsBackAbortsTheTrial() throws {
    let driver = try ready()
    driver.receive(checked("S,100000000,plate"), at: 10)
    driver.receive(checked("I,101000000,1"), at: 11)
    driver.receive(checked("B,1000000"), at: 13)
    driver.receive(checked("X,5000000,plate"), at: 17)
    #expect(
      driver.recorder.told == [
        "trial.started @100000000 source=plate_release", "peg.inserted @101000000 hole=1 order=1",
        "trial.aborted inferred reason=device_reset", "device.heartbeat @1000000",
        "trial.stopped @5000000 suspect source=last_peg_returned",
      ])
    #expect(driver.recorder.samples == [])
    #expect(driver.recorder.tallies["device_resets"] == 1)
    #expect(driver.recorder.tallies["unpaired_stops"] == 1)
  }

  @Test func aBannerInMidTrialAbortsTheTrialAndTheBoardIsAskedAgain() throws {
    let driver = try ready()
    driver.receive(checked("S,100000000,plate"), at: 10)
    driver.receive(checked("H,PEGBOARD,1,9,fw1.0,sn0001"), at: 12)
    driver.receive(checked("H,PEGBOARD,1,9,fw1.0,sn0001"), at: 12.1)
    driver.receive(checked("B,1000000"), at: 13)
    #expect(
      driver.recorder.told == [
        "trial.started @100000000 source=plate_release", "trial.aborted inferred reason=device_reset",
        "device.ready board_holes=9 firmware=fw1.0 model=PEGBOARD serial=sn0001",
        "device.ready board_holes=9 firmware=fw1.0 model=PEGBOARD serial=sn0001", "device.heartbeat @1000000",
      ])
    #expect(driver.recorder.writes == [Array("?\n".utf8)])
    #expect(driver.recorder.tallies["device_resets"] == 1)
  }

  @Test func theFullStateTellsOfALostLine() throws {
    let driver = try ready()
    driver.receive(checked("S,1000000,plate"), at: 10)
    driver.receive("I,2000000,1*00\n", at: 11)
    driver.receive(checked("I,3000000,2"), at: 12)
    driver.receive(checked("D,0003"), at: 13)
    driver.receive(checked("D,0003"), at: 13.5)
    driver.receive(checked("X,5000000,plate"), at: 14)
    #expect(
      driver.recorder.told == [
        "trial.started @1000000 source=plate_release",
        "device.fault inferred code=checksum_errors count=1",
        "peg.inserted @3000000 hole=2 order=1", "peg.inserted inferred hole=1 order=2",
        "trial.stopped @5000000 suspect elapsed_us=4000000 lines_lost=1 source=last_peg_returned",
      ])
    #expect(driver.recorder.samples.map(\.quality) == [[.suspect]])
    #expect(driver.recorder.tallies["checksum_errors"] == 1)
    #expect(driver.recorder.tallies["reconciled_pegs"] == 1)
    #expect(driver.recorder.faults.map(\.code) == ["checksum_errors"])
  }

  @Test func aPegThatGoesInTwiceIsToldAndNotCounted() throws {
    let driver = try ready()
    driver.receive(checked("S,1000000,plate"), at: 10)
    driver.receive(checked("I,2000000,1") + checked("I,2100000,1") + checked("I,3000000,2"), at: 11)
    #expect(
      driver.recorder.told == [
        "trial.started @1000000 source=plate_release", "peg.inserted @2000000 hole=1 order=1",
        "peg.inserted @2100000 suspect hole=1 repeated=true", "peg.inserted @3000000 hole=2 order=2",
      ])
  }

  @Test func aSecondStartEndsTheFirstTrial() throws {
    let driver = try ready()
    driver.receive(checked("S,1000000,plate") + checked("S,3000000,button") + checked("X,4000000,button"), at: 10)
    #expect(
      driver.recorder.told == [
        "trial.started @1000000 source=plate_release", "trial.aborted @3000000 inferred reason=restarted",
        "trial.started @3000000 source=button", "trial.stopped @4000000 elapsed_us=1000000 source=button",
      ])
  }

  @Test func traysHandsAndFaultsAreTold() throws {
    let driver = try ready()
    for line in ["T,10,2,+1", "T,20,2,-3", "E,30,L,1", "E,40,right,0", "F,7,sensor 3, loose"] {
      driver.receive(checked(line), at: 10)
    }
    #expect(
      driver.recorder.told == [
        "peg.returned @10 n=1 tray=2", "peg.lifted @20 n=3 tray=2", "hand.down @30 side=left",
        "hand.up @40 side=right", "device.fault code=7",
      ])
    #expect(driver.recorder.events.last?.fields["text"] == .text("sensor 3, loose"))
  }

  @Test(arguments: ["I,1,10", "I,1,0", "D,0200", "E,1,foot,1", "I,99999999999999999999,1"])
  func aValueThatMakesNoSenseIsDamage(line: String) throws {
    let driver = try ready()
    driver.receive(checked(line), at: 10)
    #expect(driver.recorder.told == ["device.fault inferred code=bad_values count=1"])
    #expect(driver.recorder.tallies["bad_values"] == 1)
  }

  @Test func commandsAreWrittenAndTheirAnswersAwaited() throws {
    let driver = try ready()
    driver.receive(checked("B,50000000"), at: 2)
    driver.command("zero", number: 1, at: 3_000_000)
    driver.command("arm", number: 2, at: 3_000_000)
    #expect(driver.recorder.outcomes[1] == nil)
    #expect(
      driver.recorder.outcomes[2] == "The instrument has not yet answered the command \"zero\"; try again.")
    driver.receive(checked("B,0"), at: 3.01)
    driver.command("arm", number: 3, at: 3_100_000)
    driver.command("query", number: 4, at: 3_200_000)
    #expect(driver.recorder.wakeTime == 4_200_000)
    driver.wake(at: 4_200_000)
    driver.command("dance", number: 5, at: 5_000_000)
    driver.command("arm", #"{"loud":true}"#, number: 6, at: 5_000_000)
    #expect(
      driver.recorder.outcomes == [
        1: "", 2: "The instrument has not yet answered the command \"zero\"; try again.", 3: "",
        4: "The instrument did not answer within 1000 ms.",
        5: "The profile has no command named \"dance\"; it has: arm, query, reset, zero.",
        6: "The command has no argument \"loud\".",
      ])
    #expect(driver.recorder.writes == ["Z\n", "A\n", "?\n"].map { Array($0.utf8) })
    #expect(driver.recorder.tallies["device_resets"] == nil)
  }

  @Test func theClockIsNotSetToZeroInATrialButAResetEndsIt() throws {
    let driver = try ready()
    driver.receive(checked("S,90000000,plate"), at: 2)
    driver.command("zero", number: 1, at: 3_000_000)
    driver.command("reset", number: 2, at: 3_000_000)
    driver.receive(checked("H,PEGBOARD,1,9,fw1.0,sn0001") + checked("B,1000000"), at: 3.5)
    #expect(
      driver.recorder.outcomes == [
        1: "A trial is running, and the command would set the clock that times it to zero.", 2: "",
      ])
    #expect(
      driver.recorder.told == [
        "trial.started @90000000 source=plate_release", "trial.reset inferred reason=command",
        "device.ready board_holes=9 firmware=fw1.0 model=PEGBOARD serial=sn0001", "device.heartbeat @1000000",
      ])
  }

  @Test func aResetRightAfterAQuestionIsStillAReset() throws {
    let driver = try ready()
    driver.receive(checked("S,2000000,plate"), at: 10)
    driver.receive(checked("B,9000000"), at: 17)
    driver.command("query", number: 1, at: 17_000_000)
    driver.receive(checked("H,PEGBOARD,1,9,fw1.0,sn0001") + checked("D,0000") + checked("B,1000000"), at: 17.5)
    driver.receive(checked("X,8000000,plate"), at: 24.5)
    #expect(
      driver.recorder.told.filter { $0.hasPrefix("trial") } == [
        "trial.started @2000000 source=plate_release", "trial.aborted inferred reason=device_reset",
        "trial.stopped @8000000 suspect source=last_peg_returned",
      ])
    #expect(driver.recorder.samples == [])
  }

  @Test func aTrialEndsWithTheLine() throws {
    let driver = try ready()
    driver.receive(checked("S,1000000,plate"), at: 2)
    driver.command("query", number: 1, at: 2_500_000)
    driver.stop(at: 3_000_000)
    #expect(driver.recorder.told.last == "trial.aborted inferred reason=line_closed")
    #expect(driver.recorder.outcomes == [1: "The line was closed before the instrument answered."])
  }

  @Test func aBoardThatDoesNotAnswerIsAskedFiveTimes() throws {
    let driver = driver(try shipped("reference-pegboard"))
    driver.start(at: 0)
    while let wake = driver.recorder.wakeTime { driver.wake(at: wake) }
    #expect(driver.recorder.writes.count == 5)
    #expect(driver.recorder.readyCount == 0)
    #expect(driver.recorder.faults.map(\.severity) == [.restart])
  }

  @Test func silenceIsToldAndThenTheLineIsOpenedAnew() throws {
    let driver = try ready()
    driver.wake(at: 5_600_000)
    driver.receive(checked("B,6000000"), at: 6)
    driver.wake(at: 11_000_000)
    driver.wake(at: 21_000_000)
    #expect(
      driver.recorder.told == [
        "device.fault inferred cleared=false code=silent", "device.fault inferred cleared=true code=silent",
        "device.heartbeat @6000000", "device.fault inferred cleared=false code=silent",
      ])
    #expect(driver.recorder.faults.map(\.severity) == [.note, .note, .restart])
    #expect(driver.recorder.wakeTime == nil)
  }
}
