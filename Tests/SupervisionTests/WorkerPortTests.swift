import DriverTestKit
import Glibc
import Loop
import Readings
import Supervision
import Testing
import WorkerLink

/// The hub's side of one link, and a worker in the hands of the test.
private final class PortBench: WorkerPortOwner {
  let loop: EventLoop
  private(set) var port: WorkerPort?
  let worker: Int32
  private(set) var messages: [WorkerMessage] = []
  private(set) var batches = 0
  private(set) var rubbish: [String] = []
  private(set) var closures = 0
  var believes = true
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)
  private var isWorkerOpen = true

  init() throws {
    loop = try EventLoop()
    var ends: [Int32] = [-1, -1]
    socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends)
    worker = ends[1]
    port = try WorkerPort(WorkerProcess(descriptor: ends[0], process: 0), owner: self, loop: loop, buffer: buffer)
  }

  deinit {
    port?.close()
    closeWorker()
    buffer.deallocate()
  }

  func second(_ process: WorkerProcess) throws {
    _ = try WorkerPort(process, owner: self, loop: loop, buffer: buffer)
  }

  func take(_ frame: (kind: UInt8, payload: ArraySlice<UInt8>), from port: WorkerPort) -> Bool {
    if let message = try? WorkerMessage(kind: frame.kind, payload: frame.payload) { messages.append(message) }
    return believes
  }

  func tookAll(from port: WorkerPort) { batches += 1 }

  func rubbish(_ sentence: String, from port: WorkerPort) {
    rubbish.append(sentence)
    port.close()
  }

  func closed(_ port: WorkerPort) { closures += 1 }

  func write(_ bytes: some Collection<UInt8>) {
    let bytes = Array(bytes)
    _ = send(worker, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
  }

  func closeWorker() {
    if isWorkerOpen { close(worker) }
    isWorkerOpen = false
  }

  func turn() throws {
    try loop.wait(milliseconds: 0)
    loop.tellHandlers()
  }

  /// What the worker has been told, decoded.
  func heard() throws -> [HubMessage] {
    var frames = FrameBuffer()
    var bytes = [UInt8](repeating: 0, count: 4 << 20)
    while true {
      let count = recv(worker, &bytes, bytes.count, Int32(MSG_DONTWAIT))
      if count <= 0 { break }
      frames.append(bytes[..<count])
      try turn()
    }
    var messages: [HubMessage] = []
    while let frame = try frames.next() { messages.append(try HubMessage(kind: frame.kind, payload: frame.payload)) }
    return messages
  }
}

private func bytes(_ messages: [WorkerMessage]) -> [UInt8] {
  var writer = ByteWriter()
  for message in messages { message.write(to: &writer) }
  return writer.bytes
}

private func readings(_ count: Int) -> [WorkerMessage] {
  (0..<count).map { .samples(Samples(channel: 0, time: Int64($0), values: [Double]($0 % 9 == 0 ? [1] : [1, 2, 3]))) }
}

@Suite struct WorkerPortTests {
  @Test(arguments: [1, 2, 3, 7, 50, 100_000]) func messagesAreTheSameCutAnywhere(_ piece: Int) throws {
    let bench = try PortBench()
    let all = bytes(readings(30))
    for start in stride(from: 0, to: all.count, by: piece) {
      bench.write(all[start..<min(all.count, start + piece)])
      try bench.turn()
    }
    #expect(bench.messages == readings(30) && bench.rubbish.isEmpty && bench.closures == 0)
    let turns = (all.count + piece - 1) / piece
    #expect(bench.batches == turns, "what came together is told as one")
  }

  @Test(arguments: [[0, 0, 0, 0, 1], [0xFF, 0xFF, 0xFF, 0xFF, 1]] as [[UInt8]])
  func rubbishIsSaidAfterWhatWasWholeBefore(_ rubbish: [UInt8]) throws {
    let bench = try PortBench()
    bench.write(bytes(readings(3)) + rubbish)
    try bench.turn()
    #expect(bench.messages == readings(3) && bench.rubbish.count == 1 && bench.port?.isOpen == false)
    bench.write(bytes(readings(1)))
    try bench.turn()
    #expect(bench.messages.count == 3)
  }

  @Test func damagedLinksNeverTrap() throws {
    var input = RandomInput(seeds: [bytes(readings(4))], seed: 11)
    for _ in 0..<300 {
      let bench = try PortBench()
      bench.write(input.next())
      try bench.turn()
      bench.closeWorker()
      for _ in 0..<8 { try bench.turn() }
      #expect(bench.rubbish.count + bench.closures == 1)
    }
  }

  @Test func afterOneThatIsNotBelievedNothingMoreIsTaken() throws {
    let bench = try PortBench()
    bench.believes = false
    bench.write(bytes(readings(5)))
    try bench.turn()
    #expect(bench.messages.count == 1 && bench.batches == 0)
  }

  @Test func theEndOfTheLinkIsToldOnce() throws {
    let bench = try PortBench()
    bench.write(bytes(readings(2)))
    bench.closeWorker()
    for _ in 0..<4 { try bench.turn() }
    #expect(bench.messages.count == 2 && bench.closures == 1 && bench.port?.isOpen == false)
    let isSent = bench.port?.send(.stop)
    #expect(isSent == true, "to one that is gone, nothing is said, and nobody is blamed")
    bench.port?.processEnded()
    bench.port?.close()
    #expect(bench.closures == 1)
  }

  @Test func aLinkThatCannotBeWatchedIsClosed() throws {
    let bench = try PortBench()
    var ends: [Int32] = [-1, -1]
    socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends)
    defer { close(ends[1]) }
    let port = try #require(bench.port)
    // One descriptor cannot be watched twice.
    _ = try bench.loop.add(ends[0], for: .read, port)
    #expect(throws: EventLoop.Failure.self) { try bench.second(WorkerProcess(descriptor: ends[0], process: 0)) }
    var byte: UInt8 = 0
    #expect(recv(ends[1], &byte, 1, Int32(MSG_DONTWAIT)) == 0)
  }

  // MARK: A worker that does not listen

  @Test func whatAWorkerDoesNotTakeAtOnceItGetsLaterInOrder() throws {
    let bench = try PortBench()
    let text = String(repeating: "x", count: 30_000)
    for number in 0..<30 as Range<UInt64> {
      let isSent = bench.port?.send(.command(number: number, name: "zero", arguments: text))
      #expect(isSent == true)
    }
    let heard = try bench.heard()
    #expect(heard == (0..<30).map { .command(number: $0, name: "zero", arguments: text) })
    bench.port?.send(.stop)
    #expect(try bench.heard() == [.stop])
  }

  @Test func aWorkerThatDoesNotListenIsGivenUp() throws {
    let bench = try PortBench()
    let text = String(repeating: "x", count: 60_000)
    var sent = 0
    while sent < 100, bench.port?.send(.command(number: UInt64(sent), name: "zero", arguments: text)) == true {
      sent += 1
    }
    #expect(sent < 40, "a megabyte, and what the kernel holds")
    #expect(bench.port?.isOpen == true, "whoever owns it ends it")
  }

  // MARK: Pings

  @Test func howLongAPingIsUnanswered() throws {
    let bench = try PortBench()
    let port = try #require(bench.port)
    #expect(port.unansweredSince == nil)
    port.ping(at: 100)
    port.ping(at: 200)
    #expect(port.unansweredSince == 100)
    port.answered(7)
    #expect(port.unansweredSince == 100, "an answer to what was not asked")
    port.answered(2)
    #expect(port.unansweredSince == nil)
    #expect(try bench.heard() == [.ping(1), .ping(2)])
    port.slept(until: 300)
    #expect(port.unansweredSince == nil)
    port.ping(at: 400)
    port.slept(until: 9_000)
    #expect(port.unansweredSince == 9_000)
  }

  @Test func aWorkerThatAnswersLateButAlwaysIsThere() throws {
    let bench = try PortBench()
    let port = try #require(bench.port)
    for number in 1...20 as ClosedRange<UInt32> {
      port.ping(at: Int64(number) * 1_000)
      if number > 1 { port.answered(number - 1) }
      #expect(port.unansweredSince == Int64(number) * 1_000)
    }
  }

  // MARK: The process ends

  @Test func whatAnEndedProcessWroteIsTakenAlsoWhenItsChildHoldsTheLink() throws {
    let bench = try PortBench()
    // The test holds the worker's end, as a child of the worker would.
    let all = readings(1_000)
    bench.write(bytes(all))
    bench.port?.processEnded()
    #expect(bench.messages == all && bench.closures == 1 && bench.port?.isOpen == false)
    bench.port?.processEnded()
    #expect(bench.closures == 1)
  }

  @Test func theRestOfAMessageOfAnEndedProcessIsNotWaitedFor() throws {
    let bench = try PortBench()
    bench.write([UInt8](repeating: 0, count: 3))
    bench.port?.processEnded()
    #expect(bench.closures == 1 && bench.messages.isEmpty)
    var byte: UInt8 = 0
    #expect(recv(bench.worker, &byte, 1, Int32(MSG_DONTWAIT)) <= 0, "our end is closed")
  }

  // MARK: Processes

  @Test func aWorkerWithoutAProcessOfItsOwnIsOverAtOnce() {
    let none = WorkerProcess(descriptor: -1, process: 0)
    #expect(!none.hasEnded && none.reap() == "The driver's process ended.")
    none.kill()
  }
}
