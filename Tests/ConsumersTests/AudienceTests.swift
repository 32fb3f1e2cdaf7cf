import Glibc
import Loop
import Readings
import Stream
import Testing
import Wire

@testable import Consumers

/// A group of readers without anything to read from.
private func connections(_ count: Int, _ bench: ConsumersBench) -> [Connection] {
  (0..<count).map { _ in
    Connection(
      -1,
      session: ConsumerSession(
        peer: Peer(process: 1, user: 1, group: 1), role: .observer, limits: ConsumerLimits(), at: 0),
      account: UserAccount(user: 1), consumers: bench.consumers)
  }
}

@Suite struct AudienceTests {
  private func deliver(_ count: Int, to audience: Audience, _ bench: ConsumersBench) {
    let from = bench.log.tail.end
    bench.publish(count)
    let batch = BatchGatherer().gather(
      audience.wishes, of: bench.log.tail, bench.log.topics, from: from, to: bench.log.tail.end)
    audience.delivered(batch, last: bench.log.head)
  }

  @Test func eachMemberCountsWhatWentOutWhileItWasThere() throws {
    let bench = try ConsumersBench()
    let audience = Audience(Wishes([Wishes.Part(mode: .all, filter: RecordFilter())]))
    let members = connections(3, bench)
    audience.add(members[0])
    deliver(2, to: audience, bench)
    audience.add(members[1])
    audience.add(members[2])
    deliver(3, to: audience, bench)
    audience.remove(members[0])
    #expect(members[0].seat == nil && audience.members.count == 2)
    deliver(4, to: audience, bench)
    audience.remove(members[2])
    audience.remove(members[1])
    audience.remove(members[1])
    #expect(members.map(\.session.counters.records) == [5, 7, 7])
    #expect(members.map(\.session.counters.samples) == [10, 14, 14])
    #expect(members.map(\.session.counters.sequence) == [5, 9, 9])
    #expect(audience.members.isEmpty)
  }

  @Test func whoGetsNothingKeepsItsNumber() throws {
    let bench = try ConsumersBench()
    let audience = Audience(Wishes([]))
    deliver(3, to: audience, bench)
    let member = connections(1, bench)[0]
    audience.add(member)
    audience.remove(member)
    #expect(member.session.counters == ConsumerSession.Counters())
  }
}

@Suite struct UserAccountTests {
  @Test func connectionsWaitInTheirOrderAndOnce() throws {
    let bench = try ConsumersBench()
    let account = UserAccount(user: 1)
    let all = connections(1_000, bench)
    #expect(account.take() == nil && !account.hasWork)
    var order: [ObjectIdentifier] = []
    for round in 0..<3 {
      for connection in all {
        account.add(connection)
        account.add(connection)
      }
      for _ in 0..<400 + round * 100 { if let next = account.take() { order.append(ObjectIdentifier(next)) } }
      #expect(account.hasWork)
    }
    while let next = account.take() { order.append(ObjectIdentifier(next)) }
    #expect(!account.hasWork)
    // Those that were not taken in a round were not added again: each round is one turn of those that were.
    #expect(order.prefix(1_000).map { $0 } == all.map { ObjectIdentifier($0) })
    #expect(order.count == 1_000 + 400 + 500)
  }
}
