import Glibc
import Testing
import ThenarClient

extension Integration {
  /// Consumers and surroundings that do their worst to a hub, beside a witness that must get everything.
  @Suite struct Attacks {
    private static let instrument = "go-direct-emu00001"

    /// A station with one instrument, and a witness that has got a reading.
    private func station() throws -> (RunningStation, Consumer) {
      let station = try RunningStation(["--modules", Build.modules, "--emulate", "go-direct"])
      return (station, try witness(station))
    }

    private func witness(_ station: RunningStation) throws -> Consumer {
      let witness = try station.consumer(of: Self.instrument)
      try witness.take(1, of: Self.instrument)
      return witness
    }

    /// The witness gets readings of the present, has missed none of those before, and the hub ends in good order.
    private func check(_ witness: Consumer, _ station: RunningStation) throws {
      let present = try witness.client.ping()
      try witness.next("samples of the present") { content -> Void? in
        if case .measurement(let batch) = content, batch.samples.time > present { () } else { nil }
      }
      #expect(witness.measurements(of: Self.instrument).first?.firstSample == 0)
      #expect(witness.faults == [] && witness.gaps == [])
      #expect(witness.states(of: Self.instrument) == ["found", "starting", "ready", "streaming"])
      #expect(try station.stop() == .status(0))
    }

    // MARK: Coming and going

    @Test(arguments: [
      // Closed while its answers are written.
      Attacker.request("hello", #"{"proto":7}"#) + String(repeating: "\n", count: 9_000),
      String(repeating: Attacker.request("describe"), count: 100),
      // Closed before it is taken in.
      "",
      // Closed while a replay goes out.
      Attacker.request("subscribe", #"{"from":"oldest"}"#),
    ])
    func whoClosesInTheMiddleLeavesNothingBehind(_ words: String) throws {
      let (station, witness) = try station()
      let before = station.descriptors
      for _ in 0..<300 { try Attacker(station.socket).send(words) }
      #expect(station.descriptors(fallTo: before) == before)
      try check(witness, station)
    }

    @Test func consumersThatComeAndGoDoNotMakeTheHubGrow() throws {
      let (station, witness) = try station()
      let before = station.descriptors
      func round(_ number: Int) throws {
        var some: [Attacker] = []
        for index in 0..<100 {
          let attacker = try Attacker(station.socket)
          let mode = ["all", "latest", "results"][index % 3]
          // Names that nobody has used before, too.
          let name = index % 4 == 0 ? "go-*" : "none-\(number)-\(index)"
          let filter = #"{"device":["\#(name)"]}"#
          attacker.send(
            Attacker.request("hello", #"{"proto":1,"client":"\#(number)-\#(index)"}"#)
              + Attacker.request("subscribe", #"{"sub":"s","mode":"\#(mode)","from":"oldest","filter":\#(filter)}"#))
          if index % 2 == 0 { _ = attacker.receive() }
          some.append(attacker)
        }
      }
      for number in 0..<8 { try round(number) }
      _ = station.descriptors(fallTo: before)
      let half = try station.residentKilobytes
      for number in 8..<24 { try round(number) }
      #expect(station.descriptors(fallTo: before) == before)
      let whole = try station.residentKilobytes
      #expect(whole <= half + 3_000, "from \(half) to \(whole) kB")
      try check(witness, station)
    }

    @Test func answersThatNobodyReadsTakeLittle() throws {
      let (station, witness) = try station()
      var hostile: [Attacker] = []
      func crowd() throws {
        for _ in 0..<100 {
          let attacker = try Attacker(station.socket)
          attacker.send(String(repeating: Attacker.request("describe"), count: 80))
          hostile.append(attacker)
        }
        // Each got its turn: this one was behind them all.
        let last = try Attacker(station.socket)
        last.send(Attacker.request("ping"))
        while let text = last.receive(), !text.contains("head_seq") { continue }
      }
      try crowd()
      let half = try station.residentKilobytes
      try crowd()
      let whole = try station.residentKilobytes
      // A bound for each is 64 KiB of answers; what they share is held once.
      #expect(whole <= half + 100 * 72, "from \(half) to \(whole) kB")
      hostile = []
      try check(witness, station)
    }

    // MARK: What surrounds the hub

    /// Where descriptors are few, consumers do not get those that devices need.
    @Test func aCrowdDoesNotKeepADriverFromBeingStartedAgain() throws {
      let station = try RunningStation(["--modules", Build.modules, "--emulate", "all"], descriptors: 64)
      let consumer = try station.consumer(of: Self.instrument, kinds: [.device])
      try consumer.newest(Self.instrument, is: .streaming)
      let before = station.descriptors
      var crowd: [Attacker] = []
      for _ in 0..<60 { crowd.append(try Attacker(station.socket)) }
      var said = ""
      while let text = crowd[59].receive() { said += text }
      #expect(said.contains(#""name":"too_many_connections""#))
      kill(try station.worker(of: Self.instrument).process, SIGKILL)
      try consumer.next(Self.instrument, is: .streaming)
      #expect(!consumer.devices.contains { $0.reason == "not_started" })
      crowd.removeAll()
      #expect(station.descriptors(fallTo: before) <= before)
      #expect(try Attacker(station.socket).receive()?.contains("welcome") == true)
      #expect(try station.stop() == .status(0))
    }

    @Test func aLogThatNobodyReadsHoldsNothingUp() throws {
      let folder = try TemporaryFolder()
      let pipe = folder.path + "/errors"
      try #require(mkfifo(pipe, 0o600) == 0)
      let end = open(pipe, O_RDWR | O_NONBLOCK | O_CLOEXEC)
      defer { close(end) }
      let full = [UInt8](repeating: 0x0A, count: 4096)
      while write(end, full, full.count) > 0 {}
      let station = try RunningStation(
        ["--modules", Build.modules, "--emulate", "go-direct"], in: folder, errors: pipe)
      let witness = try witness(station)
      try check(witness, station)
    }

    /// A pipe in the place of the audit log stands for a disk that hangs.
    @Test func anAuditLogThatTakesNothingRefusesCommandsAndHoldsNothingElseUp() throws {
      let folder = try TemporaryFolder()
      let station = try RunningStation(["--modules", Build.modules, "--emulate", "go-direct"], in: folder)
      let witness = try witness(station)
      try #require(mkfifo(folder.path + "/state/audit.log", 0o600) == 0)
      let hostile = try Attacker(station.socket)
      let command = #"{"device":"\#(Self.instrument)","command":"zero"}"#
      hostile.send(Attacker.request("device.command", command))
      var answer = ""
      while !answer.contains(#""name":"not_recorded""#), let text = hostile.receive() { answer += text }
      #expect(answer.contains(#""name":"not_recorded""#))
      try check(witness, station)
    }

    @Test func aHubThatWasStoppedForSecondsTakesNobodyForDead() throws {
      let (station, witness) = try station()
      let worker = try station.worker(of: Self.instrument).process
      station.hub.signal(SIGSTOP)
      // Longer than what the hub takes for a sleep, and than a driver may be silent.
      sleep(9)
      station.hub.signal(SIGCONT)
      try station.hub.waitUntilItSays("The station slept for")
      let present = try witness.client.ping()
      try witness.next("samples of the present") { content -> Void? in
        if case .measurement(let batch) = content, batch.samples.time > present { () } else { nil }
      }
      #expect(try station.worker(of: Self.instrument).process == worker)
      #expect(witness.states(of: Self.instrument) == ["found", "starting", "ready", "streaming"])
      // What was missed, if any, is told: no number is missing beyond that.
      #expect(witness.faults == [])
      #expect(try station.stop() == .status(0))
    }

    // MARK: Drivers within the contract

    @Test(arguments: ["long-events", "bursts-of-events", "renamed-channels"])
    func aDriverThatSaysTooMuchPaysForIt(_ behaviour: String) throws {
      let folder = try TemporaryFolder()
      try folder.write(
        "modules/hostile/driver.json",
        manifest(of: "Tests/Modules/Hostile", settings: #"{"behaviour":"\#(behaviour)"}"#))
      let station = try RunningStation(
        [
          "--modules", Build.modules, "--modules", folder.path + "/modules", "--emulate", "go-direct", "--emulate",
          "hostile",
        ], in: folder)
      let before = try station.residentKilobytes
      let witness = try witness(station)
      // One that wants all of it and never reads.
      let asleep = try Attacker(station.socket)
      asleep.send(Attacker.request("subscribe", #"{"from":"oldest"}"#))
      let other = try station.consumer(of: "hostile-emuhos01", kinds: [.device])
      let end = try other.next("hostile-emuhos01", is: .backoff)
      #expect(["flood", "too_many_channels", "event_too_large", "hung"].contains(end.reason), "\(end.brief)")
      try other.next("hostile-emuhos01", is: .backoff)
      let after = try station.residentKilobytes
      // The stream's memory is 4 MiB; twice that for a build without optimisation.
      #expect(after <= before + 16_000, "from \(before) to \(after) kB")
      try check(witness, station)
      _ = asleep.descriptor
    }
  }
}
