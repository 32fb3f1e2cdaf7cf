import CThenarDriver
import DriverKit
import DriverTestKit
import Glibc
import Hostile
import Testing

/// The hostile module does what it is told to: the tests of worker and hub build on that.
@Suite struct HostileTests {
  private static var table: UnsafeRawPointer { UnsafeRawPointer(thenar_driver_hostile()) }

  /// Starts it and lets one byte come.
  private static func provoke(_ behaviour: String, when: String = "byte") {
    let instance = DriverInstance(table: table, settings: #"{"behaviour":"\#(behaviour)","when":"\#(when)"}"#)
    instance.start()
    instance.receive([1])
  }

  /// What it called when one byte came.
  private func calls(_ behaviour: String) -> [String: Int] {
    let (host, driver) = (CountingHost(), thenar_driver_hostile().pointee)
    host.with(driver, settings: #"{"behaviour": "\#(behaviour)"}"#) { instance in
      driver.start(instance, 0)
      driver.receive(instance, [1], 1, 1000)
      driver.wake(instance, 1000)
      driver.stop(instance, 2000)
    }
    return host.calls
  }

  @Test func goodIsGood() {
    let station = VirtualStation(
      table: Self.table, driverSettings: #"{"behaviour":"good"}"#, hid: false, startingAt: 0)
    station.open()
    station.run(for: 12_800_000)
    station.driver.command("zero", number: 4)
    #expect(station.recorder.values(of: 0) == (0...255).map(Double.init))
    #expect(station.recorder.readyCount == 1 && station.recorder.faults == [])
    #expect(station.recorder.outcomes == [4: ""])
  }

  @Test(arguments: [#"{"behaviour":"polite"}"#, #"{"when":"never"}"#])
  func anUnknownBehaviourIsRefused(settings: String) {
    #expect(DriverInstance(table: Self.table, settings: settings).isRefused)
  }

  @Test func trapDiesOfAnIllegalInstruction() async {
    await #expect(processExitsWith: .signal(SIGILL)) { HostileTests.provoke("trap") }
  }

  @Test func segfaultDiesOfABadPointer() async {
    await #expect(processExitsWith: .signal(SIGSEGV)) { HostileTests.provoke("segfault") }
  }

  @Test func exitLeavesWithThreeAtTheStart() async {
    await #expect(processExitsWith: .exitCode(3)) { HostileTests.provoke("exit", when: "start") }
  }

  @Test func hangNeverReturns() async {
    await #expect(processExitsWith: .signal(SIGALRM)) {
      var soon = itimerval()
      soon.it_value.tv_usec = 50_000
      setitimer(__itimer_which_t(ITIMER_REAL.rawValue), &soon, nil)
      HostileTests.provoke("hang")
    }
  }

  @Test func rubbishGoesToDescriptorThree() async {
    await #expect(processExitsWith: .exitCode(42)) {
      // The 3 may be a pipe of the test runner's whose reader is gone.
      signal(SIGPIPE, SIG_IGN)
      var ends: [Int32] = [0, 0]
      pipe(&ends)
      // Out of the way, in case that the pipe was given the number 3.
      ends = ends.map { fcntl($0, F_DUPFD, 10) }
      _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
      var bytes = [UInt8](repeating: 0, count: 8192)
      for _ in 0..<1000 {  // again when a thread of the test runner closes a 3 of its own in between
        dup2(ends[1], 3)
        HostileTests.provoke("rubbish")
        if read(ends[0], &bytes, bytes.count) == 4096 { _exit(42) }
      }
    }
  }

  @Test func floodIsFiveMillionSamplesInOneCall() {
    #expect(calls("flood") == ["channel": 1, "ready": 1, "samples": 5_000_001])
  }

  @Test(arguments: [
    ("wake-flood", ["channel": 1, "ready": 1, "samples": 3, "wakeAt": 2]),
    ("bad-samples", ["channel": 7, "ready": 1, "samples": 14, "lost": 1, "tally": 1]),
    ("bad-events", ["channel": 1, "ready": 2, "samples": 1, "event": 10, "fault": 1]),
    ("silent", ["channel": 1, "ready": 1]),
  ])
  func itSaysWhatItShouldNot(behaviour: String, expected: [String: Int]) { #expect(calls(behaviour) == expected) }

  @Test func lateOutcomeAnswersAfterTenBytes() {
    let instance = DriverInstance(table: Self.table, settings: #"{"behaviour":"late-outcome"}"#)
    instance.start()
    instance.command("zero", number: 9)
    instance.receive([UInt8](repeating: 1, count: 9))
    #expect(instance.recorder.outcomes == [:])
    instance.receive([1])
    #expect(instance.recorder.outcomes == [9: ""])
  }

  @Test func badOutcomeAnswersTwiceAndForAnother() {
    let instance = DriverInstance(table: Self.table, settings: #"{"behaviour":"bad-outcome"}"#)
    instance.start()
    instance.command("zero", number: 9)
    #expect(instance.recorder.outcomes == [9: "", 1009: ""])
  }
}
