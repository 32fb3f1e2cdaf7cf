import Dispatch
import Loop
import Testing

private final class Owner {
  var taken: [[Int]] = [[], [], [], []]
}

@Suite struct MailboxTests {
  @Test func lettersOfEachThreadStayInOrderAndNoneIsLost() throws {
    let loop = try EventLoop()
    let mailbox = try Mailbox<Owner>()
    let owner = Owner()
    let reader = Listener { _ in for letter in mailbox.empty() { letter(owner) } }
    _ = try loop.add(mailbox.descriptor, for: .read, reader)
    DispatchQueue.concurrentPerform(iterations: 4) { thread in
      for number in 0..<5_000 { mailbox.post { $0.taken[thread].append(number) } }
    }
    try loop.turn()
    #expect(owner.taken == [[Int]](repeating: Array(0..<5_000), count: 4))
  }

  @Test func itIsReadableOnlyWhileThereAreLetters() throws {
    let loop = try EventLoop()
    let mailbox = try Mailbox<Owner>()
    let listener = Listener()
    _ = try loop.add(mailbox.descriptor, for: .read, listener)
    try loop.turn()
    #expect(listener.told.isEmpty)
    mailbox.post { _ in }
    mailbox.post { _ in }
    try loop.turn()
    #expect(listener.told.count == 1)
    #expect(mailbox.empty().count == 2)
    try loop.turn()
    #expect(listener.told.count == 1)
    #expect(mailbox.empty().isEmpty)
    mailbox.post { _ in }
    try loop.turn()
    #expect(listener.told.count == 2, "also after it was emptied in vain")
  }

  /// While one thread posts, the loop empties: whatever the order of the two, no letter is left without a wake.
  @Test func noLetterIsLeftWithoutAWake() async throws {
    let loop = try EventLoop()
    let mailbox = try Mailbox<Owner>()
    let owner = Owner()
    _ = try loop.add(
      mailbox.descriptor, for: .read, Listener { _ in for letter in mailbox.empty() { letter(owner) } })
    let posting = DispatchSemaphore(value: 0)
    DispatchQueue.global().async {
      for number in 0..<20_000 { mailbox.post { $0.taken[0].append(number) } }
      posting.signal()
    }
    while owner.taken[0].count < 20_000 {
      try loop.wait(milliseconds: 10_000)
      loop.tellHandlers()
    }
    #expect(owner.taken[0] == Array(0..<20_000))
  }
}
