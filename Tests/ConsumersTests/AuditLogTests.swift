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

private func entry(
  _ text: String = "x", user: UInt32 = 1000, outcome: String = "given", isRefusal: Bool = false, at time: Int64 = 5
) -> AuditLog.Entry {
  AuditLog.Entry(
    peer: Peer(process: 7, user: user, group: 1), client: "c", method: "command", parameters: JSONNode(.string(text)),
    outcome: outcome, isRefusal: isRefusal, wallTime: time)
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

  /// Whoever may not give commands must not push out who gave some: neither by one user's hurry, nor by many users, nor by
  /// patience over days.
  @Test func refusalsLeaveWhatWasCarriedOutAlone() {
    let directory = TemporaryDirectory()
    let log = AuditLog(path: directory.path + "/audit") { _ in }
    log.record(entry("kept"))
    for minute in 0..<40 as Range<Int64> {
      for user in 0..<3 as Range<UInt32> {
        for _ in 0..<30 {
          log.record(
            entry(
              String(repeating: "x", count: 3_000), user: user, outcome: "not_allowed", isRefusal: true,
              at: minute * 60_000_000))
        }
        log.finish(within: 60)
      }
    }
    log.record(entry(outcome: "done"))
    log.finish(within: 60)
    let lines = directory.read("audit").split(separator: "\n")
    #expect(lines.count == 2 && lines[0].contains("kept") && !lines[1].contains("passed_over"))
    #expect(!directory.exists("audit.1"))
    #expect(directory.read("audit.refused").contains(#""passed_over":9}"#), "of 30 refusals in a minute 21 are kept")
    let kept = directory.information("audit.refused").st_size + directory.information("audit.refused.1").st_size
    #expect(kept <= 2 << 20 && !directory.exists("audit.refused.2"))
  }

  @Test func aClockThatIsSetBackDoesNotSilenceRefusals() {
    let directory = TemporaryDirectory()
    let log = AuditLog(path: directory.path + "/audit") { _ in }
    for time in [3_600_000_000, 5] as [Int64] {
      for _ in 0..<30 {
        log.record(entry(String(repeating: "x", count: 3_000), outcome: "not_allowed", isRefusal: true, at: time))
      }
      log.finish(within: 60)
    }
    let kept = directory.read("audit.refused").split(separator: "\n")
    #expect(kept.contains { $0.hasPrefix(#"{"wall_us":5,"#) } && kept.count == 42)
  }

  @Test func whatCouldMisleadWhoLooksAtItIsEscaped() throws {
    let directory = TemporaryDirectory()
    let log = AuditLog(path: directory.path + "/audit") { _ in }
    let text = "\u{1b}[2J\u{7f}\u{9b}31m\u{2028}\u{202e}\u{e0001} Größe 😀"
    log.record(entry(text))
    log.finish(within: 60)
    let line = directory.read("audit")
    #expect(
      line.contains(#""\u001b[2J\u007f\u009b31m\u2028\u202e\udb40\udc01 Größe 😀""#), "\(line)")
    let node = try JSONNode(
      parsing: Array(line.utf8.dropLast()), limits: JSONLimits(depth: 8, bytes: 1 << 16, comments: false))
    #expect(node["params"]?.string == text)
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
