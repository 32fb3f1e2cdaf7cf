import Consumers
import Readings
import Stream
import Testing
import Wire

private let second: Microseconds = 1_000_000

@Suite struct ConsumerSessionTests {
  // MARK: Arriving

  @Test func aWholeLineOpensIt() {
    var bench = SessionBench()
    #expect(!bench.session.hasArrived && bench.session.takesInput)
    bench.send("{}")
    #expect(bench.line() == nil && bench.session.phase == .arriving(until: bench.limits.arrival))
    bench.send("\nmore\n")
    #expect(!bench.session.takesInput, "what came is carried out first")
    #expect(bench.line() == "{}" && bench.session.phase == .open && bench.session.hasArrived)
    #expect(bench.session.hasWork && bench.line() == "more" && bench.session.takesInput)
  }

  @Test(arguments: ["", "half a line", "\n\r\n\n"]) func withoutAWholeLineInTimeItIsToldAndClosed(_ text: String) {
    var bench = SessionBench()
    bench.send(text)
    #expect(bench.line(at: 1) == nil)
    let late = bench.limits.arrival
    #expect(bench.session.tick(at: late - 1, bench.log.tail) == nil && !bench.session.isClosing)
    #expect(bench.session.tick(at: late, bench.log.tail) == nil && bench.session.isClosing)
    #expect(bench.session.settle() == false, "it is told why first")
    #expect(bench.takeAll().contains("hello_timeout"))
    #expect(bench.session.settle() == true && bench.session.phase == .over)
  }

  @Test func aFarewellThatIsNotReadEnds() {
    var bench = SessionBench()
    bench.session.close(RequestError(.shuttingDown, "Over."), at: 5)
    #expect(bench.session.phase == .closing(until: 5 + bench.limits.farewell))
    bench.session.close(RequestError(.consumerSlow, "Again."), at: 6)
    #expect(bench.session.phase == .closing(until: 5 + bench.limits.farewell), "it is told once")
    bench.send("{}\n")
    bench.session.send(Array("late\n".utf8))
    #expect(bench.line(at: 6) == nil && !bench.session.takesInput && !bench.session.hasWork)
    _ = bench.session.tick(at: 4 + bench.limits.farewell, bench.log.tail)
    #expect(bench.session.phase != .over)
    _ = bench.session.tick(at: 5 + bench.limits.farewell, bench.log.tail)
    #expect(bench.session.phase == .over && bench.session.outbox.isEmpty && bench.session.settle() == true)
  }

  @Test func aSleepBeginsEveryDeadlineAnew() {
    var bench = SessionBench()
    bench.session.slept(until: 3_600 * second)
    _ = bench.session.tick(at: 3_600 * second + bench.limits.arrival - 1, bench.log.tail)
    #expect(!bench.session.isClosing)
    bench.session.close(RequestError(.shuttingDown, "Over."), at: 3_600 * second)
    bench.session.slept(until: 7_200 * second)
    _ = bench.session.tick(at: 7_200 * second + bench.limits.farewell - 1, bench.log.tail)
    #expect(bench.session.phase != .over)
    bench.session.end()
    bench.session.slept(until: 9_000 * second)
    #expect(bench.session.phase == .over)
  }

  // MARK: Input

  @Test func aLineThatIsTooLongCloses() {
    var limits = ConsumerLimits()
    limits.lineBytes = 10
    var bench = SessionBench(limits: limits)
    bench.send("0123456789a")
    #expect(bench.line() == nil && bench.session.isClosing)
    #expect(bench.takeAll().contains("line_too_long"))
    #expect(bench.session.settle() == true)
  }

  @Test func whoDoesNotTakeItsAnswersIsNotReadAnyMore() {
    var limits = ConsumerLimits()
    limits.answerBytes = 100
    var bench = SessionBench(limits: limits)
    bench.send("a\nb\n")
    #expect(bench.line() == "a")
    bench.session.send([UInt8](repeating: 0x61, count: 100))
    #expect(bench.line() == nil && !bench.session.takesInput && !bench.session.hasWork)
    _ = bench.takeAll()
    #expect(bench.session.hasWork && bench.line() == "b" && bench.session.takesInput)
  }

  @Test func wrongRequestsAreCountedAndThenItIsClosed() {
    var limits = ConsumerLimits()
    limits.errors = 3
    var bench = SessionBench(limits: limits)
    for _ in 0..<3 { bench.session.refuse(nil, RequestError(.parseError, "Wrong."), at: 0) }
    #expect(!bench.session.isClosing)
    bench.session.refuse(nil, RequestError(.parseError, "Wrong."), at: 0)
    #expect(bench.session.isClosing && bench.takeAll().contains("too_many_errors"))
  }

  @Test func closedInputWithoutASubscriptionEndsWhenAllIsAnswered() {
    var bench = SessionBench()
    bench.send("a\nb\nhalf")
    bench.session.receiveEnd()
    #expect(bench.session.phase == .listening && !bench.session.takesInput && bench.session.settle() == false)
    #expect(bench.line() == "a" && bench.session.phase == .listening)
    bench.session.oweAnswer()
    #expect(bench.line() == "b" && bench.line() == nil)
    #expect(bench.session.settle() == false, "an answer is owed")
    bench.session.sendOwed(Array("answer\n".utf8))
    #expect(bench.session.settle() == false, "and has yet to go out")
    #expect(bench.takeAll() == "answer\n" && bench.session.settle() == true && bench.session.phase == .over)
  }

  @Test func closedInputWithASubscriptionGoesOn() {
    var bench = SessionBench()
    bench.send("a\n")
    _ = bench.line()
    bench.subscribe()
    bench.session.receiveEnd()
    #expect(bench.session.settle() == false && bench.session.hasArrived)
    let removed = bench.session.remove("main") { Wishes($0) }
    #expect(removed && bench.session.settle() == true)
  }

  @Test func closedInputBeforeAnythingWasAskedEnds() {
    var bench = SessionBench()
    bench.send("half")
    bench.session.receiveEnd()
    #expect(bench.session.settle() == true && bench.session.phase == .over)
  }

  @Test func anOwedAnswerAfterTheEndHarmsNothing() {
    var bench = SessionBench()
    bench.session.oweAnswer()
    bench.session.end()
    bench.session.sendOwed(Array("late\n".utf8))
    bench.session.receiveEnd()
    #expect(bench.session.outbox.isEmpty && bench.session.phase == .over)
  }

  // MARK: Subscriptions

  @Test func subscriptionsComeAndGo() {
    var bench = SessionBench()
    bench.subscribe()
    var other = Subscription(.latest)
    other.name = "number"
    bench.session.add(other) { Wishes($0) }
    #expect(bench.session.subscriptions.contains("number") && bench.session.subscriptions.wantLatest)
    #expect(bench.session.wishes.parts.count == 1, "those of mode latest get no records")
    var found = bench.session.remove("none") { Wishes($0) }
    #expect(!found)
    found = bench.session.remove("main") { Wishes($0) }
    #expect(found && bench.session.wishes.parts.isEmpty)
    guard case .nowhere = bench.session.place else { return #expect(Bool(false), "it gets no records any more") }
    found = bench.session.remove("number") { Wishes($0) }
    #expect(found && !bench.session.subscriptions.wantLatest)
  }

  @Test func theQueueIsNoLargerThanTheStreamsMemory() {
    var bench = SessionBench(memory: 100_000)
    var subscription = Subscription()
    subscription.queue = SubscriptionQueue(maxBytes: 16_000_000, onFull: .close)
    bench.subscribe(subscription)
    #expect(bench.session.queue(bench.log.tail) == SubscriptionQueue(maxBytes: 100_000, onFull: .close))
  }

  // MARK: Being slow

  private func slow(_ onFull: SubscriptionQueue.WhenFull, memory: Int = 1 << 20, queue: Int = 100_000) -> SessionBench {
    var bench = SessionBench(memory: memory)
    bench.send("a\n")
    _ = bench.line()
    var subscription = Subscription()
    subscription.queue = SubscriptionQueue(maxBytes: queue, onFull: onFull)
    bench.subscribe(subscription)
    return bench
  }

  @Test func aFullQueueIsAGap() {
    var bench = slow(.gap)
    bench.publish(600)
    bench.session.keepUp(with: bench.log.tail, bench.log.topics, at: 0)
    #expect(bench.session.waitingBytes(bench.log.tail) <= 100_000 && !bench.session.isClosing)
    let counters = bench.session.counters
    #expect(counters.lostRecords > 0 && counters.lostSamples == 2 * counters.lostRecords)
    bench.session.keepUp(with: bench.log.tail, bench.log.topics, at: 0)
    #expect(bench.session.counters == counters, "what fits is not touched")
  }

  /// Much at once is no slowness: its socket takes bytes, only its turn has yet to come.
  @Test(arguments: [SubscriptionQueue.WhenFull.gap, .close]) func whoseSocketTakesBytesIsNotSlow(
    _ onFull: SubscriptionQueue.WhenFull
  ) {
    var bench = slow(onFull)
    bench.publish(600)
    bench.session.keepUp(with: bench.log.tail, bench.log.topics, isBlocked: false, at: 0)
    #expect(!bench.session.isClosing && bench.session.counters.lostRecords == 0)
  }

  @Test func aFullQueueIsTheEndForWhoAskedForIt() {
    var bench = slow(.close)
    bench.publish(600)
    bench.session.keepUp(with: bench.log.tail, bench.log.topics, at: 0)
    #expect(bench.session.isClosing && bench.session.counters.lostRecords == 0)
    #expect(bench.takeAll().contains("consumer_slow"))
  }

  @Test func aQueueFullOfWhatMustNotBeDroppedIsTheEnd() {
    var bench = slow(.gap)
    bench.publish(600, isEvent: true)
    bench.session.keepUp(with: bench.log.tail, bench.log.topics, at: 0)
    #expect(bench.session.isClosing && bench.takeAll().contains("consumer_slow"))
  }

  @Test func aReplayIsNotSlow() {
    var bench = slow(.close)
    bench.publish(600)
    bench.session.place = .behind(Cursor(at: 0, isReplay: true))
    bench.session.keepUp(with: bench.log.tail, bench.log.topics, at: 0)
    #expect(!bench.session.isClosing && bench.session.counters.lostRecords == 0)
    #expect(bench.session.tick(at: 1, bench.log.tail) == nil)
    #expect(bench.session.outbox.isEmpty, "catching up with the past is nothing to be warned of")
  }

  /// Where a filter cannot be asked in time, the memory goes on without the reader: that is told, too.
  @Test func whatWentByWithoutADecisionIsToldAsWell() {
    var bench = SessionBench(memory: 10_000)
    var subscription = Subscription()
    subscription.filter.devices = ["a"]
    bench.subscribe(subscription)
    bench.publish(500)
    bench.log.topics.decisionsLeft = 0
    bench.session.keepUp(with: bench.log.tail, bench.log.topics, at: 0)
    bench.log.tail.trim()
    bench.log.topics.decisionsLeft = 32
    bench.session.keepUp(with: bench.log.tail, bench.log.topics, at: 0)
    guard case .behind(var cursor) = bench.session.place else { return #expect(Bool(false), "it is behind") }
    guard case .skipped(let skipped)? = cursor.takeAside() else { return #expect(Bool(false), "nothing was told") }
    #expect(skipped.after == 0 && skipped.next == UInt64(bench.log.tail.first + 1) && skipped.samples == nil)
  }

  @Test func aTechnicianIsToldOnceAndAgainOnlyAfterItCaughtUp() {
    var bench = slow(.gap)
    bench.publish(300)
    #expect(bench.session.tick(at: 1, bench.log.tail) == .slow)
    #expect(bench.takeAll().contains("queue_high"))
    #expect(bench.session.tick(at: 2, bench.log.tail) == nil && bench.session.outbox.isEmpty)
    bench.session.place = .behind(Cursor(at: bench.log.tail.end))
    #expect(bench.session.tick(at: 3, bench.log.tail) == nil)
    bench.publish(300)
    #expect(bench.session.tick(at: 4, bench.log.tail) == .slow)
  }

  @Test(arguments: [100_000, 16_000_000]) func nothingReadForTooLongIsTheEnd(_ queue: Int) {
    // A queue that is larger than the stream's memory never fills: what the memory holds is what counts.
    var bench = slow(.gap, memory: 100_000, queue: queue)
    bench.session.progressed(at: 0)
    bench.publish(400)
    let patience = bench.limits.patience
    _ = bench.session.tick(at: patience, bench.log.tail)
    #expect(!bench.session.isClosing)
    bench.session.progressed(at: patience)
    _ = bench.session.tick(at: 2 * patience, bench.log.tail)
    #expect(!bench.session.isClosing, "it took something")
    bench.session.slept(until: 10 * patience)
    _ = bench.session.tick(at: 11 * patience, bench.log.tail)
    #expect(!bench.session.isClosing, "nobody reads while the station sleeps")
    _ = bench.takeAll()
    _ = bench.session.tick(at: 11 * patience + 1, bench.log.tail)
    #expect(bench.session.isClosing && bench.takeAll().contains("consumer_slow"))
  }

  @Test func whoHasLittleToTakeMayBeIdle() {
    var bench = slow(.gap)
    bench.publish(10)
    for minute in 1...10 as ClosedRange<Int64> { _ = bench.session.tick(at: minute * 60 * second, bench.log.tail) }
    #expect(!bench.session.isClosing)
  }

  @Test func latestValuesWaitUntilEverythingElseIsOut() {
    var bench = SessionBench()
    bench.send("a\n")
    _ = bench.line()
    bench.session.add(Subscription(.latest)) { Wishes($0) }
    bench.session.send(Array("answer\n".utf8))
    bench.session.takeLatest(
      FreshSamples(
        sequence: 1, topic: bench.topic, device: "a", channel: Channel(name: "f", quantity: "force", unit: "N"),
        firstSample: 0, samples: Samples(channel: 0, time: 0, values: [4])), of: bench.log.topics, at: 0)
    bench.session.sendLatest(of: bench.log.topics, at: 0)
    #expect(bench.takeAll() == "answer\n")
    bench.session.sendLatest(of: bench.log.topics, at: 0)
    #expect(bench.takeAll().contains(#""v":[4]"#))
  }
}
