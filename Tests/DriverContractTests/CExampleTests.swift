import CExample
import CThenarDriver
import DriverKit
import DriverTestKit
import Testing

/// The example module in C, driven through the contract as a worker does.
@Suite struct CExampleTests {
  /// The module's table never changes and is never freed.
  private var table: UnsafeRawPointer { UnsafeRawPointer(thenar_driver_c_example()) }

  private func gauge(_ settings: String = "{}") -> DriverInstance {
    let gauge = DriverInstance(table: table, settings: settings)
    gauge.start(at: 0)
    return gauge
  }

  @Test func theTableSaysWhoItIs() {
    let driver = thenar_driver_c_example().pointee
    #expect(driver.abi_version == THENAR_DRIVER_ABI)
    #expect(driver.struct_size == UInt32(MemoryLayout<thenar_driver>.size))
    #expect(driver.emulator.pointee.struct_size == UInt32(MemoryLayout<thenar_emulator>.size))
    #expect(driver.serial_line == nil)
  }

  @Test(arguments: [("{}", 500.0), ("", 500), (" { \"maximum_n\" : 250.5 } ", 250.5), ("{\"maximum_n\":5000}", 5000)])
  func aGoodSettingSetsTheRange(settings: String, maximum: Double) {
    #expect(gauge(settings).recorder.channels[0]?.range == -maximum...maximum)
  }

  @Test(arguments: [
    #"{"maximum":500}"#, #"{"maximum_n":0}"#, #"{"maximum_n":5001}"#, #"{"maximum_n":"500"}"#, #"{"maximum_n":500"#,
    #"{"maximum_n":500}}"#, #"{"maximum_n":inf}"#, #"{"maximum_n":1e3}"#, #"{"maximum_n":1.2.3}"#, #"{"maximum_n":}"#,
    #"{"maximum_n":500,"x":1}"#, "{", "[]", "\0",
  ])
  func aBadSettingIsRefusedByName(settings: String) {
    let gauge = DriverInstance(table: table, settings: settings)
    #expect(gauge.isRefused)
    #expect(
      gauge.recorder.faults == [
        .init(
          severity: .refuse, code: "setup",
          sentence: "The only setting of c-example is \"maximum_n\", a number from 1 to 5000: correct the settings.")
      ])
  }

  @Test func linesBecomeSamplesFromTheFirstLineEndOn() {
    let gauge = gauge()
    gauge.receive(Array("3.4\n12".utf8), at: 100)  // the tail of 123.4: not a reading
    #expect(gauge.recorder.readyCount == 0)
    gauge.receive(Array("3.4\n-0.5\n700.0\n".utf8), at: 200)
    #expect(gauge.recorder.readyCount == 1)
    #expect(
      gauge.recorder.samples == [
        .init(channel: 0, values: [123.4], quality: [[]], time: 200),
        .init(channel: 0, values: [-0.5], quality: [[]], time: 200),
        .init(channel: 0, values: [700], quality: [.overRange], time: 200),
      ])
    #expect(gauge.recorder.tallies == [:])
  }

  @Test(arguments: ["", "-", ".5", "5.", "1 2", "+1", "nan", "0x10", "1,5", "12345678901234567", "\0"])
  func aLineThatIsNoNumberIsCounted(line: String) {
    let gauge = gauge()
    gauge.receive(Array("\n\(line)\n1.0\n".utf8))
    #expect(gauge.recorder.values(of: 0) == [1])
    #expect(gauge.recorder.tallies == ["format_errors": 1])
  }

  @Test func aLineWithoutEndIsCountedOnceAndForgotten() {
    let gauge = gauge()
    gauge.receive(Array("\n".utf8))
    for _ in 0..<1000 { gauge.receive([UInt8](repeating: UInt8(ascii: "1"), count: 100)) }
    gauge.receive(Array("\n2.0\n".utf8))
    #expect(gauge.recorder.values(of: 0) == [2])
    #expect(gauge.recorder.tallies == ["format_errors": 1])
  }

  @Test func zeroIsAnsweredWhenTheGaugeAnswers() {
    let gauge = gauge()
    gauge.command("zero", number: 5, at: 100)
    #expect(gauge.recorder.writes == [Array("Z\n".utf8)])
    gauge.command("zero", number: 6, at: 150)
    gauge.command("dance", number: 7, at: 160)
    gauge.receive(Array("\nOK\nOK\n".utf8), at: 200)
    #expect(
      gauge.recorder.outcomes == [
        5: "", 6: "The gauge is being zeroed already: wait for that.", 7: "This gauge has one command only: zero.",
      ])
    #expect(gauge.recorder.wakeTime == nil)
  }

  @Test func zeroFailsWhenTheGaugeStaysSilent() {
    let gauge = gauge()
    gauge.command("zero", number: 5, at: 100)
    #expect(gauge.recorder.wakeTime == 1_000_100)
    gauge.wake(at: 1_000_100)
    gauge.stop(at: 2_000_000)
    #expect(
      gauge.recorder.outcomes == [
        5: "The gauge did not answer within a second: check its cable, then zero it again."
      ])
  }

  @Test(arguments: [nil, 1, 3]) func itMeasuresItsOwnEmulator(pieceSize: Int?) {
    let station = VirtualStation(table: table, hid: false)
    station.pieceSize = pieceSize
    station.open()
    station.run(for: 4_050_000)
    let force = station.recorder.values(of: 0).compactMap { $0 }
    #expect(force.count == 40)
    #expect(force.first == 11.2 && force.max() == 201.2)

    station.driver.command("zero", number: 1, at: station.now)
    station.run(for: 100_000)
    #expect(station.recorder.outcomes == [1: ""])
    #expect(station.recorder.values(of: 0).last == 0)
    station.close()
  }

  @Test func nothingThatComesInCanHarmIt() {
    var input = RandomInput(seeds: ["\n123.4\n-5.0\n", "OK\n", "\n999999999.999\n"].map { Array($0.utf8) })
    let gauge = gauge()
    for _ in 0..<20_000 {
      gauge.receive(input.next())
      gauge.recorder.clear()
    }
    gauge.receive(Array("\n42.0\n".utf8))
    #expect(gauge.recorder.values(of: 0).last == 42)
  }
}
