import Readings
import Supervision
import Testing
import Wire

private let second = IntakeBench.second

private func code(_ body: () throws -> Void) -> String? {
  do { try body() } catch { return (error as? DeviceIntake.Violation)?.code }
  return nil
}

@Suite struct DeviceIntakeTests {
  // MARK: Order and counts

  @Test func nothingWaitsLongerThanUntilTheFlushAndOrderIsKept() throws {
    let bench = IntakeBench()
    try bench.declare("a", number: 0)
    try bench.declare("b", number: 1)
    func run(_ channel: UInt32, _ time: Microseconds) -> Samples { Samples(channel: channel, time: time, values: [1]) }
    try bench.intake.take(run(1, 0), at: 0)
    #expect(bench.intake.hasRate(1) && bench.taker.told.isEmpty)
    try bench.intake.take(run(0, 1), at: 1)
    try bench.intake.take(run(1, 2), at: 2)
    try bench.intake.take(Event("peg.inserted", at: 2), at: 2)
    try bench.intake.take(run(0, 3), at: 3)
    try bench.intake.take(Loss(channel: 0, count: 5, reason: "device_dropped"), at: 3)
    try bench.intake.take(run(0, 4), at: 4)
    bench.intake.flush()
    bench.intake.flush()
    let names = bench.taker.told.map { told -> String in
      switch told {
      case .samples(let samples, let channel, let first): "\(channel)\(first)+\(samples.values.count)"
      case .event(let name): name
      case .loss(let channel, let count, _, let first): "\(channel) lost \(count) at \(first)"
      }
    }
    #expect(names == ["b0+2", "a0+1", "peg.inserted", "a1+1", "a lost 5 at 2", "a7+1"])
  }

  @Test func countsGoOnAcrossWorkersAndRenamedChannels() throws {
    let bench = IntakeBench()
    try bench.declare("a", number: 0)
    try bench.take(3, time: 0)
    bench.intake.beginWorker()
    #expect(bench.intake.currentChannels.isEmpty)
    try bench.declare("a", number: 5, at: second)
    try bench.take(2, channel: 5, time: second)
    // Another name at the same number, then the first name at another number.
    try bench.declare("b", number: 5, at: second)
    try bench.take(4, channel: 5, time: second)
    try bench.declare("a", number: 1, at: second)
    try bench.take(1, channel: 1, time: second)
    try bench.declare("b", number: 5, interval: 500, at: second)
    try bench.take(1, channel: 5, time: second)
    let firsts = bench.taker.told.compactMap { told -> String? in
      guard case .samples(_, let channel, let first) = told else { return nil }
      return "\(channel)\(first)"
    }
    #expect(firsts == ["a0", "a3", "b0", "a5", "b4"])
  }

  // MARK: Rules

  @Test func whatNoHonestDriverSaysIsRefused() throws {
    let bench = IntakeBench(at: 1_000 * second)
    let now = 1_000 * second
    #expect(code { try bench.take(1, channel: 0, time: now) } == "undeclared_channel")
    #expect(code { try bench.take(1, channel: .max, time: now) } == "undeclared_channel")
    try bench.declare("a", number: 0, at: now)
    #expect(code { try bench.declare("a", number: 1, at: now) } == "double_channel")
    #expect(code { try bench.take(1, time: now + 1_000_001, at: now) } == "bad_time")
    #expect(code { try bench.take(1, time: now - 120_000_001, at: now) } == "bad_time")
    #expect(code { try bench.take(2, time: now + 999_999, at: now) } == "bad_time", "also the last of a run")
    #expect(code { try bench.take(1, time: now - 120_000_000, at: now) } == nil)
    for time in [1 << 53, -(1 << 53)] as [Microseconds] {
      #expect(code { try bench.take(1, time: time, at: now) } == "bad_time")
      #expect(code { try bench.intake.take(Event("x", at: time), at: now) } == "bad_time")
    }
    for count in [0, 1 << 40, .max] as [UInt64] {
      #expect(code { try bench.intake.take(Loss(channel: 0, count: count, reason: "x"), at: now) } == "bad_loss")
    }
    #expect(code { try bench.intake.take(Loss(channel: 9, count: 1, reason: "x"), at: now) } == "undeclared_channel")
    bench.taker.eventFits = false
    #expect(code { try bench.intake.take(Event("x", at: now), at: now) } == "event_too_large")
  }

  @Test func lossesNeverCountBeyondWhatTheStreamCanSay() throws {
    let bench = IntakeBench()
    try bench.declare("a")
    let most = Loss(channel: 0, count: 1 << 40 - 1, reason: "x")
    let codes = (0..<9_000).map { _ in code { try bench.intake.take(most, at: 0) } }
    #expect(codes.first == .some(nil) && codes.last == "bad_loss")
    guard case .loss(_, let count, _, let first)? = bench.taker.told.last else {
      return #expect(Bool(false), "no loss was told")
    }
    #expect(first + count <= 1 << 53)
  }

  @Test func floodsAreEnded() throws {
    var limits = DeviceLimits()
    (limits.records, limits.samples, limits.burstSeconds) = (10, 100, 1)
    let bench = IntakeBench(limits: limits)
    try bench.declare("a")
    #expect(code { try bench.take(101, time: 0) } == "flood")
    let other = IntakeBench(limits: limits)
    #expect((0..<11).compactMap { _ in code { try other.intake.spendRecord(at: 0) } } == ["flood"])
  }

  @Test func bytesAreBounded() throws {
    var limits = DeviceLimits()
    (limits.bytes, limits.burstBytes) = (100, 1_000)
    let bench = IntakeBench(limits: limits)
    try bench.declare("a")
    bench.taker.bytes = 600
    try bench.take(1, time: 0)
    try bench.intake.checkBytes()
    try bench.take(1, time: 10_000)
    #expect(code { try bench.intake.checkBytes() } == "flood")
    #expect(code { try bench.intake.checkBytes() } == nil, "it is said once")
  }

  @Test func aNewWorkerDoesNotPayForTheOneBefore() throws {
    var limits = DeviceLimits()
    (limits.bytes, limits.burstBytes) = (1_000, 1_000)
    let bench = IntakeBench(limits: limits)
    try bench.declare("a")
    bench.taker.bytes = 1_500
    #expect(code { try bench.take(64, time: 0, at: 0) } == "flood")
    bench.intake.beginWorker()
    bench.taker.bytes = 10
    try bench.declare("a", at: 10 * second)
    #expect(code { try bench.take(1, time: 10 * second) } == nil)
    #expect(code { try bench.intake.checkBytes() } == nil)
  }

  @Test func aStormOfChannelsIsBounded() throws {
    var limits = DeviceLimits()
    limits.channelNames = 8
    let names = IntakeBench(limits: limits)
    for number in 0..<8 { try names.declare("c\(number)") }
    #expect(code { try names.declare("c8") } == "too_many_channels")
    #expect(code { try names.declare("c7") } == nil, "a known one is none too many")
    // The stream remembers each quantity of a channel, too.
    let quantities = IntakeBench(limits: limits)
    for number in 0..<8 { try quantities.declare("c", quantity: "q\(number)") }
    #expect(code { try quantities.declare("c", quantity: "q8") } == "too_many_channels")
    #expect(code { try quantities.declare("c", quantity: "q0") } == nil)
  }

  @Test func healthCountersStayWhatJSONCanSay() throws {
    let bench = IntakeBench()
    for _ in 0..<3 { try bench.intake.tally("crc", .max, at: 0) }
    #expect(bench.intake.health.allSatisfy { $0.count < 1 << 53 })
    for number in 1..<ReadingLimits.counters { try bench.intake.tally("c\(number)", 1, at: 0) }
    #expect(code { try bench.intake.tally("more", 1, at: 0) } == "too_many_counters")
    try bench.intake.tally("c1", 4, at: 0)
    #expect(bench.intake.health[1].count == 5)
  }

  // MARK: Silence and sleep

  /// A sleep of the hub alone: all that the driver said meanwhile waits in its worker and comes at once.
  @Test func whatWasSaidDuringASleepIsNoFlood() throws {
    let bench = IntakeBench()
    try bench.declare("a", interval: 333)
    let (start, end) = (10 * second, 40 * second)
    bench.intake.slept(from: start, to: end)
    for number in 0..<90_000 as Range<Int64> {
      try bench.intake.take(Samples(channel: 0, time: start + number * 333, values: [1]), at: end)
    }
    bench.intake.flush()
    try bench.intake.checkBytes()
    // It is no licence for later.
    #expect(throws: DeviceIntake.Violation.self) {
      for _ in 0..<90_000 {
        try bench.intake.take(Samples(channel: 0, time: end + 61 * second, values: [1]), at: end + 61 * second)
      }
    }
  }

  @Test func aChannelWithARateIsOverdueWhenItIsSilent() throws {
    let bench = IntakeBench()
    #expect(!bench.intake.isOverdue(at: 100 * second), "nothing is expected of nobody")
    try bench.declare("speaks", number: 1, interval: 0)
    #expect(!bench.intake.isOverdue(at: 100 * second))
    #expect(!bench.intake.hasRate(1) && !bench.intake.hasRate(0) && !bench.intake.hasRate(.max))
    try bench.declare("slow", number: 2, interval: second, at: 100 * second)
    #expect(!bench.intake.isOverdue(at: 103 * second) && bench.intake.isOverdue(at: 103 * second + 1))
    try bench.take(1, channel: 2, time: 103 * second, at: 103 * second)
    #expect(!bench.intake.isOverdue(at: 104 * second))
    bench.intake.slept(from: 104 * second, to: 5_000 * second)
    #expect(!bench.intake.isOverdue(at: 5_003 * second) && bench.intake.isOverdue(at: 5_003 * second + 1))
  }

  @Test func aHugeIntervalIsNoTrap() throws {
    let bench = IntakeBench()
    try bench.declare("slow", interval: ReadingLimits.span)
    #expect(!bench.intake.isOverdue(at: 1 << 41) && bench.intake.isOverdue(at: 1 << 53))
    try bench.take(1, time: 0, at: 0)
    bench.intake.slept(from: 0, to: 1 << 53 - 1)
    try bench.take(1, time: 1 << 53 - 1, at: 1 << 53)
  }

  @Test func whatWasMissedWhileTheStationSleptIsOneGap() throws {
    let bench = IntakeBench()
    try bench.declare("a", interval: 10_000)
    try bench.take(100, time: 0)
    let (from, to) = (second, 3_601 * second)
    bench.intake.slept(from: from, to: to)
    try bench.take(10, time: to, at: to + 100_000)
    try bench.take(10, time: to + 100_000)
    let losses = bench.taker.told.filter { if case .loss = $0 { true } else { false } }
    // From 0.99 s to 3601 s there are 360,001 intervals, so 360,000 samples between.
    #expect(losses == [.loss("a", count: 360_000, reason: "station_slept", first: 100)])
    #expect(bench.taker.flat.last?.number == 360_119)
  }

  @Test func whatTheDriverItselfTellsAsLostIsNotCountedTwice() throws {
    let bench = IntakeBench()
    try bench.declare("a", interval: 10_000)
    try bench.take(100, time: 0)
    bench.intake.slept(from: second, to: 101 * second)
    try bench.intake.take(Loss(channel: 0, count: 10_000, reason: "device_dropped"), at: 101 * second)
    try bench.take(1, time: 101 * second)
    #expect(bench.taker.flat.last?.number == 10_100)
  }

  @Test func whereNothingIsMissingNothingIsTold() throws {
    let bench = IntakeBench()
    try bench.declare("a", interval: 10_000)
    try bench.declare("speaks", number: 1, interval: 0)
    try bench.take(100, time: 0)
    try bench.take(1, channel: 1, time: 0)
    bench.intake.slept(from: second, to: 1_000 * second)
    // The instrument went on sending into the kernel's buffer: the samples are old, and whole.
    try bench.take(100, time: second, at: 1_000 * second)
    try bench.take(100, time: 2 * second, at: 1_001 * second)
    try bench.take(1, channel: 1, time: 1_001 * second)
    #expect(!bench.taker.told.contains { if case .loss = $0 { true } else { false } })
    #expect(bench.taker.flat.filter { $0.channel == "a" }.map(\.number) == Array(0..<300))
  }

  @Test func oldTimesAreAcceptedForAWhileAfterASleep() throws {
    let bench = IntakeBench()
    try bench.declare("a", interval: 0)
    bench.intake.slept(from: 1_000 * second, to: 5_000 * second)
    #expect(code { try bench.take(1, time: 999 * second, at: 5_059 * second) } == nil)
    #expect(code { try bench.take(1, time: 879 * second, at: 5_059 * second) } == "bad_time")
    // It sleeps again before all of that is read.
    bench.intake.slept(from: 5_060 * second, to: 9_000 * second)
    #expect(code { try bench.take(1, time: 999 * second, at: 9_001 * second) } == nil)
    #expect(code { try bench.take(1, time: 999 * second, at: 9_061 * second) } == "bad_time")
  }
}
