import Consumers
import Glibc
import Loop
import Readings
import Stream
import StrictJSON
import Testing
import Wire

/// All consumers with a clock of the test's own, and one turn of the hub's loop after another.
final class ConsumersBench {
  let loop: EventLoop
  let log: RecordLog
  let consumers: Consumers
  private(set) var now: Microseconds = 1_000_000
  var carryOut: (String, Connection) -> Void = { _, _ in }
  var logged: [String] = []

  init(limits: ConsumerLimits = ConsumerLimits(), memory: Int = 1 << 20) throws {
    loop = try EventLoop()
    log = RecordLog(epoch: "e", limit: memory)
    var time: () -> Microseconds = { 0 }
    consumers = Consumers(
      limits: limits, roles: Roles(owner: 0), loop: loop, tail: log.tail, topics: log.topics, clock: { time() })
    time = { [unowned self] in
      // Each look at the clock takes a little, as on a real machine.
      now += 1
      return now
    }
    consumers.services = Consumers.Services(
      carryOut: { [unowned self] in carryOut(String(decoding: $0, as: UTF8.self), $1) },
      welcome: { Array("welcome\n".utf8) },
      heartbeat: { [unowned self] in
        Heartbeat(
          time: now, wallTime: now, epoch: "e", headSequence: log.head, sentSequence: 0, counters: ConnectionCounters(),
          devices: [:], oldestSequence: log.tail.oldest ?? log.head + 1)
      }, log: { [unowned self] in logged.append($0) })
  }

  /// A consumer of a user; `sendBuffer`: how much the kernel takes for it.
  func connect(user: UInt32 = 1000, sendBuffer: Int32? = nil) -> TestPeer {
    var ends: [Int32] = [-1, -1]
    socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends)
    if var size = sendBuffer { setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size)) }
    consumers.accept(ends[0], from: Peer(process: 1, user: user, group: user))
    return TestPeer(ends[1])
  }

  /// A turn of the loop, as the hub turns.
  func turn(_ inTheMiddle: () -> Void = {}) throws {
    try loop.wait(milliseconds: 0)
    loop.tellHandlers()
    inTheMiddle()
    log.topics.decisionsLeft = TopicTable.decisionsPerTurn
    consumers.settle()
    consumers.sendLatest()
    consumers.work()
    consumers.settle()
  }

  func turns(_ count: Int) throws { for _ in 0..<count { try turn() } }

  /// Time passes, with the ticks that belong to it.
  func pass(_ time: Microseconds) throws {
    for _ in 0..<Int(time / 100_000) {
      now += 100_000
      try turn { consumers.settle() }
      consumers.tick()
    }
  }

  /// A connection whose subscription to everything, or to what `parts` want, has begun.
  func subscribe(_ peer: TestPeer, _ subscription: Subscription = Subscription()) throws -> WeakConnection {
    let found = WeakConnection()
    carryOut = { [unowned self] _, connection in
      found.connection = connection
      consumers.settle()
      consumers.subscribe(connection, subscription, from: nil)
    }
    peer.send("subscribe\n")
    try turns(3)
    carryOut = { _, _ in }
    _ = peer.receive()
    return found
  }

  /// Publishes measurements of two samples, or events.
  func publish(_ count: Int, device: String = "a", isEvent: Bool = false, bytes: Int = 200) {
    let topic = log.topics.number(of: Topic(kind: isEvent ? .event : .measurement, device: device))
    for _ in 0..<count {
      _ = log.append(topic, isDroppable: !isEvent, samples: isEvent ? 0 : 2) { writer, sequence in
        writer.beginObject()
        writer.key("seq")
        writer.integer(sequence)
        writer.key(isEvent ? "event" : "m")
        writer.string(String(repeating: "x", count: bytes))
        writer.endObject()
        writer.newLine()
      }
    }
  }
}

/// Does not keep the connection alive.
final class WeakConnection {
  weak var connection: Connection?
}

/// The other end of a consumer's socket.
final class TestPeer {
  private(set) var descriptor: Int32

  init(_ descriptor: Int32) { self.descriptor = descriptor }
  deinit { disconnect() }

  func send(_ text: String) {
    let bytes = Array(text.utf8)
    _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
  }

  /// What is there, at most so many bytes.
  func receive(atMost most: Int = .max) -> String { String(decoding: receiveBytes(atMost: most), as: UTF8.self) }

  func receiveBytes(atMost most: Int = .max) -> [UInt8] {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: min(most, 65_536))
    while all.count < most {
      let count = recv(descriptor, &buffer, min(buffer.count, most - all.count), Int32(MSG_DONTWAIT))
      if count <= 0 { break }
      all += buffer[..<count]
    }
    return all
  }

  /// The hub has closed the connection.
  var isClosed: Bool {
    var byte: UInt8 = 0
    return recv(descriptor, &byte, 1, Int32(MSG_DONTWAIT) | Int32(MSG_PEEK)) == 0
  }

  func halfClose() { shutdown(descriptor, Int32(SHUT_WR)) }

  func disconnect() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }
}
