import Glibc
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

    /// The good one lost nothing, and both hub and good one go on.
    private func checkTheOther(_ station: RunningStation, _ consumer: Consumer) throws {
      try consumer.take(20, of: Self.dynamometer)
      #expect(consumer.states(of: Self.dynamometer) == ["found", "starting", "ready", "streaming"])
      #expect(consumer.faults == [])
      #expect(consumer.gaps.allSatisfy { if case .source(Self.dynamometer, _, _) = $0.place { false } else { true } })
      #expect(try station.stop() == .status(0))
    }

    /// What ends its worker: the word and the sentence by which people are told.
    static let ends: [(behaviour: String, reason: String, sentence: String)] = [
      ("segfault", "died", "The driver's process was ended by signal 11 (Segmentation fault)."),
      ("exit", "died", "The driver's process ended with status 3."),
      ("hang", "hung", "The driver has not answered for 5 seconds."),
      ("flood", "flood", "The driver sent more readings than any instrument can make."),
      ("wake-flood", "flood", "The driver sent more readings than any instrument can make."),
      ("rubbish", "rubbish", ""),
      ("bad-samples", "contract", "The driver hostile broke the driver contract in channel"),
      ("bad-events", "contract", "The driver hostile broke the driver contract in event"),
    ]

    @Test(arguments: ends) func itsWorkerEndsAndIsStartedAnew(
      _ expected: (behaviour: String, reason: String, sentence: String)
    ) throws {
      let station = try station(expected.behaviour)
      let consumer = try station.consumer()
      try consumer.next(Self.dynamometer, is: .streaming)
      let end = consumer.devices.last { $0.name == Self.hostile && $0.state == .backoff }
      let backoff = try end ?? consumer.next(Self.hostile, is: .backoff)
      #expect(backoff.reason == expected.reason)
      #expect(backoff.sentence.hasPrefix(expected.sentence), "\(backoff.sentence)")
      #expect(!backoff.sentence.isEmpty && !backoff.fix.isEmpty)
      try consumer.next(Self.hostile, is: .starting)
      try checkTheOther(station, consumer)
    }

    @Test func fiveDeathsInAMinuteAreEnough() throws {
      let station = try station("trap")
      let consumer = try station.consumer()
      let end = try consumer.next(Self.hostile, is: .quarantined)
      #expect(
        end.sentence
          == "The driver died 5 times within a minute. "
          + "The last time: The driver's process was ended by signal 4 (Illegal instruction).")
      #expect(consumer.states(of: Self.hostile).filter { $0 == "starting" }.count == 5)
      #expect(try ChildProcess.of(station.hub.process).allSatisfy { !$0.commandLine.contains("run --device hostile") })
      try checkTheOther(station, consumer)
      // The worker is a Swift program, whose runtime also tells of a crash in C.
      #expect(station.folder.list("state/crashes").count == 5)
    }

    @Test func oneThatSaysNothingIsStalled() throws {
      let station = try station("silent")
      let consumer = try station.consumer()
      let stalled = try consumer.next(Self.hostile, is: .stalled)
      #expect(stalled.reason == "silent")
      try checkTheOther(station, consumer)
    }

    @Test(arguments: [
      ("good", ""), ("late-outcome", ""), ("bad-outcome", "The driver ended before it answered."),
    ])
    func aCommandHasOneOutcome(_ behaviour: String, _ refusal: String) throws {
      let station = try station(behaviour)
      let consumer = try station.consumer()
      try consumer.next(Self.hostile, is: .streaming)
      let operatorsClient = try HubClient(connectingTo: station.socket)
      let command = JSONNode(
        .object([
          JSONMember("device", JSONNode(.string(Self.hostile))), JSONMember("command", JSONNode(.string("zero"))),
        ]))
      do {
        let answer = try operatorsClient.call("device.command", command, timeout: .seconds(patience))
        #expect(refusal == "" && answer["state"]?.string == "done")
      } catch .refused(let refused) {
        #expect(refused.message == refusal)
      }
      #expect(try contents(of: station.folder.path + "/state/audit.log").contains("device.command"))
      try consumer.next(Self.dynamometer, is: .streaming)
      try checkTheOther(station, consumer)
    }
  }
}
