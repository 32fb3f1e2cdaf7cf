import Testing

@testable import WatchScreen

@Suite struct PartsTests {
  @Test(arguments: [
    (312.5, 1, "312.5"), (312.46, 1, "312.5"), (-0.04, 1, "0.0"), (-1.4, 1, "-1.4"), (0.05, 2, "0.05"), (7, 0, "7"),
    (1e300, 2, "1e+300"), (-1e-300, 3, "0.000"),
  ])
  func numbersWithDecimals(_ value: Double, _ decimals: Int, _ text: String) {
    #expect(NumberText.fixed(value, decimals: decimals) == text)
  }

  @Test(arguments: [(31.866, "31.866"), (31.9, "31.9"), (32, "32"), (0, "0"), (-0.0001, "0"), (1e300, "1e+300")])
  func numbersWithoutZeros(_ value: Double, _ text: String) {
    #expect(NumberText.short(value) == text)
  }

  @Test(
    arguments: [
      (0.1, "N", 1), (0.5, "N", 1), (1, "N", 0), (0.01, "s", 2), (0.001, "s", 3), (0.25, "N", 2), (10, "N", 0),
      (nil, "N", 1), (nil, "s", 3), (0, "s", 3), (0.0980665, "N", 2), (0.2577, "N", 1), (4.4482216, "N", 0),
      (1e-9, "s", 4),
    ] as [(Double?, String, Int)])
  func decimalsOfAStep(_ resolution: Double?, _ unit: String, _ decimals: Int) {
    #expect(NumberText.decimals(resolution: resolution, unit: unit) == decimals)
  }

  @Test func unitsAndAges() {
    #expect(["N", "kgf", "[lbf_av]", "{count}", "m/s2"].map(NumberText.unit) == ["N", "kgf", "lbf", "count", "m/s2"])
    #expect(
      [-5, 59, 119, 120, 7200].map { NumberText.age($0 * 1_000_000) } == ["0 s", "59 s", "119 s", "2 min", "2 h"])
  }

  @Test func theClockKeepsToItsZone() {
    let clock = LocalClock { _ in -5 * 3600 }
    #expect(clock.milliseconds(noon.wall) == "07:34:56.789")
    #expect(clock.milliseconds(0) == "19:00:00.000")
    #expect(LocalClock { _ in 0 }.seconds(-1) == "00:00:00")
  }

  @Test(
    arguments: [
      (0, nil, "          "), (400, 600, "█████  │  "), (450, nil, "█████▋    "), (800, 800, "██████████"),
      (5000, nil, "██████████"), (-400, nil, "█████     "), (0, 800, "         │"),
    ] as [(Double, Double?, String)])
  func bars(_ value: Double, _ peak: Double?, _ bar: String) {
    #expect(Meter(unicode: true).bar(value, peak: peak, scale: 800, width: 10) == bar)
  }

  @Test func barsAndCurvesWithoutUTF8() {
    let meter = Meter(unicode: false)
    #expect(meter.bar(450, peak: 700, scale: 800, width: 10) == "######  | ")
    #expect(meter.curve([nil, 0, 100, 400, 800, .greatestFiniteMagnitude], scale: 800) == " _.=##")
    #expect(Meter(unicode: true).curve([nil, 0, 100, 400, 800], scale: 800) == " ▁▂▅█")
  }

  @Test func largeDigits() {
    #expect(BigDigits.rows("-12.5", unicode: true) == ["   ▀█  ▀▀█   █▀▀", "▀▀  █  █▀▀   ▀▀█", "   ▀▀▀ ▀▀▀ ▀ ▀▀▀"])
    #expect(BigDigits.rows("70", unicode: false) == [" _   _ ", "  | | |", "  | |_|"])
    for digit in "0123456789.-" {
      for unicode in [true, false] {
        #expect(Set(BigDigits.rows(String(digit), unicode: unicode).map(\.count)).count == 1)
      }
    }
  }

  @Test func aTraceKeepsTenSeconds() {
    var trace = Trace()
    for tenth in 0..<250 { trace.add(Double(tenth), at: Int64(tenth) * 100_000 + 50_000) }
    #expect(trace.columns(10, until: 24_999_999) == [159, 169, 179, 189, 199, 209, 219, 229, 239, 249])
    #expect(trace.greatest(until: 24_999_999) == 249)
    trace.add(9999, at: 14_900_000)
    #expect(trace.greatest(until: 24_999_999) == 249)
    trace.add(-300, at: 24_999_999)
    #expect(trace.greatest(until: 24_999_999) == 300)
    #expect(trace.columns(10, until: 29_900_000).suffix(6) == [300, nil, nil, nil, nil, nil])
    #expect(trace.greatest(until: 90_000_000) == nil)
    trace.add(1, at: 1_000_000_000)
    #expect(trace.columns(100, until: 1_000_000_000).compactMap { $0 } == [1])
  }

  @Test func aTraceStandsStillBetweenItsSteps() {
    var trace = Trace()
    for hundredth in 0..<1000 { trace.add(Double(hundredth % 37), at: Int64(hundredth) * 10_000) }
    #expect(trace.columns(20, until: 9_990_000) == trace.columns(20, until: 9_550_000))
  }

  @Test func textTakesItsColumns() {
    #expect(SafeText.width("grip") == 4)
    #expect(SafeText.width("握力") == 4)
    #expect(SafeText.width("e\u{301}") == 1)
    var line = ScreenLine("握力握力")
    #expect(line.cut(to: 5).rendered(TerminalKind(unicode: true, colour: false)) == "握力…")
    line.pad(to: 12)
    #expect(line.width == 12)
    #expect(ScreenLine("abcdef").cut(to: 4).rendered(TerminalKind(unicode: false, colour: true)) == "abc~")
  }

  @Test func sentencesBreakBetweenWords() {
    #expect(Paragraph.lines("one two three four", width: 8, limit: 3) == ["one two", "three", "four"])
    #expect(Paragraph.lines("one two three four", width: 8, limit: 2) == ["one two", "three four"])
    #expect(Paragraph.lines("", width: 8, limit: 2) == [])
  }
}
