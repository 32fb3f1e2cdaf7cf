import DriverKit
import DriverTestKit
import GoDirect
import Testing

/// Instruments that are unlike the emulated ones: the test gives their answers.
@Suite struct InstrumentTests {
  /// A driver that is talked to with bodies of answers: frames with the right command and counter are made around them.
  private final class Bench {
    let driver: DriverInstance
    private var answered = 0
    init(settings: String = "{}") {
      driver = DriverInstance(goDirectModule, settings: settings)
      driver.start(at: 0)
    }

    /// Answers the newest command with this payload.
    func answer(_ payload: [UInt8], at time: Microseconds = 0) {
      let command = driver.recorder.writes[answered]
      answered += 1
      send([command[6], command[4]] + payload, header: 0x98, at: time)
    }

    func send(_ body: [UInt8], header: UInt8 = 0x20, at time: Microseconds = 0) {
      for report in GoDirectFrame(header: header, counter: 0, body: body).reports { driver.receive(report, at: time) }
    }

    /// Answers everything up to the question about the first sensor.
    func introduce(available: UInt8 = 0x02) {
      answer(Array(hex(Worked.initAnswer)[6...]))
      answer(Array(hex(Worked.status)[6...]))
      answer(Array(hex(Worked.deviceInfo)[6...]))
      answer([0x02, 0, 0, 0])
      answer([available, 0, 0, 0])
    }

    /// Describes a sensor like the worked one, with another unit.
    func describe(channel: UInt8 = 1, unit: String) {
      var payload = Array(hex(Worked.sensorInfo)[6...])
      payload[0] = channel
      payload.replaceSubrange(68..<100, with: Array(unit.utf8) + [UInt8](repeating: 0, count: 32 - unit.utf8.count))
      answer(payload)
    }

    /// Accepts STOP, SET_PERIOD and START.
    func accept() { for _ in 0..<3 { answer([0]) } }
  }

  @Test(arguments: [
    ("kg", "kgf", 98.0665, 10), ("lb", "[lbf_av]", 44.482216152605, 10), ("oz", "[lbf_av]/16", 2.7801385095378, 10),
  ])
  func otherUnitsOfForceAreConvertedAndKept(_ unit: String, _ rawUnit: String, _ newtons: Double, _ raw: Double) throws
  {
    let bench = Bench()
    bench.introduce()
    bench.describe(unit: unit)
    bench.accept()
    bench.send([0x06, 2, 0, 1, 0, 0, 0, 0x20, 0x41], at: 700)
    let said = bench.driver.recorder
    #expect(said.channels[1]?.rawUnit == rawUnit && said.channels[1]?.unit == "N")
    let sample = try #require(said.samples.first)
    #expect(sample.raw == [raw])
    #expect(try abs(#require(sample.values[0]) - newtons) < 1e-9)
  }

  @Test func anUnknownUnitRefusesTheSensor() {
    let bench = Bench()
    bench.introduce()
    bench.describe(unit: "°C")
    #expect(
      bench.driver.recorder.faults == [
        .init(
          severity: .note, code: "sensor_left_out",
          sentence: "GDX-HD 151000C1: sensor 1 (Force) measures in \"°C\", which is no unit of force, acceleration or "
            + "angular velocity that this driver knows; it is left out."),
        .init(
          severity: .refuse, code: "sensors",
          sentence: "GDX-HD 151000C1: no sensor is left that can be measured: choose others with the setting "
            + "\"sensors\"."),
      ])
    #expect(bench.driver.recorder.channels.isEmpty)
  }

  @Test func aSensorThatIsLeftOutDoesNotStopTheOthers() {
    let bench = Bench(settings: #"{"sensors": [1, 2]}"#)
    bench.introduce(available: 0x06)
    bench.answer([0x36])
    bench.describe(channel: 2, unit: "N")
    bench.accept()
    let said = bench.driver.recorder
    #expect(
      said.faults.map(\.sentence) == [
        "GDX-HD 151000C1: sensor 1 does not say what it measures because a parameter is outside what it can do; "
          + "it is left out."
      ])
    #expect(said.channels.keys.sorted() == [2] && said.readyCount == 1)
  }

  @Test(arguments: [0x30, 0x32, 0x36, 0x39, 0x77] as [UInt8])
  func aRefusedCommandIsAFaultThatSaysWhy(_ code: UInt8) {
    let bench = Bench()
    bench.introduce()
    bench.describe(unit: "N")
    bench.answer([0])
    bench.answer([code])
    #expect(
      bench.driver.recorder.faults == [
        .init(
          severity: .restart, code: "refused",
          sentence:
            "GDX-HD 151000C1 refused when asked to measure every 20 ms because \(AnswerStatus(code: code).reason)."
        )
      ])
    #expect(bench.driver.recorder.wakeTime == nil)
  }

  @Test func aPeriodThatTheInstrumentRefusesMustBeChanged() {
    let bench = Bench(settings: #"{"period_ms": 2}"#)
    bench.introduce()
    bench.describe(unit: "N")
    bench.answer([0])
    bench.answer([0x36])
    #expect(bench.driver.recorder.faults.map(\.severity) == [.refuse])
    #expect(bench.driver.recorder.faults.first?.sentence.hasSuffix("can do: change \"period_ms\".") == true)
  }

  @Test func anAnswerOfTheWrongLengthIsAFault() {
    let bench = Bench()
    bench.answer(Array(hex(Worked.initAnswer)[6...]))
    bench.answer([0, 0, 1])
    #expect(
      bench.driver.recorder.faults.map(\.sentence) == [
        "The Go Direct instrument refused when asked for its status because its answer cannot be read."
      ])
  }

  @Test func anAnswerToSomethingElseIsNotTaken() {
    let bench = Bench()
    bench.send([0x1A, 0xFD] + Array(hex(Worked.initAnswer)[6...]), header: 0xB8)
    bench.send([0x10, 0xFE] + Array(hex(Worked.status)[6...]), header: 0x98)
    #expect(bench.driver.recorder.writes.count == 1)
    #expect(bench.driver.recorder.tallies == ["unexpected_answers": 2])
  }

  @Test func everyTypeOfMeasurementIsCountedOrUsed() {
    let bench = Bench()
    bench.introduce()
    bench.describe(unit: "N")
    bench.accept()
    for (tick, text) in Worked.measurements.enumerated() {
      bench.driver.receive(GoDirectReport.carrying(hex(text)), at: Microseconds(tick + 1) * 20_000)
    }
    bench.send([0x0C, 1, 2, 3, 4], at: 240_000)
    bench.send([0x0E, 1, 2, 3, 4], at: 240_000)
    bench.send([0x0F, 1, 2, 3, 4], at: 240_000)
    bench.send([0x06, 2, 0, 9, 0, 1], at: 240_000)
    bench.send([0x0D], at: 240_000)
    bench.send([0x06, 2, 0, 1, 0, 0, 0, 0xC0, 0x7F], at: 260_000)
    let said = bench.driver.recorder
    #expect(
      said.values(of: 1).map { $0.map { Float($0) } } == [
        0.010810852, 0.71874237, 1.0432053, 100.25, 101.5, 12.5, 12.5, 12.5, 13, 12.5, -5, -1.39, nil,
      ])
    #expect(said.samples.last?.quality == [[.noData, .suspect]])
    // The aperiodic sample has no place on the instrument's clock.
    #expect(said.samples[6].deviceTime == nil && said.samples[6].time == 140_000)
    #expect(
      said.lost == [
        .init(channel: 1, count: 1, reason: "checksum_error"), .init(channel: 1, count: 1, reason: "device_dropped"),
      ])
    #expect(
      said.tallies == [
        "checksum_errors": 1, "dropped_frames": 1, "unknown_frames": 1, "malformed_frames": 1, "unrequested_values": 3,
      ])
  }

  @Test func samplesBeforeTheAnswerToStartAreSamples() {
    let bench = Bench()
    bench.introduce()
    bench.describe(unit: "N")
    bench.answer([0])
    bench.answer([0])
    bench.send([0x06, 2, 0, 1, 0, 0, 0, 0x48, 0x41], at: 10)
    #expect(bench.driver.recorder.readyCount == 1)
    bench.answer([0], at: 20)
    bench.send([0x06, 2, 0, 1, 0, 0, 0, 0x48, 0x41], at: 20_010)
    let said = bench.driver.recorder
    #expect(said.readyCount == 1 && said.tallies == [:])
    #expect(said.samples.map(\.deviceTime) == [0, 20_000])
  }
}
