import Readings
import Testing
import Trials
import Wire

private func batch(_ values: [Double], at time: Int64, quality: [Quality] = []) -> Samples {
  Samples(
    channel: 0, time: time, interval: 1000, values: values, raw: values.map { $0 / 9.80665 }, quality: quality)
}

/// A curve whose figures can be computed by hand: 1000 Hz, 1 s of rest, ramp to 300 N in 0.2 s, 3 s held, linear fall to
/// 240 N in 2 s, then 0.
private let curve: [Double] = (0..<7000).map { (step: Int) -> Double in
  let t = Double(step) / 1000
  switch t {
  case ..<1: return 0
  case ..<1.2: return 300 * (t - 1) / 0.2
  case ..<4.2: return 300
  case ..<6.2: return 300 - 30 * (t - 4.2)
  default: return 0
  }
}

@Suite struct EffortDetectorTests {
  @Test(arguments: [1, 7, 64, 7000]) func theClosedFormCurveGivesItsPeak(_ batchSize: Int) throws {
    var detector = EffortDetector(rule: .standard, rawUnit: "kgf")
    var findings: [EffortDetector.Finding] = []
    for start in stride(from: 0, to: curve.count, by: batchSize) {
      let values = Array(curve[start..<min(start + batchSize, curve.count)])
      findings += detector.take(batch(values, at: Int64(start) * 1000), sequence: UInt64(start + 1))
    }
    let finding = try #require(findings.count == 1 ? findings.first : nil)
    #expect(finding.void == nil)
    #expect(finding.effort.peak == 300)
    #expect(finding.effort.peakRaw == 300 / 9.80665)
    #expect(finding.effort.peakTime == 1_200_000)
    // A threshold of 5 N is met 5/1500 s after the ramp begins, at the next sample of 1 ms.
    #expect(finding.effort.onset == 1_004_000)
    #expect(finding.effort.release == 6_200_000)
    #expect(finding.effort.samples == 6200 - 1004)
    // 500 samples before the onset: 0.504 s to 1.003 s; the last three lie on the ramp.
    #expect(abs((finding.effort.baseline ?? 1) - (1.5 + 3 + 4.5) / 500) < 1e-9)
  }

  @Test func aTapShorterThanTheHoldIsNoEffort() {
    var detector = EffortDetector(rule: .standard, rawUnit: "")
    let tap =
      [Double](repeating: 0, count: 100) + [Double](repeating: 50, count: 40) + [Double](repeating: 0, count: 300)
    #expect(detector.take(batch(tap, at: 0), sequence: 1).isEmpty)
  }

  @Test func aDipShorterThanTheHoldDoesNotEndIt() {
    var detector = EffortDetector(rule: .standard, rawUnit: "")
    let held = [Double](repeating: 80, count: 200)
    let dip = [0] + held + [Double](repeating: 1, count: 90) + held + [Double](repeating: 0, count: 150)
    #expect(detector.take(batch(dip, at: 0), sequence: 1).map(\.effort.samples) == [490])
  }

  @Test func anEffortThatWasUnderWayIsVoid() {
    var detector = EffortDetector(rule: .standard, rawUnit: "")
    let values = [Double](repeating: 80, count: 200) + [Double](repeating: 0, count: 150)
    #expect(detector.take(batch(values, at: 0), sequence: 1).map(\.void) == ["onset_not_seen"])
  }

  @Test func aMissingNumberVoidsWithTheInstrumentsWord() {
    var detector = EffortDetector(rule: .standard, rawUnit: "")
    var values = [0] + [Double](repeating: 80, count: 200) + [Double](repeating: 0, count: 150)
    var quality = [Quality](repeating: [], count: values.count)
    values[100] = .nan
    quality[100] = .overRange
    let findings = detector.take(batch(values, at: 0, quality: quality), sequence: 1)
    #expect(findings.map(\.void) == ["over_range"])
    #expect(findings.map(\.quality) == [.overRange])
  }

  @Test func anInterruptionVoidsWhatRuns() {
    var detector = EffortDetector(rule: .standard, rawUnit: "")
    _ = detector.take(batch([0] + [Double](repeating: 80, count: 200), at: 0), sequence: 7)
    let finding = detector.interrupt("device_lost")
    #expect(finding?.void == "device_lost")
    #expect(finding?.sequences == 7...7)
    #expect(detector.interrupt("device_lost") == nil)
  }

  @Test func negativeOffsetsNeverStartOne() {
    var detector = EffortDetector(rule: .standard, rawUnit: "")
    #expect(detector.take(batch([Double](repeating: -40, count: 2000), at: 0), sequence: 1).isEmpty)
  }
}
