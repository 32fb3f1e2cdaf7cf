import DriverKit
import DriverTestKit
import LineProfile
import Testing

/// The driver against the emulated reference board, in virtual time.
@Suite struct EmulatorTests {
  private func station(_ emulatorSettings: String = "{}", pieceSize: Int? = nil) throws -> VirtualStation {
    let station = VirtualStation(
      lineProfileModule, driverSettings: #"{"profile": \#(try shipped("reference-pegboard"))}"#,
      emulatorSettings: emulatorSettings, hid: false)
    station.pieceSize = pieceSize
    station.open()
    return station
  }

  private func times(_ recorder: Recorder) -> [Double] { recorder.values(of: 0).compactMap(\.self) }

  @Test func aSessionGivesOneResultPerTest() throws {
    let station = try station(#"{"seed": 7, "rest_ms": 2000}"#)
    station.run(for: 90_000_000)
    let recorder = station.recorder
    let stops = recorder.events.filter { $0.name == "trial.stopped" }
    #expect(stops.count == 4)
    #expect(times(recorder).allSatisfy { (14...26).contains($0) })
    #expect(times(recorder).count == 4)
    #expect(Set(recorder.events.filter { $0.name.hasPrefix("peg.") }.map(\.quality)) == [[]])
    for stop in stops {
      let start = try #require(recorder.events.last { $0.name == "trial.started" && $0.time < stop.time })
      let pegs = recorder.events.filter { $0.time > start.time && $0.time < stop.time && $0.name.hasPrefix("peg.") }
      #expect(pegs.filter { $0.name == "peg.inserted" }.map { $0.fields["order"] } == (1...9).map { .integer($0) })
      #expect(pegs.filter { $0.name == "peg.removed" }.map { $0.fields["order"] } == (1...9).map { .integer($0) })
      #expect(stop.fields["elapsed_us"] == .integer(stop.time - start.time))
    }
    #expect(recorder.events.filter { $0.name == "device.heartbeat" }.count == 90)
    #expect(recorder.faults == [])
    #expect(recorder.tallies == [:])
    station.close()
  }

  @Test func theSameSeedGivesTheSameSession() throws {
    let sessions = try ["{}", "{}", #"{"seed": 2}"#].map { settings in
      let station = try station(settings)
      station.run(for: 30_000_000)
      return station.recorder.told
    }
    #expect(sessions[0] == sessions[1])
    #expect(sessions[0] != sessions[2])
  }

  @Test func theClockMayWrapInMidTrial() throws {
    let plain = try station()
    let wrapping = try station(#"{"clock_start_us": 4284967296}"#)
    for station in [plain, wrapping] { station.run(for: 60_000_000) }
    #expect(times(wrapping.recorder) == times(plain.recorder))
    #expect(times(plain.recorder).count == 2)
    #expect(wrapping.recorder.tallies == [:])
  }

  @Test func bytesMayComeOneByOne() throws {
    let whole = try station()
    let cut = try station(pieceSize: 1)
    for station in [whole, cut] { station.run(for: 30_000_000) }
    #expect(cut.recorder.told == whole.recorder.told)
  }

  @Test func wrongChecksumsAreCountedAndLostPegsFoundAgain() throws {
    let station = try station(#"{"faults": {"bad_checksum_every": 5}}"#)
    station.run(for: 120_000_000)
    let recorder = station.recorder
    #expect(recorder.tallies["checksum_errors", default: 0] > 30)
    #expect(recorder.tallies["reconciled_pegs", default: 0] > 0)
    #expect(recorder.tallies["bad_values"] == nil)
    let stops = recorder.events.filter { $0.name == "trial.stopped" }
    #expect(!stops.isEmpty)
    #expect(stops.allSatisfy { $0.quality.contains(.suspect) })
    #expect(times(recorder).allSatisfy { (14...26).contains($0) })
  }

  @Test func aResetInMidTrialGivesNoResultForIt() throws {
    let station = try station(#"{"clock_start_us": 100000000, "faults": {"reset_mid_trial": true}}"#)
    station.run(for: 40_000_000)
    let trials = station.recorder.events.filter { $0.name.hasPrefix("trial.") }
    #expect(trials.prefix(4).map(\.name) == ["trial.started", "trial.aborted", "trial.started", "trial.stopped"])
    #expect(trials[1].fields["reason"] == .text("device_reset"))
    #expect(times(station.recorder).count == 1)
    #expect(station.recorder.tallies == ["device_resets": 1])
  }

  @Test func noiseLosesLinesAndInventsNone() throws {
    let clean = try station()
    let noisy = try station(#"{"faults": {"noise": true}}"#)
    for station in [clean, noisy] { station.run(for: 120_000_000) }
    #expect(noisy.recorder.tallies["checksum_errors", default: 0] > 10)
    let known = Set(clean.recorder.events.map(\.raw))
    #expect(
      noisy.recorder.events.filter { $0.name.hasPrefix("trial.") && !$0.raw.isEmpty }.allSatisfy {
        known.contains($0.raw)
      })
    #expect(Set(times(noisy.recorder)).isSubset(of: Set(times(clean.recorder))))
  }

  @Test func anEndlessLineEndsInSilence() throws {
    let station = try station(#"{"faults": {"endless_line": true}}"#)
    station.run(for: 60_000_000)
    let recorder = station.recorder
    #expect(recorder.tallies == ["overlong_lines": 1])
    #expect(times(recorder).count == 1)
    #expect(recorder.faults.map(\.code) == ["overlong_lines", "silent", "silent"])
    #expect(recorder.faults.last?.severity == .restart)
  }

  @Test func commandsAreAnswered() throws {
    let station = try station(#"{"clock_start_us": 60000000}"#)
    station.run(for: 100_000)
    for (number, name) in ["query", "zero", "arm", "reset", "zero"].enumerated() {
      if name == "arm" { station.run(for: 800_000) }
      station.driver.command(name, number: UInt64(number), at: station.now)
      station.run(for: 50_000)
    }
    #expect(station.recorder.outcomes == [0: "", 1: "", 2: "", 3: "", 4: ""])
    station.run(for: 25_000_000)
    let trials = station.recorder.eventNames.filter { $0.hasPrefix("trial.") }.prefix(4)
    #expect(trials == ["trial.started", "trial.reset", "trial.started", "trial.stopped"])
    #expect(station.recorder.tallies == [:])
    #expect(station.recorder.faults == [])
  }

  @Test(arguments: [
    (
      #"{"profile": "alge-timy"}"#,
      "Line 1: \"profile\" must be \"reference-pegboard\": only that board has an emulator."
    ),
    (
      #"{"profile": {"id": "x"}}"#,
      "Line 1: \"profile\" must be \"reference-pegboard\": only that board has an emulator."
    ),
    (#"{"speed": 1}"#, "Line 1: \"speed\" is not a known key; known here: "),
    (#"{"faults": {"fire": true}}"#, "Line 1: \"faults.fire\" is not a known key; known here: "),
    (#"{"clock_start_us": 4294967296}"#, "Line 1: \"clock_start_us\" must be a whole number from 0 to 4294967295."),
  ]) func settingsOfTheEmulatorAreChecked(settings: String, part: String) {
    let emulator = EmulatorInstance(lineProfileModule, settings: settings)
    #expect(emulator?.refusal?.hasPrefix("The emulator's settings cannot be used. \(part)") == true)
  }

  @Test func theEmulatorSpeaksTheProtocolByteForByte() throws {
    let emulator = try #require(EmulatorInstance(lineProfileModule, settings: #"{"clock_start_us": 500000}"#))
    emulator.connected(at: 0)
    emulator.wake(at: 1_000_000)
    emulator.receive(Array("?\r\nZ\nx\n".utf8), at: 1_000_000)
    let sent = emulator.takeSent().map { String(decoding: $0, as: UTF8.self) }
    #expect(
      sent == [
        "H,PEGBOARD,1,9,fw1.0,sn0001*46\n", "S,1000000,plate*06\n".replacing("*06", with: checksum("S,1000000,plate")),
        "B,1500000*5A\n", "H,PEGBOARD,1,9,fw1.0,sn0001*46\n", checked("D,0000"), checked("B,0"),
        checked("F,1,unknown command"),
      ])
  }

  private func checksum(_ text: String) -> String { String(checked(text).dropFirst(text.count).dropLast()) }
}
