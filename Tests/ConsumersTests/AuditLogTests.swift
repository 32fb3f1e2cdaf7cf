import Consumers
import Dispatch
import Glibc
import StrictJSON
import Synchronization
import Testing

/// What a log said about each entry, in the order in which it did.
private final class Outcomes: Sendable {
  private let all = Mutex<[Bool]>([])
  var recorded: [Bool] { all.withLock { $0 } }
  func add(_ isRecorded: Bool) { all.withLock { $0.append(isRecorded) } }
}

private func entry(_ text: String = "x", user: UInt32 = 1000, outcome: String = "given") -> AuditLog.Entry {
  AuditLog.Entry(
    peer: Peer(process: 7, user: user, group: 1), client: "c", method: "command", parameters: JSONNode(.string(text)),
    outcome: outcome, wallTime: 5)
}

@Suite struct AuditLogTests {
  @Test func eachEntryIsALineAndRecordedMeansOnDisk() {
    let directory = TemporaryDirectory()
    let log = AuditLog(path: directory.path + "/audit") { _ in }
    let outcomes = Outcomes()
    log.record(entry()) { isRecorded in
      outcomes.add(isRecorded && directory.read("audit").contains("\n"))
    }
    log.record(entry(outcome: "done")) { outcomes.add($0) }
    log.finish(within: 60)
    #expect(outcomes.recorded == [true, true])
    #expect(
      directory.read("audit").hasPrefix(
        #"{"wall_us":5,"uid":1000,"pid":7,"client":"c","method":"command","params":"x","outcome":"given"}"# + "\n"))
  }

  @Test func theParametersOfARefusedRequestAreKeptOnlyWhenShort() {
    let directory = TemporaryDirectory()
    let log = AuditLog(path: directory.path + "/audit") { _ in }
    log.record(entry(String(repeating: "x", count: 10_000), outcome: "not_allowed"))
    log.record(entry(String(repeating: "y", count: 10_000), outcome: "given"))
    log.finish(within: 60)
    let text = directory.read("audit")
    #expect(!text.contains("xxxx") && text.contains("too long to be kept") && text.contains("yyyy"))
  }

  /// While the disk takes nothing, one user cannot fill the log for the others, and all together only so much.
  @Test func whatWaitsIsBoundedForEachUserAndForAll() {
    let directory = TemporaryDirectory()
    let log = AuditLog(path: directory.path + "/audit") { _ in }
    let (isHeld, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let outcomes = (0..<8).map { _ in Outcomes() }
    // The first entry keeps the log's thread waiting.
    log.record(entry()) { _ in
      isHeld.signal()
      release.wait()
    }
    isHeld.wait()
    for user in 0..<8 as Range<UInt32> {
      for _ in 0..<10 {
        log.record(entry(String(repeating: "z", count: 30_000), user: user)) { outcomes[Int(user)].add($0) }
      }
    }
    release.signal()
    log.finish(within: 60)
    let taken = outcomes.map { $0.recorded.filter { $0 }.count }
    #expect(outcomes.allSatisfy { $0.recorded.count == 10 })
    #expect(taken.prefix(4) == [4, 4, 4, 4] && taken.dropFirst(5) == [0, 0, 0] && taken[4] <= 2)
    let after = Outcomes()
    log.record(entry(user: 7)) { after.add($0) }
    log.finish(within: 60)
    #expect(after.recorded == [true], "and what was written waits no more")
    #expect(directory.read("audit").contains(#""passed_over":"#), "what was not even taken is told with what is")
  }

  @Test func whatCouldNotBeWrittenIsCountedInTheNextLineThatCan() {
    let directory = TemporaryDirectory()
    let log = AuditLog(path: directory.path + "/later/audit") { _ in }
    for _ in 0..<3 {
      log.record(entry())
      log.finish(within: 60)
    }
    mkdir(directory.path + "/later", 0o700)
    log.record(entry(outcome: "done"))
    log.record(entry(outcome: "done"))
    log.finish(within: 60)
    let lines = directory.read("later/audit").split(separator: "\n")
    #expect(lines.count == 2 && lines[0].contains(#""passed_over":3"#) && !lines[1].contains("passed_over"))
  }

  @Test func whatCannotBeWrittenIsNotRecordedAndIsReported() {
    let directory = TemporaryDirectory()
    let reports = Mutex<[String]>([])
    let log = AuditLog(path: directory.path + "/none/audit") { report in reports.withLock { $0.append(report) } }
    let outcomes = Outcomes()
    log.record(entry()) { outcomes.add($0) }
    log.finish(within: 60)
    #expect(outcomes.recorded == [false] && reports.withLock { $0.count } == 1)
  }
}
