import DriverKit
import DriverTestKit
import GoDirect
import Testing

@Suite struct RandomInputTests {
  private static let answers = Worked.session.flatMap { frame($0.answer).reports }
  private static let samples =
    Worked.measurements.map { GoDirectReport.carrying(hex($0)) } + [report("09 20 09 01 3a 0d 02 00 01 00")]
  private static let commands = Worked.session.map { GoDirectReport.carrying(hex($0.sent)) }

  /// A report that is not thrown away at once: of the right size, its frame's checksum put right.
  private func mended(_ bytes: [UInt8]) -> [UInt8] {
    var report = Array(bytes.prefix(64)) + [UInt8](repeating: 0, count: max(0, 64 - bytes.count))
    let count = Int(report[0])
    guard (5...63).contains(count) else { return report }
    report[2] = report[0]
    report[4] = GoDirectFrame.checksum(of: Array(report[1...count]))
    return report
  }

  @Test func theDriverSurvivesAnything() {
    var input = RandomInput(seeds: Self.answers + Self.samples)
    var driver = DriverInstance(goDirectModule)
    var seen: Set<String> = []
    for round in 0..<20_000 {
      let now = Microseconds(round) * 1000
      if round % 100 == 0 {
        seen.formUnion(driver.recorder.tallies.keys)
        check(driver.recorder)
        driver = DriverInstance(goDirectModule, settings: #"{"sensors": [1, 2], "period_ms": 10}"#)
        driver.start(at: now)
        // Half of them are damaged while they measure, half while they are being set up.
        if round % 200 == 0 { open(driver, at: now) }
      }
      let bytes = input.next()
      driver.receive(round % 2 == 0 ? mended(bytes) : bytes, at: now)
      if let wake = driver.recorder.wakeTime, input.below(50) == 0 { driver.wake(at: max(now, wake)) }
    }
    #expect(
      seen.isSuperset(of: [
        "checksum_errors", "malformed_reports", "malformed_frames", "unknown_frames", "dropped_frames",
        "unexpected_answers", "stale_measurements",
      ]))
  }

  /// Whatever came in: numbers are finite, belong to a declared channel, and lie in order on both clocks. A clock that
  /// starts anew begins at 0 again.
  private func check(_ said: Recorder) {
    var newest: [UInt32: Recorder.Samples] = [:]
    for run in said.samples {
      #expect(said.readyCount == 1 && said.channels[run.channel] != nil)
      #expect(run.values.allSatisfy { $0?.isFinite ?? true } && run.interval >= 0)
      guard let deviceTime = run.deviceTime else { continue }
      if let before = newest[run.channel], let earlier = before.deviceTime {
        #expect(run.time >= before.time + Microseconds(before.values.count - 1) * before.interval)
        #expect(deviceTime > earlier || deviceTime == 0)
      }
      newest[run.channel] = run
    }
  }

  private func open(_ driver: DriverInstance, at now: Microseconds) {
    guard let emulator = EmulatorInstance(goDirectModule) else { return }
    var taken = 0
    while taken < driver.recorder.writes.count {
      emulator.receive(Array(driver.recorder.writes[taken].dropFirst()), at: now)
      taken += 1
      for report in emulator.takeSent() { driver.receive(report, at: now) }
    }
  }

  @Test func theEmulatorSurvivesAnything() throws {
    var input = RandomInput(seeds: Self.commands)
    let emulator = try #require(EmulatorInstance(goDirectModule))
    var sent = 0
    for round in 0..<20_000 {
      let bytes = input.next()
      emulator.receive(round % 2 == 0 ? mended(bytes) : bytes, at: Microseconds(round) * 2000)
      let reports = emulator.takeSent()
      sent += reports.count
      #expect(reports.allSatisfy { $0.count == 64 && (1...63).contains($0[0]) })
    }
    #expect(sent > 1000)
  }

  @Test func framesSurviveReportsAndDamageIsNeverTaken() {
    var input = RandomInput(seeds: [hex(Worked.deviceInfo), hex(Worked.sensorInfo), hex(Worked.threeSamples)])
    var assembler = FrameAssembler()
    for _ in 0..<5000 {
      let body = Array(input.next().prefix(251))
      let good = GoDirectFrame(header: 0x98, counter: 0, body: body.isEmpty ? [0] : body)
      var findings = good.reports.flatMap { assembler.take($0) }
      if findings != [.frame(good)] { Issue.record("\(good.bytes) gave \(findings)") }
      // One changed bit in the bytes of the frame changes the sum, whichever it is.
      var reports = good.reports
      reports[0][3] ^= 1 << UInt8(input.below(8))
      findings = reports.flatMap { assembler.take($0) }
      if findings.contains(.frame(good)) { Issue.record("a damaged frame was taken: \(reports)") }
      assembler.reset()
    }
  }
}
