import Glibc
import StrictJSON
import Testing
import ThenarClient

extension Integration {
  @Suite struct EmulatedStation {
    private static let dynamometer = "go-direct-emu00001"
    private static let gauge = "hid-force-emu00001"
    private static let timer = "stackmat-emustm01"
    private static let board = "line-profile-sn0001"

    /// One station with all four instruments, followed until each has come to a result.
    @Test func everyInstrumentComesToAResultThatIsItsOwn() throws {
      let station = try RunningStation([
        "--emulate", "go-direct", "--emulate", "hid-force", "--emulate", #"stackmat={"trial_ms":[1234]}"#, "--emulate",
        "line-profile",
      ])
      let consumer = try station.consumer()
      var results: [String: TrialResult] = [:]
      try consumer.next("a result of each instrument") { content -> Void? in
        if case .result(let record) = content, results[record.result.device] == nil {
          results[record.result.device] = record.result
        }
        return results.count == 4 ? () : nil
      }
      #expect(consumer.faults == [])
      #expect(consumer.gaps == [])

      for device in [Self.dynamometer, Self.gauge] {
        #expect(consumer.states(of: device) == ["found", "starting", "ready", "streaming"])
      }
      // These speak when there is something to say; they have no rate and do not stream.
      for device in [Self.timer, Self.board] {
        #expect(consumer.states(of: device) == ["found", "starting", "ready"])
      }
      #expect(consumer.devices.filter { !$0.emulated } == [])

      for device in [Self.dynamometer, Self.gauge] { try checkEffort(results[device], consumer) }
      try checkTime(of: results[Self.timer], equals: 1_234_000)
      try checkBoard(results[Self.board], consumer)
      #expect(try station.stop() == .status(0))
    }

    /// The peak is the greatest of the samples in the records that the result names.
    private func checkEffort(_ result: TrialResult?, _ consumer: Consumer) throws {
      let result = try #require(result)
      #expect(result.void == nil && result.emulated)
      guard case .effort(let effort) = result.outcome else {
        Issue.record("not an effort: \(result)")
        return
      }
      let batches = consumer.measurements(of: result.device).filter { result.sequences.contains($0.sequence) }
      let greatest = batches.flatMap(\.samples.values).filter(\.isFinite).max()
      #expect(effort.peak == greatest, "\(result.device)")
      #expect(try #require(greatest) > 50)
      let peaks = batches.flatMap { batch in
        batch.samples.values.indices.filter { batch.samples.values[$0] == greatest }.map { batch.samples.time(of: $0) }
      }
      #expect(effort.peakTime == peaks.first)
    }

    private func checkTime(of result: TrialResult?, equals microseconds: Int64) throws {
      let result = try #require(result)
      guard case .time(let timing) = result.outcome else {
        Issue.record("not a time: \(result)")
        return
      }
      #expect(result.void == nil && timing.elapsed == microseconds && timing.clock == "instrument")
    }

    /// The time is the difference of the board's own times.
    private func checkBoard(_ result: TrialResult?, _ consumer: Consumer) throws {
      let records = try #require(result?.sequences)
      let events = consumer.events(of: Self.board).filter { records.contains($0.sequence) }.map(\.event)
      let start = try #require(events.first { $0.name == "trial.started" }?.deviceTime)
      let stop = try #require(events.last { $0.name == "trial.stopped" }?.deviceTime)
      try checkTime(of: result, equals: stop - start)
      let pegs = events.filter { $0.name.hasPrefix("peg.") }
      #expect(pegs.filter { $0.name == "peg.inserted" }.count == 9)
      #expect(pegs.filter { $0.name == "peg.removed" }.count == 9)
    }

    /// Each has emulators of its own, also where another has the same directory or was killed in it.
    @Test func twoHubsInOneDirectoryShareNoEmulators() throws {
      let folder = try TemporaryFolder()
      try folder.write("run/other.sock.emulators/stackmat.sock", "left by a hub that was killed")
      let station = try RunningStation(["--emulate", "go-direct"], in: folder)
      let consumer = try station.consumer(of: Self.dynamometer)
      try consumer.next(Self.dynamometer, is: .streaming)
      let other = try Program(
        Build.thenar,
        [
          "serve", "--no-discovery", "--socket", folder.path + "/run/other.sock", "--state", folder.path + "/other",
          "--emulate", "go-direct",
        ])
      defer { other.destroy() }
      try other.waitUntilItSays("Serving on")
      #expect(folder.list("run/other.sock.emulators") == ["go-direct.sock"])
      other.signal(SIGTERM)
      #expect(try other.end() == .status(0))
      let present = try consumer.client.ping()
      try consumer.next("samples of the present") { content -> Void? in
        if case .measurement(let batch) = content, batch.samples.time > present { () } else { nil }
      }
      #expect(consumer.states(of: Self.dynamometer) == ["found", "starting", "ready", "streaming"])
      #expect(try station.stop() == .status(0))
      #expect(folder.list("run").filter { !$0.hasSuffix(".lock") } == [])
    }

    @Test func allEmulatesAllAndAStopLeavesNothingBehind() throws {
      let station = try RunningStation(["--emulate", "all"])
      let consumer = try station.consumer()
      for _ in 1...4 {
        try consumer.next("every instrument to be ready") { content -> Void? in
          if case .device(let record) = content, !record.isSnapshot, record.report.state == .ready { () } else { nil }
        }
      }
      let children = try ChildProcess.of(station.hub.process)
      #expect(children.count == 8, "\(children.map(\.commandLine))")

      #expect(try station.stop() == .status(0))
      for child in children { #expect(child.ends(), "\(child.commandLine)") }
      #expect(station.folder.list("run").filter { !$0.hasSuffix(".lock") } == [])
      #expect(station.hub.errors.contains("Stopping"))

      let end = #expect(throws: ClientError.self) {
        while try consumer.client.next(timeout: .seconds(patience)) != nil {}
      }
      #expect(end == .closed)
    }
  }
}
