import GoDirect
import Testing

@Suite struct FrameAssemblerTests {
  private let info = frame(Worked.deviceInfo)
  private let sample = frame(Worked.firstSample)

  private func findings(_ reports: [[UInt8]]) -> [FrameAssembler.Finding] {
    var assembler = FrameAssembler()
    return reports.flatMap { assembler.take($0) }
  }

  @Test func aFrameOfThreeReportsIsPutTogether() {
    #expect(findings(Worked.deviceInfoReports.map(hex) + sample.reports) == [.frame(info), .frame(sample)])
  }

  @Test func theLongestFrameIsPutTogether() {
    let longest = GoDirectFrame(header: 0x20, counter: 1, body: [UInt8](repeating: 0x5A, count: 251))
    #expect(longest.reports.map { $0[0] } == [63, 63, 63, 63, 3])
    #expect(findings(longest.reports) == [.frame(longest)])
  }

  @Test func aWrongChecksumIsSaid() {
    #expect(findings([GoDirectReport.carrying(hex(Worked.corrupted))]) == [.badChecksum(hex(Worked.corrupted))])
    var reports = info.reports
    reports[1][5] ^= 0x10
    #expect(findings(reports).map { if case .badChecksum = $0 { true } else { false } } == [true])
  }

  @Test(arguments: 1...2)
  func aFrameWithoutItsEndGivesWayToTheNext(_ kept: Int) {
    let beginning = Array(info.bytes.prefix(63 * kept))
    #expect(findings(info.reports.prefix(kept) + sample.reports) == [.truncated(beginning), .frame(sample)])
  }

  @Test func aNextFrameOfJustTheMissingSizeIsNotTakenForTheEnd() {
    let next = GoDirectFrame(header: 0x98, counter: 7, body: [UInt8](repeating: 3, count: 28))
    #expect(next.bytes.count == 158 - 126)
    #expect(
      findings(info.reports.prefix(2) + next.reports) == [.truncated(Array(info.bytes.prefix(126))), .frame(next)])
  }

  @Test(arguments: [
    [UInt8](repeating: 0, count: 64), report("40 20 0d"), report("03 20 0d 08"), report("0c 20 0d 08 cb 06"),
    report("0e 20 0d 08 cb 06"), [0x0D, 0x20], [], [UInt8](repeating: 1, count: 65),
  ])
  func reportsThatCanCarryNoFrameAreSaid(_ bytes: [UInt8]) {
    #expect(findings([bytes] + sample.reports) == [.malformedReport, .frame(sample)])
  }
}
