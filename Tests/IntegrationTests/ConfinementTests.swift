import Testing
import ThenarClient

extension Integration {
  /// What a module cannot do to others, however it tries.
  @Suite struct Confinement {
    private static let dynamometer = "go-direct-emu00001"
    private static let hostile = "hostile-emuhos01"

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

    @Test func everyAttemptIsRefused() throws {
      let station = try station("attempts")
      // What the kernel lacks, the hub has said before it was ready.
      let lacksFiles = station.hub.errors.contains("it has no Landlock")
      let lacksCalls = station.hub.errors.contains("it has no seccomp")
      if lacksFiles { print("This kernel has no Landlock: that files are kept from a driver is not tested.") }
      // Some of what it tries would end its own worker or stop the hub.
      if lacksCalls {
        return print("This kernel has no seccomp filters: that calls are kept from a driver is not tested.")
      }

      let consumer = try station.consumer()
      var seen: [String: Int] = [:]
      try consumer.next("the last attempt") { content -> Void? in
        guard case .event(let record) = content, record.event.name == "hostile.attempt",
          case .text(let kind)? = record.event["kind"], case .text(let what)? = record.event["what"],
          case .text(let outcome)? = record.event["outcome"]
        else { return nil }
        seen[kind, default: 0] += 1
        switch kind {
        case "file": #expect(lacksFiles || outcome == "refused", "\(what): \(outcome)")
        case "call": #expect(outcome == "refused", "\(what): \(outcome)")
        case "limit": #expect(outcome == "no memory", "\(what): \(outcome)")
        default: #expect(outcome == "done", "\(what): \(outcome)")
        }
        return what == "signals_itself" ? () : nil
      }
      #expect(seen.keys.sorted() == ["call", "file", "good", "limit"] && (seen["call"] ?? 0) > 20, "\(seen)")
      // Nothing of it has hurt anybody, itself included.
      try consumer.take(10, of: Self.hostile)
      try consumer.take(50, of: Self.dynamometer)
      #expect(consumer.states(of: Self.hostile) == ["found", "starting", "ready", "streaming"])
      #expect(consumer.faults == [])
      #expect(consumer.gaps == [])
      #expect(try station.stop() == .status(0))
    }

    @Test func theHubOutlivesADriverThatKillsIt() throws {
      let station = try station("kill-hub")
      let consumer = try station.consumer()
      try consumer.take(10, of: Self.hostile)
      try consumer.take(50, of: Self.dynamometer)
      #expect(consumer.states(of: Self.hostile) == ["found", "starting", "ready", "streaming"])
      #expect(consumer.faults == [])
      #expect(try station.stop() == .status(0))
    }

    /// A confined process can start no program that would write the report.
    @Test(arguments: [("trap", 4), ("segfault", 11), ("abort", 6)])
    func aCrashIsReportedWithItsPlace(_ behaviour: String, _ signal: Int) throws {
      let station = try station(behaviour)
      let consumer = try station.consumer()
      let end = try consumer.next(Self.hostile, is: .backoff)
      #expect(end.sentence.hasPrefix("The driver's process was ended by signal \(signal) "), "\(end.sentence)")
      #expect(try station.stop() == .status(0))
      let report = try #require(station.folder.list("state/crashes").first)
      let text = try contents(of: "\(station.folder.path)/state/crashes/\(report)")
      #expect(text.hasPrefix("Crashed by signal \(signal)"), "\(text)")
      #expect(text.contains("libHostile.so"), "\(text)")
      #expect(station.hub.errors.contains("\(Self.hostile) crashed; the report is "))
    }
  }
}
