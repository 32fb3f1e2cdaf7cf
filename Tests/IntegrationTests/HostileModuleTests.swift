import StrictJSON
import Testing
import ThenarClient

extension Integration {
  /// A module that breaks every rule, beside one that does not.
  @Suite struct HostileModule {
    private static let dynamometer = "go-direct-emu00001"
    private static let hostile = "hostile-emuhos01"

    /// A station with a dynamometer and a hostile instrument.
    private func station(_ behaviour: String) throws -> RunningStation {
      let folder = try TemporaryFolder()
      try folder.write(
        "modules/hostile/driver.json",
        manifest(of: "Tests/Modules/Hostile", settings: #"{"behaviour":"\#(behaviour)"}"#))
      return try RunningStation(
        [
          "--modules", Build.modules, "--modules", folder.path + "/modules", "--emulate", "go-direct", "--emulate",
          "hostile",
        ], in: folder)
    }

    /// The dynamometer, followed from its first sample on, measured all the time and lost nothing; it and the hub go on.
    private func check(_ consumer: Consumer, _ station: RunningStation) throws {
      let present = try consumer.client.ping()
      try consumer.next("samples of the present") { content -> Void? in
        if case .measurement(let batch) = content, batch.samples.time > present { () } else { nil }
      }
      #expect(consumer.measurements(of: Self.dynamometer).first?.firstSample == 0)
      #expect(consumer.states(of: Self.dynamometer) == ["found", "starting", "ready", "streaming"])
      #expect(consumer.faults == [])
      #expect(consumer.gaps == [])
      #expect(try station.stop() == .status(0))
    }

    /// What ends its worker: the words and the sentence by which people are told.
    struct End: Sendable, CustomTestStringConvertible {
      var behaviour: String
      var reasons: Set<String>
      var sentence: String

      init(_ behaviour: String, _ reasons: Set<String>, _ sentence: String) {
        (self.behaviour, self.reasons, self.sentence) = (behaviour, reasons, sentence)
      }

      var testDescription: String { behaviour }
    }

    static let ends: [End] = [
      End("segfault", ["died"], "The driver's process was ended by signal 11 (Segmentation fault)."),
      End("abort", ["died"], "The driver's process was ended by signal 6 (Aborted)."),
      End("exit", ["died"], "The driver's process ended with status 3."),
      End("leave-a-child", ["died"], "The driver's process ended with status 4."),
      End("hang", ["hung"], "The driver has not answered for "),
      // A hub that was built without optimisation may be too slow to count that much in time.
      End("flood", ["flood", "hung"], "The driver "),
      End("wake-flood", ["flood", "hung"], "The driver "),
      End("rubbish", ["rubbish"], ""),
      End("bad-samples", ["contract"], "The driver hostile broke the driver contract in channel"),
      End("bad-events", ["contract"], "The driver hostile broke the driver contract in event"),
    ]

    @Test(arguments: ends) func itsWorkerEndsAndIsStartedAnew(_ expected: End) throws {
      let station = try station(expected.behaviour)
      let other = try station.consumer(of: Self.dynamometer)
      let consumer = try station.consumer(of: Self.hostile, kinds: [.device])
      let end = try consumer.next(Self.hostile, is: .backoff)
      #expect(expected.reasons.contains(end.reason), "\(end.brief)")
      #expect(end.sentence.hasPrefix(expected.sentence) && !end.sentence.isEmpty, "\(end.sentence)")
      try consumer.next(Self.hostile, is: .starting)
      try check(other, station)
    }

    @Test func fiveDeathsInAMinuteAreEnough() throws {
      let station = try station("trap")
      let other = try station.consumer(of: Self.dynamometer)
      let consumer = try station.consumer(of: Self.hostile, kinds: [.device])
      let end = try consumer.next(Self.hostile, is: .quarantined)
      #expect(
        end.sentence
          == "The driver died 5 times within a minute. "
          + "The last time: The driver's process was ended by signal 4 (Illegal instruction).")
      #expect(consumer.states(of: Self.hostile).filter { $0 == "starting" }.count == 5)
      #expect(try ChildProcess.of(station.hub.process).allSatisfy { !$0.commandLine.contains("run --device hostile") })
      try check(other, station)
      // Kept by the hub, which has done it when it has ended.
      #expect(station.folder.list("state/crashes").count == 5)
    }

    @Test func oneThatSaysNothingIsStalled() throws {
      let station = try station("silent")
      let other = try station.consumer(of: Self.dynamometer)
      let consumer = try station.consumer(of: Self.hostile)
      #expect(try consumer.next(Self.hostile, is: .stalled).reason == "silent")
      try check(other, station)
    }

    @Test(arguments: [
      ("good", ""), ("late-outcome", ""), ("bad-outcome", "The driver ended before it answered."),
    ])
    func aCommandHasOneOutcome(_ behaviour: String, _ refusal: String) throws {
      let station = try station(behaviour)
      let other = try station.consumer(of: Self.dynamometer)
      let consumer = try station.consumer(of: Self.hostile)
      try consumer.next(Self.hostile, is: .streaming)
      let command = JSONNode(
        .object([
          JSONMember("device", JSONNode(.string(Self.hostile))), JSONMember("command", JSONNode(.string("zero"))),
        ]))
      do {
        let answer = try consumer.client.call("device.command", command, timeout: .seconds(patience))
        #expect(refusal == "" && answer["state"]?.string == "done")
      } catch .refused(let refused) {
        #expect(refused.sentence == refusal)
      }
      try check(other, station)
      let outcome = refusal.isEmpty ? "done" : refusal
      #expect(
        try contents(of: station.folder.path + "/state/audit.log").hasSuffix(#""outcome":"\#(outcome)"}"# + "\n"))
    }
  }
}
