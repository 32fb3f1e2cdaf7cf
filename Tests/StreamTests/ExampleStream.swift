import DriverTestKit
import Stream
import Wire

/// A record as a naive model keeps it: nothing is let go of.
struct ModelRecord {
  var sequence: UInt64
  var topic: TopicNumber
  var isDroppable: Bool
  var samples: UInt64
  var line: [UInt8]
}

/// A tail, and beside it everything that ever went into it.
struct ExampleStream {
  let tail: Tail
  let topics = TopicTable()
  var records: [ModelRecord] = []
  var random: RepeatableRandom
  let kinds: [Topic]
  private var sequence: UInt64 = 0

  init(limit: Int, seed: UInt64) {
    tail = Tail(limit: limit)
    random = RepeatableRandom(seed: seed)
    kinds = ["a", "b", "c"].flatMap { device in
      [
        Topic(kind: .measurement, device: device, channel: "force", quantity: "force"),
        Topic(kind: .measurement, device: device, channel: "x", quantity: "acceleration"),
        Topic(kind: .event, device: device),
      ]
    }
    for topic in kinds { _ = topics.number(of: topic) }
  }

  func below(_ bound: Int, _ random: inout RepeatableRandom) -> Int { Int.random(in: 0..<bound, using: &random) }

  /// Adds a record of a random topic and length; with `jumps`, numbers are left out now and then.
  mutating func append(length: ClosedRange<Int>, jumps: Bool = false) {
    sequence += jumps && Int.random(in: 0..<4, using: &random) == 0 ? UInt64.random(in: 2...50, using: &random) : 1
    let topic = kinds[Int.random(in: 0..<kinds.count, using: &random)]
    let count = Int.random(in: length, using: &random)
    let samples = topic.kind == .measurement ? Int.random(in: 1...64, using: &random) : 0
    let line = (0..<count).map { UInt8(truncatingIfNeeded: UInt64($0) &* 31 &+ sequence) }
    records.append(
      ModelRecord(
        sequence: sequence, topic: topics.number(of: topic), isDroppable: topic.isDroppable, samples: UInt64(samples),
        line: line))
    line.withUnsafeBytes {
      tail.append(
        sequence: sequence, topic: topics.number(of: topic), isDroppable: topic.isDroppable, samples: samples, line: $0)
    }
  }
}

/// What readers may want.
enum ExampleWishes {
  static func make(_ index: Int) -> Wishes {
    var devices = RecordFilter()
    devices.devices = ["a"]
    var force = RecordFilter()
    force.quantities = ["force"]
    force.kinds = [.measurement]
    switch index % 5 {
    case 0: return Wishes([Wishes.Part(mode: .all, filter: RecordFilter())])
    case 1: return Wishes([Wishes.Part(mode: .all, filter: devices)])
    case 2: return Wishes([Wishes.Part(mode: .results, filter: RecordFilter())])
    case 3: return Wishes([Wishes.Part(mode: .all, filter: force)])
    default:
      return Wishes([Wishes.Part(mode: .results, filter: RecordFilter()), Wishes.Part(mode: .all, filter: devices)])
    }
  }
}
