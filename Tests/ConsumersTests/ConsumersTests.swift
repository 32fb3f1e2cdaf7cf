import Consumers
import DriverTestKit
import Loop
import Readings
import Stream
import StrictJSON
import Testing
import Wire

@Suite struct ConsumersTests {
  // MARK: Lives

  @Test func aConsumerThatIsGoneIsForgotten() throws {
    let bench = try ConsumersBench()
    let peer = bench.connect()
    let found = try bench.subscribe(peer)
    #expect(bench.consumers.count == 1 && found.connection != nil)
    peer.disconnect()
    try bench.turns(3)
    #expect(bench.consumers.count == 0 && found.connection == nil)
  }

  @Test func aConsumerThatIsGoneWhileItIsBehindIsForgotten() throws {
    let bench = try ConsumersBench()
    let peer = bench.connect(sendBuffer: 4_096)
    let found = try bench.subscribe(peer)
    bench.publish(500)
    try bench.turns(2)
    peer.disconnect()
    try bench.turns(3)
    bench.publish(10)
    try bench.turns(3)
    #expect(bench.consumers.count == 0 && found.connection == nil && !bench.consumers.haveWork)
  }

  @Test func aSlowConsumerThatIsClosedIsForgotten() throws {
    let bench = try ConsumersBench(memory: 100_000)
    let peer = bench.connect(sendBuffer: 4_096)
    var subscription = Subscription()
    subscription.queue = SubscriptionQueue(maxBytes: 65_536, onFull: .close)
    let found = try bench.subscribe(peer, subscription)
    bench.publish(600)
    try bench.turns(3)
    var text = peer.receive()
    try bench.turns(3)
    try bench.pass(3_000_000)
    text += peer.receive()
    #expect(text.contains("consumer_slow") && peer.isClosed)
    #expect(bench.consumers.count == 0 && found.connection == nil)
  }

  /// The hub ends, or a value of mode `latest` finds the connection over, while it waits for its turn.
  @Test func aConsumerThatEndsWhileItWaitsForItsTurnIsForgotten() throws {
    let bench = try ConsumersBench()
    let peer = bench.connect()
    let found = try bench.subscribe(peer)
    peer.send("a\n")
    try bench.loop.wait(milliseconds: 0)
    bench.loop.tellHandlers()
    #expect(bench.consumers.haveWork)
    bench.consumers.dropAll()
    #expect(bench.consumers.count == 0 && found.connection == nil && !bench.consumers.haveWork)
  }

  @Test func anOwedAnswerForOneThatIsGoneKeepsNothing() throws {
    let bench = try ConsumersBench()
    let peer = bench.connect()
    let found = try bench.subscribe(peer)
    do {
      let connection = try #require(found.connection)
      connection.session.oweAnswer()
      peer.disconnect()
      try bench.turns(3)
      bench.consumers.sendOwed(Array("late\n".utf8), to: connection)
      try bench.turns(2)
    }
    #expect(found.connection == nil && bench.consumers.count == 0)
  }

  @Test func whoAsksNothingIsToldWhyItIsClosed() throws {
    let bench = try ConsumersBench()
    let peer = bench.connect()
    try bench.pass(9_000_000)
    #expect(peer.receive() == "welcome\n" && !peer.isClosed)
    try bench.pass(3_000_000)
    #expect(peer.receive().contains("hello_timeout") && peer.isClosed && bench.consumers.count == 0)
  }

  @Test func aHalfClosedConsumerGetsItsAnswersAndThenItIsOver() throws {
    let bench = try ConsumersBench()
    let peer = bench.connect()
    bench.carryOut = { line, connection in connection.session.send(Array("answer to \(line)\n".utf8)) }
    peer.send("a\nb\nhalf")
    peer.halfClose()
    try bench.turns(5)
    #expect(peer.receive() == "welcome\nanswer to a\nanswer to b\n" && peer.isClosed)
  }

  @Test func aHalfClosedSubscriberGoesOnAndDoesNotTurnTheLoop() throws {
    let bench = try ConsumersBench()
    let peer = bench.connect()
    _ = try bench.subscribe(peer)
    peer.halfClose()
    try bench.turns(3)
    #expect(!bench.consumers.haveWork && bench.consumers.count == 1)
    bench.publish(1)
    try bench.turn()
    #expect(peer.receive().hasPrefix(#"{"seq":1,"#))
    #expect(!bench.consumers.haveWork)
  }

  // MARK: Limits

  @Test func asManyAsAUserMayHaveAndNoMore() throws {
    var limits = ConsumerLimits()
    (limits.consumers, limits.consumersOfUser) = (5, 3)
    let bench = try ConsumersBench(limits: limits)
    let peers = (0..<4).map { _ in bench.connect(user: 1) }
    #expect(peers[3].receive().contains("too_many_connections") && peers[3].isClosed)
    let others = (0..<3).map { _ in bench.connect(user: 2) }
    #expect(others[2].receive().contains("as many consumers as it can") && bench.consumers.count == 5)
    peers[0].disconnect()
    try bench.turns(3)
    let again = bench.connect(user: 1)
    #expect(again.receive().isEmpty && bench.consumers.count == 5)
    try bench.turns(2)
    #expect(again.receive() == "welcome\n")
  }

  @Test func whatAUserHoldsIsBounded() throws {
    var limits = ConsumerLimits()
    limits.bytesOfUser = 40_000
    let bench = try ConsumersBench(limits: limits)
    let peers = (0..<5).map { _ in bench.connect() }
    for peer in peers { peer.send(String(repeating: "x", count: 10_000)) }
    try bench.turns(5)
    try bench.pass(2_000_000)
    #expect(peers.filter { $0.receive().contains("over_budget") }.count == 1)
    #expect(bench.consumers.count == 4)
  }

  // MARK: Records

  @Test func everybodyGetsWhatItWantsAndCountsIt() throws {
    let bench = try ConsumersBench()
    let (all, some) = (bench.connect(), bench.connect())
    let foundAll = try bench.subscribe(all)
    var subscription = Subscription()
    subscription.filter.devices = ["a"]
    let foundSome = try bench.subscribe(some, subscription)
    for _ in 0..<10 {
      bench.publish(3, device: "a", bytes: 20)
      bench.publish(2, device: "b", bytes: 20)
      try bench.turn()
    }
    #expect(all.receive().split(separator: "\n").count == 50 && some.receive().split(separator: "\n").count == 30)
    let counters = bench.consumers.counters(of: try #require(foundSome.connection))
    #expect(counters.sentRecords == 30 && counters.sentSamples == 60 && counters.queuedBytes == 0)
    let connection = try #require(foundSome.connection)
    #expect(connection.session.counters.sequence == 48, "the newest record that it was sent, and no other's")
    #expect(bench.consumers.counters(of: try #require(foundAll.connection)).sentSamples == 100)
  }

  @Test func anAnswerThatComesLaterIsNotPutIntoTheMiddleOfALine() throws {
    let bench = try ConsumersBench()
    let peer = bench.connect(sendBuffer: 4_096)
    let found = try bench.subscribe(peer)
    let connection = try #require(found.connection)
    connection.session.oweAnswer()
    try bench.turn {
      // A worker's outcome and its readings, read in the same turn.
      bench.consumers.sendOwed(Array("answer\n".utf8), to: connection)
      bench.publish(3, bytes: 30_000)
    }
    var text = ""
    for _ in 0..<300 {
      text += peer.receive()
      try bench.turn()
    }
    let lines = text.split(separator: "\n")
    #expect(lines.count == 4 && lines.filter { $0 == "answer" }.count == 1)
    #expect(lines.filter { $0.hasPrefix(#"{"seq":"#) && $0.hasSuffix(#"x"}"#) && $0.utf8.count > 30_000 }.count == 3)
  }

  @Test func heartbeatsCountWhatWentOut() throws {
    let bench = try ConsumersBench()
    let peer = bench.connect()
    _ = try bench.subscribe(peer)
    bench.publish(5)
    try bench.turn()
    _ = peer.receive()
    try bench.pass(1_000_000)
    let text = peer.receive()
    #expect(
      text.split(separator: "\n").count == 1 && text.contains(#""sent_seq":5,"sent_records":5,"sent_samples":10"#))
  }

  @Test func eachUserIsServedInTurnHoweverManyConnectionsItHas() throws {
    let bench = try ConsumersBench()
    let many = (0..<50).map { _ in bench.connect(user: 1) }
    let one = bench.connect(user: 2)
    try bench.turns(2)
    var order: [UInt32] = []
    bench.carryOut = { _, connection in order.append(connection.session.peer.user) }
    for peer in many { peer.send("a\nb\nc\n") }
    one.send("a\nb\nc\n")
    try bench.turns(3)
    #expect(order.count == 153)
    #expect(order.prefix(8).filter { $0 == 2 }.count == 3)
  }

  /// Who cannot be brought on before the next turn does not use up the loop's time until then.
  @Test func whatCannotBeDecidedNowIsNotTriedAgainInTheSameTurn() throws {
    let bench = try ConsumersBench()
    let peer = bench.connect()
    var subscription = Subscription()
    subscription.filter.devices = ["a"]
    let found = try bench.subscribe(peer, subscription)
    bench.publish(1)
    bench.log.topics.decisionsLeft = 0
    bench.consumers.settle()
    let before = bench.now
    bench.consumers.work()
    #expect(bench.now - before < 50 && bench.consumers.haveWork)
    // Records that came while others were served: whoever has them waits for those that are up to date.
    bench.log.topics.decisionsLeft = 10
    bench.publish(1)
    let again = bench.now
    bench.consumers.work()
    #expect(bench.now - again < 50 && bench.consumers.haveWork)
    try bench.turns(2)
    #expect(peer.receive().split(separator: "\n").count == 2 && !bench.consumers.haveWork)
    bench.log.topics.decisionsLeft = 0
    bench.publish(1, isEvent: true)
    bench.consumers.settle()
    bench.consumers.work()
    peer.disconnect()
    bench.consumers.dropAll()
    #expect(!bench.consumers.haveWork && found.connection == nil)
  }

  @Test func requestsAreCarriedOutOneAfterTheOther() throws {
    let bench = try ConsumersBench()
    let peer = bench.connect()
    var lines: [String] = []
    bench.carryOut = { line, connection in
      lines.append(line)
      connection.session.send(Array("\(line)\n".utf8))
    }
    peer.send((0..<500).map { "\($0)\n" }.joined())
    var text = ""
    for _ in 0..<20 {
      try bench.turn()
      text += peer.receive()
    }
    #expect(lines == (0..<500).map(String.init))
    #expect(text == "welcome\n" + lines.map { $0 + "\n" }.joined())
  }

  @Test func latestValuesGoOutWhenTheyAreDue() throws {
    let bench = try ConsumersBench()
    let peer = bench.connect()
    _ = try bench.subscribe(peer, Subscription(.latest))
    let channel = Channel(name: "f", quantity: "force", unit: "N")
    let topic = bench.log.topics.number(of: Topic(kind: .measurement, device: "a"))
    func take(_ value: Double) {
      bench.consumers.takeLatest(
        FreshSamples(
          sequence: 1, topic: topic, device: "a", channel: channel, firstSample: 0,
          samples: Samples(channel: 0, time: 0, values: [value])))
    }
    take(1)
    try bench.turn()
    #expect(peer.receive().contains(#""v":[1]"#) && bench.consumers.nextDue == nil)
    take(2)
    take(3)
    try bench.turn()
    #expect(peer.receive().isEmpty && bench.consumers.nextDue != nil)
    try bench.pass(100_000)
    let text = peer.receive()
    #expect(text.contains(#""v":[3]"#) && text.contains(#""skipped":1"#))
  }

  /// Equal wishes that are not the same, as they come about when very many are wanted: only those that a batch was gathered
  /// for know where it was cut.
  @Test func aBatchIsCutByTheWishesThatItWasGatheredFor() throws {
    let bench = try ConsumersBench()
    let first = bench.connect(sendBuffer: 4_096)
    var wanted = Subscription()
    wanted.filter.devices = ["a"]
    let found = try bench.subscribe(first, wanted)
    bench.publish(200)
    try bench.turn()
    var others: [TestPeer] = []
    for number in 0..<70 {
      others.append(bench.connect())
      var subscription = Subscription()
      subscription.filter.devices = ["x\(number)"]
      _ = try bench.subscribe(try #require(others.last), subscription)
    }
    let second = bench.connect()
    _ = try bench.subscribe(second, wanted)
    others = []
    for _ in 0..<100 {
      try bench.turn()
      _ = first.receive()
    }
    #expect(bench.consumers.counters(of: try #require(found.connection)).queuedBytes == 0 && bench.consumers.count == 2)
    bench.publish(1, isEvent: true, bytes: 50_000)
    bench.log.topics.decisionsLeft = 1
    bench.consumers.settle()
    var text = ""
    for _ in 0..<100 {
      text += first.receive()
      try bench.turn()
    }
    #expect(text.utf8.count > 50_000 && text.hasSuffix("x\"}\n") && text.split(separator: "\n").count == 1)
  }

  // MARK: Simulation

  /// Random records, and readers who take what they like over a socket that takes little: what is received and what is
  /// told as lost are together what is wanted.
  @Test(arguments: 1...4 as ClosedRange<UInt64>) func whatIsWantedIsReceivedOrTold(_ seed: UInt64) throws {
    var random = RepeatableRandom(seed: seed)
    let bench = try ConsumersBench(memory: 200_000)
    var readers: [(peer: TestPeer, devices: [String], found: WeakConnection, bytes: [UInt8])] = []
    for index in 0..<6 {
      let peer = bench.connect(user: UInt32(index % 2), sendBuffer: 4_096)
      var subscription = Subscription()
      subscription.filter.devices = index % 3 == 0 ? [] : ["a"]
      subscription.queue = SubscriptionQueue(maxBytes: 65_536 * (1 + index % 2), onFull: .gap)
      readers.append((peer, subscription.filter.devices, try bench.subscribe(peer, subscription), []))
    }
    var wanted: [Bool] = []
    for _ in 0..<300 {
      for _ in 0..<Int.random(in: 0...30, using: &random) {
        let isA = Bool.random(using: &random)
        bench.publish(
          1, device: isA ? "a" : "b", isEvent: Int.random(in: 0..<40, using: &random) == 0,
          bytes: Int.random(in: 40...900, using: &random))
        wanted.append(isA)
      }
      try bench.turn()
      for index in readers.indices where Int.random(in: 0...index, using: &random) == 0 {
        readers[index].bytes += readers[index].peer.receiveBytes(atMost: Int.random(in: 1...30_000, using: &random))
      }
    }
    for _ in 0..<200 {
      try bench.turn()
      for index in readers.indices { readers[index].bytes += readers[index].peer.receiveBytes() }
    }
    for reader in readers { try check(reader.bytes, reader.devices, wanted, reader.found, bench) }
  }

  private func check(
    _ bytes: [UInt8], _ devices: [String], _ wantsA: [Bool], _ found: WeakConnection, _ bench: ConsumersBench
  ) throws {
    var (last, received, lost): (UInt64, UInt64, UInt64) = (0, 0, 0)
    var rest = (1...UInt64(wantsA.count)).filter { devices.isEmpty || wantsA[Int($0) - 1] }[...]
    for line in bytes.split(separator: 0x0A) {
      let node = try JSONNode(parsing: Array(line), limits: .line)
      if case .integer(let sequence)? = node["seq"]?.value {
        #expect(rest.popFirst() == UInt64(sequence), "nothing is missing untold")
        #expect(UInt64(sequence) > last)
        last = UInt64(sequence)
        received += 1
      } else if let gap = node["params"], case .integer(let after)? = gap["after_seq"]?.value,
        case .integer(let next)? = gap["next_seq"]?.value, case .integer(let records)? = gap["lost_records"]?.value
      {
        let missing = rest.prefix { $0 < UInt64(next) }
        rest = rest.dropFirst(missing.count)
        #expect(missing.count == Int(records) && missing.first == UInt64(after) + 1 && missing.last == UInt64(next) - 1)
        #expect(UInt64(after) >= last)
        last = UInt64(next) - 1
        lost += UInt64(records)
      }
    }
    #expect(rest.isEmpty)
    let counters = bench.consumers.counters(of: try #require(found.connection))
    #expect(counters.sentRecords == received && counters.lostRecords == lost && counters.queuedBytes == 0)
  }
}
