import Glibc
import Loop
import Testing

@Suite struct EventLoopTests {
  @Test func whoIsRemovedByAnotherIsNotToldAnyMore() throws {
    let loop = try EventLoop()
    let pairs = [SocketPair(), SocketPair()]
    var registrations: [EventLoop.Registration] = []
    let listeners = [
      Listener { _ in loop.remove(registrations[1]) }, Listener { _ in loop.remove(registrations[0]) },
    ]
    for index in 0..<2 { registrations.append(try loop.add(pairs[index].ours, for: .read, listeners[index])) }
    pairs.forEach { $0.sayFromTheirs() }
    try loop.turn()
    #expect(listeners.map(\.told.count).reduce(0, +) == 1)
    try loop.turn()
    #expect(listeners.map(\.told.count).reduce(0, +) == 2, "the one that stayed is told again, and only that one")
    #expect(listeners.contains { $0.told.isEmpty })
  }

  @Test(arguments: [false, true]) func aPlaceThatIsGivenAwayIsNotToldOfTheOneBefore(_ goesFirst: Bool) throws {
    let loop = try EventLoop()
    let (first, second) = (SocketPair(), SocketPair())
    let third = SocketPair()
    let (old, new) = (Listener(), Listener())
    var registration: EventLoop.Registration?
    let remover = Listener { _ in
      guard let old = registration else { return }
      loop.remove(old)
      registration = nil
      _ = try? loop.add(third.ours, for: .read, goesFirst: goesFirst, new)
    }
    _ = try loop.add(first.ours, for: .read, goesFirst: true, remover)
    registration = try loop.add(second.ours, for: .read, old)
    first.sayFromTheirs()
    second.sayFromTheirs()
    try loop.turn()
    #expect(old.told.isEmpty && new.told.isEmpty)
    third.sayFromTheirs()
    try loop.turn()
    #expect(new.told == [.read] && old.told.isEmpty)
  }

  @Test func anOldRegistrationDoesNotRemoveWhoHasItsPlaceNow() throws {
    let loop = try EventLoop()
    let (first, second) = (SocketPair(), SocketPair())
    let listener = Listener()
    let old = try loop.add(first.ours, for: .read, Listener())
    loop.remove(old)
    _ = try loop.add(second.ours, for: .read, listener)
    loop.remove(old)
    second.sayFromTheirs()
    try loop.turn()
    #expect(listener.told == [.read])
  }

  @Test func thoseThatGoFirstAreToldFirst() throws {
    let loop = try EventLoop()
    let pairs = (0..<20).map { _ in SocketPair() }
    var order: [Int] = []
    for (index, pair) in pairs.enumerated() {
      _ = try loop.add(pair.ours, for: .read, goesFirst: index % 3 == 2, Listener { _ in order.append(index) })
    }
    pairs.reversed().forEach { $0.sayFromTheirs() }
    try loop.turn()
    #expect(order.sorted() == Array(0..<20))
    #expect(order.prefix(6).allSatisfy { $0 % 3 == 2 })
  }

  @Test func moreThanOneTurnCanTellAreToldInTheNext() throws {
    let loop = try EventLoop()
    let pairs = (0..<300).map { _ in SocketPair() }
    var told: Set<Int> = []
    for (index, pair) in pairs.enumerated() {
      _ = try loop.add(
        pair.ours, for: .read,
        Listener { _ in
          told.insert(index)
          var byte: UInt8 = 0
          recv(pair.ours, &byte, 1, 0)
        })
      pair.sayFromTheirs()
    }
    try loop.turn()
    #expect(told.count == 256)
    try loop.turn()
    #expect(told.count == 300)
  }

  @Test func whatIsThereIsToldAgainUntilItIsTaken() throws {
    let loop = try EventLoop()
    let pair = SocketPair()
    let listener = Listener()
    let registration = try loop.add(pair.ours, for: .read, listener)
    try loop.turn()
    #expect(listener.told.isEmpty)
    pair.sayFromTheirs()
    for _ in 0..<3 { try loop.turn() }
    #expect(listener.told == [.read, .read, .read])
    loop.change(registration, to: [])
    try loop.turn()
    #expect(listener.told.count == 3)
    loop.change(registration, to: [.read, .write])
    try loop.turn()
    #expect(listener.told.last == [.read, .write])
  }

  @Test func aSideThatSendsNothingMoreCanBeReadAndIsNotOver() throws {
    let loop = try EventLoop()
    let pair = SocketPair()
    let listener = Listener()
    let registration = try loop.add(pair.ours, for: .read, listener)
    pair.halfCloseTheirs()
    try loop.turn()
    #expect(listener.told == [.read])
    var byte: UInt8 = 0
    #expect(recv(pair.ours, &byte, 1, Int32(MSG_DONTWAIT)) == 0)
    // Whoever knows that waits for nothing any more: the loop must not turn for nothing.
    loop.change(registration, to: [])
    try loop.turn()
    #expect(listener.told.count == 1)
    pair.closeTheirs()
    try loop.turn()
    #expect(listener.told.last?.contains(.over) == true, "that it is over is told unasked")
  }

  @Test func aDescriptorThatCannotBeWatchedIsAFailureAndLeavesNoTrace() throws {
    let loop = try EventLoop()
    #expect(throws: EventLoop.Failure.self) { try loop.add(-1, for: .read, Listener()) }
    let pair = SocketPair()
    let listener = Listener()
    _ = try loop.add(pair.ours, for: .read, listener)
    pair.sayFromTheirs()
    try loop.turn()
    #expect(listener.told == [.read])
  }

  @Test func theLoopLetsGoOfWhomItRemoves() throws {
    let loop = try EventLoop()
    let pair = SocketPair()
    weak var gone: Listener?
    do {
      let listener = Listener()
      gone = listener
      loop.remove(try loop.add(pair.ours, for: .read, listener))
    }
    #expect(gone == nil)
  }
}
