import Consumers
import DriverTestKit
import Readings
import Stream
import Testing
import Wire

@Suite struct ChaosTests {
  /// Consumers that come, ask, read, stop reading, close one half and go, in any order and in the middle of everything:
  /// nobody is left behind, nothing is held, and the loop comes to rest.
  @Test(arguments: 1...12 as ClosedRange<UInt64>) func whateverConsumersDoNothingIsLeftOfThem(_ seed: UInt64) throws {
    var random = RepeatableRandom(seed: seed)
    var limits = ConsumerLimits()
    (limits.lineBytes, limits.answerBytes, limits.errors) = (200, 2_000, 5)
    (limits.bytesOfUser, limits.consumersOfUser) = (300_000, 10)
    let bench = try ConsumersBench(limits: limits, memory: 150_000)
    var peers: [TestPeer] = []
    var seen: [WeakConnection] = []
    func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }
    var owing: [WeakConnection] = []
    bench.carryOut = { [unowned bench] line, connection in
      let weak = WeakConnection()
      weak.connection = connection
      seen.append(weak)
      switch line.first {
      case "s":
        bench.consumers.settle()
        if connection.session.subscriptions.contains(line) { return }
        var subscription = Subscription([.all, .results, .latest][below(3)])
        subscription.name = line
        subscription.filter.devices = below(2) == 0 ? [] : ["a"]
        subscription.queue = SubscriptionQueue(maxBytes: 65_536, onFull: below(3) == 0 ? .close : .gap)
        let isFirst = connection.session.wishes.parts.isEmpty && subscription.mode != .latest
        let cursor = isFirst && below(3) == 0 ? Cursor(at: bench.log.tail.first, isReplay: true) : nil
        bench.consumers.subscribe(connection, subscription, from: cursor)
      case "u": _ = bench.consumers.unsubscribe(connection, "s" + line.dropFirst())
      case "o":
        connection.session.oweAnswer()
        owing.append(weak)
      case "e": connection.session.refuse(nil, RequestError(.parseError, "Wrong."), at: bench.now)
      default: connection.session.send([UInt8](repeating: 0x61, count: 500) + [0x0A])
      }
    }
    for _ in 0..<1_500 {
      switch below(12) {
      case 0: peers.append(bench.connect(user: UInt32(below(3)), sendBuffer: below(2) == 0 ? 4_096 : nil))
      case 1 where !peers.isEmpty: peers.remove(at: below(peers.count)).disconnect()
      case 2 where !peers.isEmpty: peers[below(peers.count)].halfClose()
      case 3 where below(20) == 0: try bench.pass(Microseconds(below(12)) * 1_000_000)
      case 4...6 where !peers.isEmpty:
        let words = [
          "s1\n", "s2\n", "u1\n", "u2\n", "o\n", "e\n", "x\n", "half", "\n", String(repeating: "y", count: 150),
        ]
        peers[below(peers.count)].send((0...below(4)).map { _ in words[below(words.count)] }.joined())
      case 7 where !peers.isEmpty: _ = peers[below(peers.count)].receiveBytes(atMost: 1 + below(20_000))
      case 8 where !owing.isEmpty:
        if let connection = owing.remove(at: below(owing.count)).connection {
          bench.consumers.sendOwed([UInt8](repeating: 0x62, count: 300) + [0x0A], to: connection)
        }
      case 9: bench.publish(below(100), device: below(2) == 0 ? "a" : "b\(below(40))", isEvent: below(4) == 0)
      case 10:
        bench.log.topics.decisionsLeft = below(2)
        bench.consumers.settle()
        bench.consumers.work()
      default: try bench.turn()
      }
    }
    for peer in peers { peer.disconnect() }
    bench.carryOut = { _, _ in }
    for _ in 0..<200 where bench.consumers.count > 0 || bench.consumers.haveWork { try bench.turn() }
    #expect(bench.consumers.count == 0 && !bench.consumers.haveWork && bench.consumers.nextDue == nil)
    #expect(seen.count > 50 && seen.allSatisfy { $0.connection == nil })
  }
}
