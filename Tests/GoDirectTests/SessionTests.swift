import DriverKit
import DriverTestKit
import GoDirect
import Testing

@Suite struct SessionTests {
  private func station(_ driver: String = "{}", _ emulator: String = #"{"constant_N": 12.5}"#) -> VirtualStation {
    VirtualStation(goDirectModule, driverSettings: driver, emulatorSettings: emulator, hid: true)
  }

  @Test func theConversationIsTheWorkedOneWithAStopBeforeThePeriod() {
    let station = station(#"{"period_ms": 10}"#)
    station.open()
    station.close()
    let sent = station.recorder.writes.map { Array($0[2..<2 + Int($0[1])]) }
    let commands: [GoDirectCommand] = [
      .initialize, .status, .deviceInfo, .defaultMask, .availableMask, .sensorInfo(channel: 1), .stopMeasuring,
      .setPeriod(10_000), .startMeasuring(mask: 2), .stopMeasuring, .disconnect,
    ]
    #expect(sent == commands.enumerated().map { $1.frame(counter: 0xFE - UInt8($0)).bytes })
    #expect(station.recorder.writes.allSatisfy { $0.count == 65 && $0[0] == 0 })
  }

  @Test func theInstrumentIsIntroduced() throws {
    let station = station("{}", #"{"serial": "151000C1"}"#)
    station.open()
    let said = station.recorder
    #expect(
      said.identity
        == Identity(vendor: "Vernier", model: "GDX-HD", serial: "151000C1", firmware: "1.8.564", batteryPercent: 87))
    let force = try #require(said.channels[1])
    #expect([force.name, force.quantity, force.unit] == ["force", "force", "N"])
    #expect(force.rawUnit == "" && force.range == 0...850)
    #expect(force.interval == 20_000 && force.uncertainty == 30_000)
    #expect(said.readyCount == 1 && said.faults == [])
  }

  /// The fastest ones come ten to a frame, so the last one at 10 s is still on its way.
  @Test(
    arguments: [
      (#"{}"#, 20_000, 501), (#"{"period_ms": 10}"#, 10_000, 1001), (#"{"period_us": 1000}"#, 1000, 10_000),
    ] as [(String, Microseconds, Int)])
  func everySampleArrivesOnceAndOnTime(_ settings: String, _ period: Microseconds, _ count: Int) {
    let station = station(settings, #"{"sequence_N": [1, 2, 3, 4, 5, 6, 7]}"#)
    station.open()
    station.run(for: 10_000_000)
    station.close()
    let samples = station.recorder.samples
    #expect(station.recorder.values(of: 1) == (0..<count).map { Double($0 % 7 + 1) })
    #expect(
      samples.flatMap { run in run.values.indices.map { run.deviceTime! + Microseconds($0) * run.interval } }
        == (0..<count).map { Microseconds($0) * period })
    #expect(
      samples.flatMap { run in run.values.indices.map { run.time + Microseconds($0) * run.interval } }
        == (0..<count).map { 1_000_000 + Microseconds($0) * period })
    #expect(samples.allSatisfy { $0.raw.isEmpty && $0.quality.isEmpty })
    #expect(station.recorder.tallies == [:] && station.recorder.lost == [] && station.recorder.faults == [])
  }

  @Test func allSevenSensorsCanRunTogether() {
    let station = station(#"{"sensors": [7, 6, 5, 4, 3, 2, 1], "period_ms": 10}"#)
    station.open()
    station.run(for: 1_000_000)
    #expect(
      (1...7).map { station.recorder.channels[$0]?.name } == [
        "force", "acceleration-x", "acceleration-y", "acceleration-z", "angular-velocity-x", "angular-velocity-y",
        "angular-velocity-z",
      ])
    #expect((1...7).map { station.recorder.values(of: $0).count } == Array(repeating: 101, count: 7))
    #expect(
      (1...4).map { station.recorder.values(of: $0).first } == [
        12.5, Double(Float(0.1)), Double(Float(-0.2)), Double(Float(9.81)),
      ])
    #expect(station.recorder.channels[4]?.unit == "m/s2" && station.recorder.channels[5]?.unit == "rad/s")
  }

  @Test func aForceSensorIsReadToo() {
    let station = station("{}", #"{"order_code": "GDX-FOR", "constant_N": -20}"#)
    station.open()
    #expect(station.recorder.identity?.model == "GDX-FOR")
    #expect(station.recorder.channels[1]?.range == -50...50)
    #expect(station.recorder.values(of: 1) == [-20])
  }

  @Test func valuesAtTheEndOfTheRangeAreMarked() {
    let station = station("{}", #"{"sequence_N": [832, 834, -3]}"#)
    station.open()
    station.run(for: 40_000)
    #expect(station.recorder.samples.map(\.quality) == [[], [.overRange], []])
  }

  @Test func anotherStartChangesThePeriod() {
    let emulated = EmulatorInstance(goDirectModule)!
    for (settings, period) in [(#"{"period_ms": 10}"#, 10_000), (#"{"period_ms": 50}"#, 50_000)]
      as [(String, Microseconds)]
    {
      let driver = DriverInstance(goDirectModule, settings: settings)
      driver.start(at: 0)
      var taken = 0
      while taken < driver.recorder.writes.count {
        emulated.receive(Array(driver.recorder.writes[taken].dropFirst()), at: 0)
        taken += 1
        for report in emulated.takeSent() { driver.receive(report, at: 0) }
      }
      // The first driver dies without a stop; the second one finds the instrument still measuring.
      #expect(emulated.wakeTime == period)
      #expect(driver.recorder.readyCount == 1 && driver.recorder.samples.count == 1)
    }
  }

  @Test func stopSilencesTheInstrument() {
    let station = station()
    station.open()
    station.run(for: 100_000)
    station.close()
    let count = station.recorder.samples.count
    #expect(station.emulator.wakeTime == nil && station.recorder.wakeTime == nil)
    station.run(for: 60_000_000)
    #expect(station.recorder.samples.count == count && station.recorder.faults == [])
    #expect(station.recorder.writes.suffix(2).map { $0[6] } == [0x19, 0x54])
  }

  @Test func commandsAreNotKnown() {
    let station = station()
    station.open()
    station.driver.command("zero", number: 4)
    #expect(station.recorder.outcomes == [4: "This instrument has no command named \"zero\"."])
  }
}
