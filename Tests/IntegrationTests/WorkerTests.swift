import Glibc
import Testing
import ThenarClient

extension Integration {
  @Suite struct Workers {
    private static let dynamometer = "go-direct-emu00001"
    private static let gauge = "hid-force-emu00001"

    @Test func aKilledWorkerTakesDownItsOwnDeviceOnly() throws {
      let station = try RunningStation(["--emulate", "go-direct", "--emulate", "hid-force"])
      let consumer = try station.consumer()
      try consumer.take(50, of: Self.dynamometer)
      try consumer.take(50, of: Self.gauge)
      kill(try station.worker(of: Self.dynamometer).process, SIGKILL)
      let fault = try consumer.next(Self.dynamometer, is: .backoff)
      #expect(fault.reason == "died")
      #expect(fault.sentence == "The driver's process was ended by signal 9 (Killed).")
      try consumer.next(Self.dynamometer, is: .streaming)
      try consumer.take(50, of: Self.dynamometer)
      try consumer.take(50, of: Self.gauge)

      #expect(
        consumer.states(of: Self.dynamometer)
          == ["found", "starting", "ready", "streaming", "backoff", "starting", "ready", "streaming"])
      #expect(consumer.states(of: Self.gauge) == ["found", "starting", "ready", "streaming"])
      // No number of either device came twice or was left out: those of the killed one go on where they stopped.
      #expect(consumer.faults == [])
      #expect(consumer.gaps == [])
      #expect(
        consumer.devices.last { $0.device == Self.dynamometer }?.health.first { $0.name == "restarts" }?.count == 1)
      #expect(try station.stop() == .status(0))
    }

    @Test func aKilledHubLeavesNoProcessAndANewOneTakesItsPlace() throws {
      let station = try RunningStation(["--emulate", "all"])
      let first = try station.consumer()
      try first.take(20, of: Self.dynamometer)
      let children = try ChildProcess.of(station.hub.process)
      #expect(children.count == 8, "\(children.map(\.commandLine))")
      station.hub.signal(SIGKILL)
      #expect(try station.hub.end() == .signal(SIGKILL))
      for child in children { #expect(child.ends(), "\(child.commandLine)") }
      #expect(station.folder.exists("run/consumer.sock"))

      try station.restart()
      let second = try station.consumer()
      #expect(second.answer.epoch != first.answer.epoch)
      #expect(second.answer.oldestSequence == 1)
      try second.take(20, of: Self.dynamometer)
      #expect(second.measurements(of: Self.dynamometer).first?.firstSample == 0)
      #expect(second.faults == [])
      #expect(try station.stop() == .status(0))
      #expect(!station.folder.exists("run/consumer.sock"))
    }
  }
}
