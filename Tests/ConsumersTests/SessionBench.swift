import Consumers
import Readings
import Stream
import StrictJSON
import Wire

/// A session without a descriptor, its stream, and a hand that takes what goes out.
struct SessionBench {
  var session: ConsumerSession
  var limits: ConsumerLimits
  let log: RecordLog
  var topic: TopicNumber { log.topics.number(of: Topic(kind: .measurement, device: "a")) }
  var eventTopic: TopicNumber { log.topics.number(of: Topic(kind: .event, device: "a")) }

  init(limits: ConsumerLimits = ConsumerLimits(), memory: Int = 1 << 20) {
    self.limits = limits
    log = RecordLog(epoch: "e", limit: memory)
    session = ConsumerSession(
      peer: Peer(process: 1, user: 1000, group: 1000), role: .observer, limits: limits, at: 0)
  }

  mutating func send(_ text: String) { Array(text.utf8).withUnsafeBytes { session.receive($0) } }

  mutating func line(at now: Microseconds = 0) -> String? {
    session.nextLine(at: now).map { String(decoding: $0, as: UTF8.self) }
  }

  /// All that waits goes out.
  mutating func takeAll() -> String {
    var text: [UInt8] = []
    while let piece = session.outbox.withFirst({ Array($0) }) {
      text += piece
      session.outbox.sent(piece.count)
    }
    return String(decoding: text, as: UTF8.self)
  }

  mutating func subscribe(_ subscription: Subscription = Subscription()) {
    session.add(subscription) { Wishes($0) }
    session.place = .behind(Cursor(at: log.tail.end))
  }

  /// Records of some hundred bytes.
  func publish(_ count: Int, isEvent: Bool = false, bytes: Int = 200) {
    for _ in 0..<count {
      _ = log.append(isEvent ? eventTopic : topic, isDroppable: !isEvent, samples: isEvent ? 0 : 2) { writer, _ in
        writer.string(String(repeating: "x", count: bytes))
        writer.newLine()
      }
    }
  }
}
