import DriverKit
import DriverTestKit
import Testing

@testable import StackMat

private func started() -> DriverInstance {
  let driver = DriverInstance(stackMatModule)
  driver.start(at: 0)
  return driver
}

private func packet(_ head: Head, _ milliseconds: Int64, _ layout: PacketLayout = .thousandths) -> [UInt8] {
  Packet(head, milliseconds, layout).bytes
}

@Suite struct StackMatDriverTests {
  @Test(arguments: [
    (#"{"baud":1200}"#, "A StackMat timer has no settings. Remove \"baud\"."),
    ("[]", "A StackMat timer has no settings. Its settings must be an empty object."),
  ])
  func settingsAreRefused(settings: String, sentence: String) {
    let driver = DriverInstance(stackMatModule, settings: settings)
    #expect(driver.recorder.faults == [.init(severity: .refuse, code: "setup", sentence: sentence)])
    #expect(driver.isRefused)
  }

  @Test(arguments: [
    (#"{"mode":"gen5"}"#, "Line 1: \"mode\" must be one of \"classic\", \"gen4\", \"halo\"."),
    (#"{"packet":8}"#, "Line 1: \"packet\" must be a whole number from 9 to 10."),
    (#"{"trial_ms":[0]}"#, "Line 1: \"trial_ms\" must hold whole numbers from 1 to 599840."),
    (
      #"{"faults":{"flip":1}}"#,
      "Line 1: \"faults.flip\" is not a known key; known here: auto_off, drop_every, flip_every, garbage, "
        + "isolated_armed, silence_after_ms."
    ),
  ])
  func theEmulatorRefusesByName(settings: String, sentence: String) {
    let emulator = EmulatorInstance(stackMatModule, settings: settings)
    #expect(emulator?.refusal == "The emulated StackMat timer cannot be set up so. " + sentence)
  }

  @Test func theFirstPacketConnects() throws {
    let driver = started()
    driver.receive(packet(.idle, 0), at: 1_000_000)
    let said = driver.recorder
    #expect(said.readyCount == 1 && said.samples == [] && said.wakeTime == 2_000_000)
    let channel = try #require(said.channels[0])
    #expect(channel.name == "elapsed" && channel.quantity == "time" && channel.unit == "s" && channel.rawUnit == "ms")
    #expect(channel.range == 0...599.999 && channel.resolution == 0.001 && channel.interval == 0)
    let event = try #require(said.events.first)
    #expect(said.eventNames == ["device.connected"])
    #expect(event.fields == ["packet_bytes": .integer(10), "resolution_us": .integer(1000)])
    #expect(event.raw == "I000000@")
  }

  @Test func aTrialIsReportedInFull() throws {
    let driver = started()
    driver.receive(packet(.idle, 0), at: 1_000_000)
    driver.recorder.clear()
    driver.receive(packet(.running, 90), at: 1_112_000)
    driver.receive(packet(.stopped, 180), at: 1_224_000)
    let said = driver.recorder
    // 83.333 ms on the line and 8.5 ms in the adapter lie between the timer's clock and the read.
    #expect(
      said.samples == [
        .init(channel: 0, values: [0.09], raw: [90], time: 1_020_167, deviceTime: 90_000),
        .init(channel: 0, values: [0.18], raw: [180], time: 1_132_167, deviceTime: 180_000),
      ])
    #expect(said.eventNames == ["trial.started", "trial.stopped"])
    let (start, stop) = (said.events[0], said.events[1])
    #expect(start.time == 930_167 && start.deviceTime == 0 && start.uncertainty == 11_500 && start.quality == .inferred)
    #expect(start.fields == ["source": .text("hand_lift")])
    #expect(stop.time == 1_110_167 && stop.deviceTime == 180_000 && stop.uncertainty == 1000 && stop.quality == [])
    #expect(
      stop.fields == [
        "elapsed_us": .integer(180_000), "resolution_us": .integer(1000), "source": .text("both_hands_down"),
        "start_source": .text("hand_lift"),
      ])
    #expect(stop.raw == "S000180I")
  }

  @Test func aResultThatStoodOnTheDisplayIsSaidToHaveStoodThere() throws {
    let driver = started()
    for time: Microseconds in [100, 200, 300] { driver.receive(packet(.idle, 24_817), at: time * 1000) }
    #expect(driver.recorder.eventNames == ["device.connected", "trial.stopped"])
    let stop = try #require(driver.recorder.events.last)
    #expect(stop.fields["pre_existing"] == .flag(true) && stop.quality == .inferred)
    #expect(stop.fields["elapsed_us"] == .integer(24_817_000))
  }

  @Test func silenceIsToldAndMended() {
    let driver = started()
    driver.receive(packet(.idle, 0), at: 1_000_000)
    driver.wake(at: 1_900_000)  // early: nothing has happened yet
    #expect(driver.recorder.wakeTime == 2_000_000)
    driver.wake(at: 2_000_000)
    driver.receive(packet(.idle, 0), at: 9_000_000)
    #expect(driver.recorder.eventNames == ["device.connected", "device.disconnected", "device.connected"])
    #expect(driver.recorder.events[1].fields == ["reason": .text("silent")])
    #expect(
      driver.recorder.faults == [
        .init(
          severity: .note, code: "silent",
          sentence: "The timer has sent nothing for a second: it is off, its arrow button was pressed, or its cable is "
            + "loose. Readings go on when it sends again.")
      ])
    #expect(driver.recorder.readyCount == 1 && driver.recorder.wakeTime == 10_000_000)
  }

  @Test func silenceIsNoticedThoughTheWakeUpIsLate() {
    let driver = started()
    driver.receive(packet(.idle, 0), at: 1_000_000)
    driver.receive(packet(.idle, 0), at: 2_200_000)
    #expect(driver.recorder.eventNames == ["device.connected", "device.disconnected", "device.connected"])
  }

  @Test func packetsOfOneLateReadAreDatedBack() {
    let driver = started()
    driver.receive(packet(.idle, 0), at: 1_000_000)
    driver.receive(packet(.running, 50) + packet(.running, 160) + packet(.running, 270), at: 1_500_000)
    #expect(driver.recorder.samples.map(\.time) == [1_241_501, 1_324_834, 1_408_167])
  }

  @Test func theOtherLayoutIsNotTakenUntilTheTimerWasGone() {
    let driver = started()
    let other = packet(.stopped, 168_170, .hundredths)  // what is left of 0:24.817 without its first digit
    driver.receive(packet(.idle, 0), at: 1_000_000)
    for time: Microseconds in [1_112_000, 1_224_000] { driver.receive(other, at: time) }
    #expect(driver.recorder.tallies == ["framing_errors": 2])
    driver.wake(at: 2_000_000)
    driver.receive(packet(.idle, 0, .hundredths), at: 3_000_000)
    #expect(driver.recorder.eventNames == ["device.connected", "device.disconnected", "device.connected"])
    #expect(driver.recorder.channels[0]?.resolution == 0.01 && driver.recorder.readyCount == 1)
  }

  @Test func errorsAndGapsAreCounted() {
    let driver = started()
    driver.receive(packet(.idle, 0), at: 0)
    driver.receive(packet(.idle, 0), at: 200_000)
    driver.receive(packet(.idle, 0), at: 400_001)
    driver.receive(Array("I000000A\n\r".utf8), at: 450_000)
    driver.receive(Array("I00\n\r".utf8), at: 460_000)
    #expect(driver.recorder.tallies == ["signal_miss": 1, "checksum_errors": 1, "framing_errors": 1])
  }

  @Test func aLineOfTheWrongPolarityIsToldOnce() {
    let driver = started()
    for time: Microseconds in stride(from: 0, to: 10_000_000, by: 100_000) {
      driver.receive([0xFF, 0xCF, 0x9F], at: time)
      #expect(driver.recorder.faults.count == (time < 2_000_000 ? 0 : 1))
    }
    #expect(driver.recorder.faults.first?.severity == .note)
    #expect(driver.recorder.faults.first?.sentence.contains("check the inversion of the signal") == true)
    #expect(driver.recorder.events.isEmpty && driver.recorder.readyCount == 0)
  }

  @Test func strayBytesAreNotTheWrongPolarity() {
    let driver = started()
    for second: Microseconds in stride(from: 0, to: 100, by: 2) { driver.receive([0xFF], at: second * 1_000_000) }
    #expect(driver.recorder.faults == [])
  }

  @Test func itHasNoCommands() {
    let driver = started()
    driver.command("zero", number: 3)
    #expect(driver.recorder.outcomes == [3: "This instrument has no command named \"zero\"."])
  }

  /// Whatever comes, a result belongs to a start, and no number is one that the display cannot show.
  @Test func nothingThatComesInMakesUpAResult() {
    var input = RandomInput(seeds: workedExamples.map { bytes($0.hex) })
    let driver = started()
    var isRunning = false
    for step: Microseconds in 0..<20_000 {
      let time = step * 112_000
      if let wake = driver.recorder.wakeTime, wake <= time { driver.wake(at: wake) }
      driver.receive(input.next(), at: time)
      for event in driver.recorder.events {
        switch event.name {
        case "trial.started": isRunning = true
        case "trial.reset": isRunning = false
        case "trial.stopped":
          if event.fields["pre_existing"] == nil { #expect(isRunning) }
          if case .integer(let elapsed) = event.fields["elapsed_us"] { #expect((1...599_999_000).contains(elapsed)) }
          isRunning = false
        default: break
        }
      }
      driver.recorder.clear()
    }
  }
}
