import DriverTestKit
import Readings
import Supervision
import Testing

@Suite struct OpenBatchTests {
  /// One stream of samples, cut anywhere into runs and flushed anywhere: the same samples, times, raw values, quality and
  /// times of the instrument come out.
  @Test(arguments: 1...60 as ClosedRange<UInt64>) func anyCutGivesTheSameSamples(_ seed: UInt64) throws {
    var random = RepeatableRandom(seed: seed)
    let (hasRaw, hasDevice, isRegular) = (seed % 2 == 0, seed % 3 == 0, seed % 5 != 0)
    var (sent, time): ([Sample], Microseconds) = ([], 1_000)
    let bench = IntakeBench()
    try bench.declare("force", interval: 1_000)
    let drift = seed % 7 == 0 ? Microseconds(3) : 0
    var runs = 0
    while sent.count < 600 {
      runs += 1
      let count = Int.random(in: 1...12, using: &random)
      let interval = Microseconds(isRegular ? 1_000 : Int.random(in: 0...3_000, using: &random))
      var run = Samples(
        channel: 0, time: time, interval: interval, values: (0..<count).map { Double(sent.count + $0) })
      if !isRegular, Bool.random(using: &random) {
        run.offsets = (0..<count).map { _ in Microseconds.random(in: 0...4_000, using: &random) }.sorted()
        run.offsets[0] = 0
      }
      if hasRaw { run.raw = run.values.map { $0 * 7 } }
      if hasDevice, Int.random(in: 0..<8, using: &random) > 0 {
        run.deviceTime = time - 500 + drift * Microseconds(sent.count)
      }
      if Int.random(in: 0..<3, using: &random) == 0 {
        run.quality = (0..<count).map { _ in Bool.random(using: &random) ? [.stable] : [.inMotion, .suspect] }
      }
      sent += run.flat(channel: "force", first: UInt64(sent.count))
      try bench.intake.take(run, at: time + 100_000)
      time = run.time(of: count - 1) + (isRegular ? 1_000 : Microseconds.random(in: 0...2_000, using: &random))
      if Int.random(in: 0..<6, using: &random) == 0 { bench.intake.flush() }
    }
    bench.intake.flush()
    #expect(bench.taker.flat == sent)
    #expect(drift != 0 || bench.taker.told.count < runs, "some of them came together")
    for case .samples(let samples, _, _) in bench.taker.told {
      #expect(samples.values.count <= OpenBatch.mostSamples)
      if isRegular { #expect(samples.offsets.isEmpty, "what is regular stays regular") }
      let isFromOneRun = samples.values.count <= 12
      #expect(isFromOneRun || samples.time(of: samples.values.count - 1) - samples.time <= OpenBatch.longest)
    }
  }

  @Test func aLongRunOfTheDriverStaysInOnePiece() throws {
    let bench = IntakeBench()
    try bench.declare("force")
    try bench.take(4_096, time: 0, at: 41_000_000)
    guard case .samples(let samples, _, let first)? = bench.taker.told.first else {
      return #expect(Bool(false), "nothing came out")
    }
    #expect(bench.taker.told.count == 1 && first == 0 && samples.interval == 10_000 && samples.offsets.isEmpty)
  }

  @Test func whatCannotFollowBeginsAnewRecord() {
    func takes(_ first: Samples, _ second: Samples) -> Bool {
      var batch = OpenBatch()
      batch.add(first, after: 0)
      return batch.takes(second)
    }
    let first = Samples(channel: 0, time: 100, interval: 10, values: [1, 2])
    #expect(takes(first, Samples(channel: 0, time: 110, values: [3])), "two at the same time")
    #expect(!takes(first, Samples(channel: 0, time: 109, values: [3])), "an earlier one")
    #expect(!takes(first, Samples(channel: 0, time: 120, values: [3], raw: [3])), "raw values begin")
    #expect(!takes(first, Samples(channel: 0, time: 120, deviceTime: 5, values: [3])), "the instrument's time begins")
    #expect(!takes(first, Samples(channel: 0, time: 20_101, values: [3])), "too long")
    #expect(takes(first, Samples(channel: 0, time: 20_100, values: [3])))
    let many = Samples(channel: 0, time: 120, values: [Double](repeating: 0, count: OpenBatch.mostSamples - 1))
    #expect(!takes(first, many), "too many")
    let clocked = Samples(channel: 0, time: 100, deviceTime: 7, values: [1])
    #expect(takes(clocked, Samples(channel: 0, time: 150, deviceTime: 57, values: [1])))
    #expect(!takes(clocked, Samples(channel: 0, time: 150, deviceTime: 58, values: [1])), "two clocks that go apart")
    let far = Samples(channel: 0, time: 100, deviceTime: -(1 << 53), values: [1])
    #expect(!takes(far, Samples(channel: 0, time: 150, deviceTime: 1 << 53, values: [1])))
  }
}
