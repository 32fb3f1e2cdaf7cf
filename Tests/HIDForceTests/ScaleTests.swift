import DriverKit
import DriverTestKit
import HIDForce
import Testing

@Suite struct ScaleTests {
  /// The reports of 3.4, captured and computed, and each status and unit once.
  @Test(
    arguments: [
      ("03 02 0b ff 00 00", "[oz_av].[g]", sample(0, raw: 0, .stable)),
      ("03 04 02 00 14 00", "gf", sample(0.1961, raw: 20, .stable)),
      ("03 00 02 00 14 00", "gf", sample(0.1961, raw: 20, .suspect)),
      ("03 09 02 00 14 00", "gf", sample(0.1961, raw: 20, .suspect)),
      ("03 04 0b ff 34 19", "[oz_av].[g]", sample(179.3745, raw: 645.2, .stable)),
      ("03 04 0b ff 1b 01", "[oz_av].[g]", sample(7.8678, raw: 28.3, .stable)),
      ("03 04 0b ff 2f 02", "[oz_av].[g]", sample(15.541, raw: 55.9, .stable)),
      ("03 03 03 fe 50 07", "kgf", sample(183.5805, raw: 18.72, .inMotion)),
      ("03 04 03 fe 98 12", "kgf", sample(466.7965, raw: 47.6, .stable)),
      ("03 04 0c ff a5 00", "[lbf_av]", sample(73.3957, raw: 16.5, .stable)),
      ("03 05 02 00 07 00", "gf", sample(-0.0686, raw: -7, .underRange)),
      ("03 05 02 00 00 00", "gf", sample(0, raw: 0, .underRange)),
      ("03 06 03 fe 00 00", nil, sample(nil, raw: nil, .overRange)),
      ("03 01 0c 00 00 00", nil, sample(nil, raw: nil, .instrumentFault)),
      ("03 07 03 00 01 00", "kgf", sample(9.8067, raw: 1, .needsCalibration)),
      ("03 08 03 00 01 00", "kgf", sample(9.8067, raw: 1, .needsZero)),
      ("03 04 01 03 0a 00", "mgf", sample(0.0981, raw: 10000, .stable)),
      ("03 04 04 02 0a 00", "[car_m].[g]", sample(1.9613, raw: 1000, .stable)),
      ("03 04 06 04 01 00", "[gr].[g]", sample(6.3546, raw: 10000, .stable)),
      ("03 04 07 02 01 00", "[pwt_tr].[g]", sample(1.5251, raw: 100, .stable)),
      ("03 04 08 fd 0a 00", "t.[g]", sample(98.0665, raw: 0.01, .stable)),
      ("03 04 0a 00 0a 00", "[oz_tr].[g]", sample(3.0502, raw: 10, .stable)),
      ("03 04 0d fe 98 12", nil, sample(nil, raw: nil, [.stable, .suspect])),
      ("03 04 00 fe 98 12", nil, sample(nil, raw: nil, [.stable, .suspect])),
      ("03 04 03 80 98 12", nil, sample(nil, raw: nil, [.stable, .suspect])),
      ("03 04 03 7f 98 12", nil, sample(nil, raw: nil, [.stable, .suspect])),
      ("03 04 05 00 01 00", "{tael}", sample(nil, raw: 1, [.stable, .suspect])),
      ("03 04 09 00 01 00", "{ton}", sample(nil, raw: 1, [.stable, .suspect])),
    ] as [(String, String?, Recorder.Samples)])
  func reports(_ report: String, _ rawUnit: String?, _ expected: Recorder.Samples) {
    for descriptor in [EmulatedKind.scale.reportDescriptor, pitneyBowes] {
      let driver = scale(descriptor)
      driver.receive(bytes(report))
      #expect(driver.recorder.samples.map(\.rounded) == [expected])
      #expect(driver.recorder.channels[0]?.rawUnit == rawUnit ?? "")
    }
  }

  @Test func theRawUnitFollowsTheScale() {
    let driver = scale()
    #expect(driver.recorder.readyCount == 1)
    #expect(driver.recorder.channels[0]?.rawUnit == "")
    var units: [String?] = []
    for report in ["03 04 03 fe 98 12", "03 04 03 fe 98 12", "03 04 0c ff a5 00", "03 01 03 00 00 00"] {
      driver.receive(bytes(report))
      units.append(driver.recorder.channels[0]?.rawUnit)
    }
    #expect(units == ["kgf", "kgf", "[lbf_av]", "[lbf_av]"])
  }

  @Test func aUnitWithoutOneForceIsToldOnce() {
    let driver = scale()
    for _ in 0..<3 { driver.receive(bytes("03 04 05 00 01 00")) }
    #expect(driver.recorder.faults.map(\.code) == ["unit_without_force"])
    #expect(driver.recorder.faults.map(\.severity) == [.note])
  }

  @Test func theFirstReportIsOldUnlessTheSettingsSayOtherwise() {
    let driver = started(EmulatedKind.scale.reportDescriptor)
    driver.receive(bytes("03 04 03 fe 98 12"))
    #expect(driver.recorder.samples == [])
    #expect(driver.recorder.tallies == ["stale_reports": 1])
    #expect(driver.recorder.channels[0]?.rawUnit == "")
    driver.receive(bytes("03 04 03 fe 98 12"))
    #expect(driver.recorder.samples.count == 1)
  }

  @Test func statusReportsAndOthers() {
    let driver = scale(scaleWithStatusReport)
    for report in ["04 04", "04 06", "04 01", "04 07", "04", "09 05", "0a 00", "05 00", "", "03 04 03 fe 98"] {
      driver.receive(bytes(report))
    }
    #expect(
      driver.recorder.samples == [
        sample(nil, raw: nil, [.overRange, .noData]), sample(nil, raw: nil, [.instrumentFault, .noData]),
        sample(nil, raw: nil, [.needsCalibration, .noData]),
      ])
    #expect(
      driver.recorder.tallies == [
        "status_reports": 5, "other_reports": 1, "unknown_reports": 2, "short_reports": 2,
      ])
    #expect(driver.recorder.lost == [.init(channel: 0, count: 1, reason: "short_report")])
  }

  @Test func reportIDsComeFromTheDescriptor() {
    var descriptor = EmulatedKind.scale.reportDescriptor
    for index in descriptor.indices.dropLast() where descriptor[index] == 0x85 && descriptor[index + 1] == 3 {
      descriptor[index + 1] = 0x42
    }
    let driver = scale(descriptor)
    driver.receive(bytes("42 04 0c ff a5 00"))
    driver.receive(bytes("03 04 0c ff a5 00"))
    #expect(driver.recorder.samples.map(\.rounded) == [sample(73.3957, raw: 16.5, .stable)])
    #expect(driver.recorder.tallies == ["unknown_reports": 1])
  }

  @Test func aScaleWithoutAStatusIsTakenAtItsWord() {
    let driver = scale(
      bytes("05 8d 09 20 a1 01 15 01 25 0c 75 08 95 01 19 51 29 5c 81 00 15 81 25 7f 09 41 81 02 25 7f 09 40 81 02 c0"))
    driver.receive(bytes("03 ff 7f"))
    driver.receive(bytes("03 ff f6"))
    #expect(driver.recorder.samples.map(\.rounded) == [sample(124.5445, raw: 12.7), sample(-9.8067, raw: -1)])
  }
}

@Suite struct ZeroCommandTests {
  @Test func isDoneWhenTheScaleShowsZero() {
    let driver = scale()
    driver.receive(bytes("03 04 03 fe 0a 00"))
    driver.command("zero", number: 1, at: 1000)
    #expect(driver.recorder.writes == [[2, 2]])
    driver.receive(bytes("03 04 03 fe 0a 00"), at: 2000)
    #expect(driver.recorder.outcomes == [:])
    driver.command("zero", number: 2, at: 3000)
    driver.receive(bytes("03 02 03 fe 00 00"), at: 4000)
    #expect(driver.recorder.outcomes == [1: "", 2: "The scale is already being zeroed: wait for it."])
    #expect(driver.recorder.wakeTime == nil)
    #expect(driver.recorder.writes.count == 1)
  }

  @Test func eachOfSeveralScalesHasItsOwn() {
    func scale(_ id: String, zero: String) -> String {
      """
      09 31 a1 02 85 \(zero) 75 01 95 02 15 00 25 01 09 81 09 80 91 02 75 06 95 01 91 03 c0
      09 32 a1 02 85 \(id) 75 08 15 01 09 70 a1 02 25 08 19 71 29 78 81 00 c0 09 50 a1 02 25 0c 19 51 29 5c 81 00 c0
      15 81 25 7f 09 41 81 02 75 10 15 00 27 ff ff 00 00 09 40 81 02 c0
      """
    }
    let both = scale("03", zero: "02") + " " + scale("0d", zero: "0c")
    let driver = started(bytes("05 8d 09 20 a1 01 \(both) c0"), settings: #"{"discard_first": false}"#)
    #expect(driver.recorder.channels.mapValues(\.name) == [0: "force", 1: "force-2"])
    driver.command("zero", #"{"channel": "force-2"}"#, number: 1)
    driver.command("zero", number: 2)
    driver.command("zero", #"{"channel": "grip"}"#, number: 3)
    #expect(driver.recorder.writes == [[12, 2], [2, 2]])
    driver.receive(bytes("0d 02 03 fe 00 00"))
    #expect(driver.recorder.outcomes.keys.sorted() == [1, 3] && driver.recorder.outcomes[1] == "")
    driver.receive(bytes("03 02 03 fe 00 00"))
    #expect(driver.recorder.outcomes[2] == "")
    #expect(driver.recorder.samples.map(\.channel) == [1, 0] && driver.recorder.wakeTime == nil)
  }

  @Test func failsWhenTheScaleDoesNot() {
    let driver = scale()
    driver.command("zero", at: 1000)
    #expect(driver.recorder.wakeTime == 3_001_000)
    driver.wake(at: 3_001_000)
    #expect(
      driver.recorder.outcomes
        == [1: "The scale did not show zero within 3 s: take everything off it, or press its own zero button."])
    driver.receive(bytes("03 02 03 fe 00 00"), at: 4_000_000)
    #expect(driver.recorder.outcomes.count == 1)
  }

  @Test func failsWhenTheLineCloses() {
    let driver = scale()
    driver.command("zero")
    driver.stop()
    #expect(driver.recorder.outcomes == [1: "The scale was closed before it showed zero."])
  }

  @Test(arguments: [EmulatedKind.sensor.reportDescriptor, scaleWithStatusReport])
  func failsWithoutAnOutput(_ descriptor: [UInt8]) {
    let driver = scale(descriptor)
    driver.command("zero")
    #expect(
      driver.recorder.outcomes
        == [1: "This instrument cannot be zeroed over USB: press its own zero button, or take a tare at the station."])
    #expect(driver.recorder.writes == [])
  }

  @Test func reportsWithoutNumbersBeginWithZero() {
    let driver = scale(
      bytes(
        """
        05 8d 09 20 a1 01 15 00 25 01 75 01 95 02 09 81 09 80 91 02 95 06 91 03
        15 01 25 0c 75 08 95 01 19 51 29 5c 81 00 15 81 25 7f 09 41 81 02 25 7f 09 40 81 02 c0
        """))
    driver.command("zero")
    #expect(driver.recorder.writes == [[0, 2]])
    driver.receive(bytes("03 ff 01"))
    #expect(driver.recorder.outcomes == [:])
    driver.receive(bytes("03 ff 00"))
    #expect(driver.recorder.outcomes == [1: ""])
  }

  @Test func otherCommandsAreUnknown() {
    let driver = scale()
    driver.command("dance")
    #expect(driver.recorder.outcomes == [1: "This instrument has no command named \"dance\"."])
  }
}
