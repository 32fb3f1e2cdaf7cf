import DriverKit
import DriverTestKit
import GoDirect
import Testing

/// What goes wrong in the emulator or on the wire, and what the driver makes of it.
@Suite struct FaultTests {
  private func station(_ faults: String, driver: String = #"{"period_ms": 10}"#) -> VirtualStation {
    VirtualStation(
      goDirectModule, driverSettings: driver,
      emulatorSettings: #"{"sequence_N": [0,1,2,3,4,5,6,7,8,9], "faults": {\#(faults)}}"#, hid: true)
  }

  /// The samples as pairs of device time and value, in steps of 10 ms, which must agree in the emulator's sequence.
  private func misplaced(_ recorder: Recorder) -> [Recorder.Samples] {
    recorder.samples.filter { Double($0.deviceTime! / 10_000 % 10) != $0.values[0] }
  }

  @Test func badChecksumsAreCountedAndNeverUsed() {
    let station = station(#""bad_checksum_every": 5"#)
    station.open()
    station.run(for: 990_000)
    #expect(station.recorder.tallies == ["checksum_errors": 20])
    #expect(station.recorder.lost == Array(repeating: .init(channel: 1, count: 1, reason: "checksum_error"), count: 20))
    #expect(station.recorder.samples.count == 80)
    #expect(misplaced(station.recorder).isEmpty)
    #expect(station.recorder.samples.filter { $0.quality == [.suspect] }.count == 19)
  }

  @Test func droppedSamplesAreCounted() {
    let station = station(#""dropped_frame_every": 4"#)
    station.open()
    station.run(for: 990_000)
    #expect(station.recorder.tallies == ["dropped_frames": 25])
    #expect(station.recorder.lost == Array(repeating: .init(channel: 1, count: 1, reason: "device_dropped"), count: 25))
    #expect(station.recorder.samples.count == 75)
    #expect(misplaced(station.recorder).isEmpty)
  }

  @Test func framesThatNeverComeShowInTheArrivalTimes() {
    let station = station(#""drop_every": 2"#)
    station.open()
    station.run(for: 60_000_000)
    let said = station.recorder
    let received = said.samples.count
    let lost = said.lost.reduce(0) { $0 + Int($1.count) }
    #expect(received == 3001)
    #expect(Set(said.lost.map(\.reason)) == ["arrival_gap"])
    // Half are missing; what the last two seconds lost is not concluded yet.
    #expect((2800...3000).contains(lost))
    #expect(
      said.tallies["arrival_gaps"] == UInt64(said.lost.count)
        || said.tallies["arrival_gaps"] == UInt64(said.lost.count + 1))
  }

  @Test func aBlackoutOfTheLineIsOneLoss() {
    let station = station("")
    station.open()
    station.run(for: 3_000_000)
    station.onWire = { _ in nil }
    station.run(for: 700_000)
    station.onWire = nil
    station.run(for: 5_000_000)
    #expect(station.recorder.lost == [.init(channel: 1, count: 70, reason: "arrival_gap")])
    #expect(station.recorder.tallies == ["arrival_gaps": 1])
    #expect(misplaced(station.recorder).allSatisfy { $0.quality == [.suspect] })
    #expect(station.recorder.samples.last?.deviceTime == 8_700_000)
    #expect(station.recorder.faults == [])
  }

  @Test func aClockThatRunsOffIsToldOnceForAllChannels() {
    // The instrument believes in 10 ms and takes 10.02: the test lets its line run slow.
    let emulated = EmulatorInstance(goDirectModule, settings: #"{"constant_N": 1}"#)!
    let driver = DriverInstance(goDirectModule, settings: #"{"period_ms": 10, "sensors": [1, 2]}"#)
    driver.start(at: 0)
    var taken = 0
    while taken < driver.recorder.writes.count {
      emulated.receive(Array(driver.recorder.writes[taken].dropFirst()), at: 0)
      taken += 1
      for report in emulated.takeSent() { driver.receive(report, at: 0) }
    }
    for k in 1...12_000 {
      emulated.wake(at: Microseconds(k) * 10_000)
      for report in emulated.takeSent() { driver.receive(report, at: Microseconds(k) * 10_020) }
    }
    let said = driver.recorder
    #expect(said.faults.map(\.code) == ["clock_drift"])
    #expect(said.faults.first?.severity == .note)
    #expect(said.faults.first?.sentence.hasPrefix("GDX-HD EMU00001: its clock runs slow and is now 12") == true)
    #expect(said.values(of: 1).count == 12_001 && said.values(of: 2).count == 12_001)
    #expect(said.lost == [] && said.tallies == [:])
  }

  @Test(arguments: [#""interleave": true"#, #""response_delay_ms": 900"#, #""info_delay_ms": 7900"#])
  func slowAndInterleavedAnswersAreUnderstood(_ fault: String) {
    let station = station(fault)
    station.open()
    station.run(for: 30_000_000)
    station.close()
    station.run(for: 2_000_000)
    #expect(station.recorder.readyCount == 1)
    #expect(station.recorder.faults == [] && station.recorder.tallies == [:] && station.recorder.lost == [])
    #expect(station.recorder.samples.count > 2000)
    #expect(misplaced(station.recorder).isEmpty)
    #expect(station.emulator.wakeTime == nil)
  }

  @Test func measurementsOfASessionBeforeAreNotSamples() {
    let station = station(#""interleave": true"#)
    let start = GoDirectCommand.startMeasuring(mask: 2).frame(counter: 1).outputReport.dropFirst()
    station.emulator.receive(Array(start), at: station.now)
    station.open()
    station.run(for: 1_000_000)
    #expect(station.recorder.tallies.keys.sorted() == ["stale_measurements", "unexpected_answers"])
    #expect(station.recorder.readyCount == 1 && station.recorder.faults == [])
    #expect(misplaced(station.recorder).isEmpty)
  }

  @Test func answersThatComeTooLateEndInAFault() {
    let station = station(#""response_delay_ms": 5100"#)
    station.open()
    station.run(for: 60_000_000)
    #expect(station.recorder.tallies["timeouts"] == 2)
    #expect(station.recorder.readyCount == 0 && station.recorder.samples == [])
    #expect(
      station.recorder.faults == [
        .init(
          severity: .note, code: "begins_anew",
          sentence: "The Go Direct instrument did not answer within 5 s when asked to begin; it is set up anew."),
        .init(
          severity: .restart, code: "no_answer",
          sentence: "The Go Direct instrument did not answer within 5 s when asked for its status, twice in a row: "
            + "check its cable and switch it off and on."),
      ])
    #expect(station.recorder.wakeTime == nil)
  }

  @Test func aTruncatedAnswerIsAskedForAgain() {
    let station = station(#""truncate_info": true"#)
    station.open()
    station.run(for: 7_999_999)
    #expect(station.recorder.readyCount == 0)
    station.run(for: 1_000_001)
    #expect(station.recorder.readyCount == 1)
    #expect(station.recorder.faults.map(\.code) == ["begins_anew"])
    #expect(station.recorder.tallies == ["timeouts": 1])
    #expect(station.recorder.samples.count == 101)
  }

  @Test func anInstrumentThatFallsSilentIsSetUpAnew() {
    let station = station("")
    station.open()
    station.run(for: 1_000_000)
    station.onWire = { _ in nil }
    station.run(for: 4_000_000)
    station.onWire = nil
    // The instrument has hung up in the meantime.
    station.emulator.receive(
      Array(GoDirectCommand.stopMeasuring.frame(counter: 1).outputReport.dropFirst()), at: station.now)
    station.run(for: 2_000_000)
    let said = station.recorder
    #expect(said.faults.map(\.code) == ["begins_anew"])
    #expect(said.faults.first?.sentence.contains("sent no samples for 5000 ms") == true)
    #expect(said.readyCount == 1)
    // 1 s before the silence; 5 s of silence; 1 s after it, whose first sample is the new zero.
    #expect(said.lost == [.init(channel: 1, count: 499, reason: "restarted")])
    #expect(said.samples.map(\.deviceTime) == (0...100).map { $0 * 10_000 } + (0...100).map { $0 * 10_000 })
    #expect(misplaced(said).isEmpty)
  }

  @Test func anInstrumentThatStaysSilentIsLost() {
    let station = station("")
    station.open()
    station.run(for: 1_000_000)
    station.onWire = { _ in nil }
    station.run(for: 30_000_000)
    #expect(station.recorder.faults.map(\.code) == ["begins_anew", "no_answer"])
    #expect(station.recorder.faults.map(\.severity) == [.note, .restart])
    station.onWire = nil
    let count = station.recorder.samples.count
    station.run(for: 1_000_000)
    #expect(station.recorder.samples.count == count)
  }

  @Test func anEmptyBatteryIsTold() {
    let station = station(#""battery_percent": 5"#)
    station.open()
    #expect(station.recorder.identity?.batteryPercent == 5)
    #expect(
      station.recorder.faults == [
        .init(severity: .note, code: "low_battery", sentence: "GDX-HD EMU00001: the battery is at 5 %: charge it.")
      ])
    #expect(station.recorder.readyCount == 1)
  }

  @Test(arguments: [
    (
      #"{"sensors": [9]}"#, "GDX-HD EMU00001: The instrument has no sensor 9: \"sensors\" may name 1, 2, 3, 4, 5, 6, 7."
    ),
    (
      #"{"period_us": 999}"#,
      "GDX-HD EMU00001: Sensor 1 cannot measure every 0.999 ms: set \"period_ms\" to 1 or more, at most 86400000."
    ),
  ])
  func settingsThatTheInstrumentCannotFollowAreRefused(_ settings: String, _ sentence: String) {
    let station = station("", driver: settings)
    station.open()
    station.run(for: 60_000_000)
    #expect(station.recorder.faults == [.init(severity: .refuse, code: "sensors", sentence: sentence)])
    #expect(station.recorder.readyCount == 0 && station.recorder.wakeTime == nil)
  }

  @Test func aPeriodBetweenTheStepsIsRoundedAndTold() {
    let station = station("", driver: #"{"period_ms": 12.5}"#)
    station.open()
    #expect(station.recorder.channels[1]?.interval == 13_000)
    #expect(
      station.recorder.faults.map(\.sentence) == [
        "GDX-HD EMU00001 cannot measure every 12.5 ms and measures every 13 ms."
      ])
  }
}
