import DriverTestKit
import Hub
import MeasurementStream
import NIOCore
import Testing

private func record(_ sequence: UInt64, _ kind: RecordKind = .measurement, size: Int = 10) -> PublishedRecord {
  PublishedRecord(
    Record(
      sequence: sequence, topic: Topic(kind: kind, device: "d"), sampleCount: kind == .measurement ? 3 : 0,
      line: [UInt8](repeating: 0x41, count: size)), topicNumber: 0)
}

private enum Got: Equatable {
  case record(UInt64)
  case gap(after: UInt64, next: UInt64, records: UInt64)
  case message
}

private func drain(_ queue: inout ConsumerQueue) -> [Got] {
  var got: [Got] = []
  while let item = queue.next() {
    switch item {
    case .record(_, let sequence, _): got.append(.record(sequence))
    case .gap(let gap): got.append(.gap(after: gap.after, next: gap.next, records: gap.records))
    case .message: got.append(.message)
    }
  }
  return got
}

private func append(_ record: PublishedRecord, to queue: inout ConsumerQueue) {
  let fits = queue.append(record)
  #expect(fits)
}

@Suite struct ConsumerQueueTests {
  @Test func whatFitsComesOutInOrder() {
    var queue = ConsumerQueue(limit: 100)
    for number in 1...10 { append(record(UInt64(number)), to: &queue) }
    #expect(drain(&queue) == (1...10).map { .record(UInt64($0)) })
    #expect(queue.isEmpty && queue.byteCount == 0 && queue.lostRecords == 0)
  }

  @Test func theOldestMeasurementsGoAndOneGapSaysSo() {
    var queue = ConsumerQueue(limit: 50)
    for number in 1...12 { append(record(UInt64(number)), to: &queue) }
    #expect(queue.lostRecords == 7 && queue.lostSamples == 21)
    #expect(drain(&queue) == [.gap(after: 0, next: 8, records: 7)] + (8...12).map { .record(UInt64($0)) })
  }

  @Test func eventsStayAndEachHoleHasItsOwnGap() {
    var queue = ConsumerQueue(limit: 40)
    for number in 1...10 { append(record(UInt64(number), number == 3 ? .event : .measurement), to: &queue) }
    #expect(
      drain(&queue) == [
        .gap(after: 0, next: 3, records: 2), .record(3), .gap(after: 3, next: 8, records: 4), .record(8), .record(9),
        .record(10),
      ])
  }

  @Test func aQueueFullOfWhatMustNotBeDroppedIsTheEnd() {
    var queue = ConsumerQueue(limit: 30)
    for number in 1...3 { append(record(UInt64(number), .result), to: &queue) }
    let (another, reply) = (queue.append(record(4)), queue.append(message: ByteBuffer(bytes: [1])))
    #expect(!another && !reply)
  }

  /// Whatever is put in and taken out, in whatever order: all that went in comes out or is counted, nothing twice.
  @Test(arguments: 1...40) func everyRecordIsDeliveredOrCounted(_ seed: UInt64) {
    var random = RepeatableRandom(seed: seed)
    var queue = ConsumerQueue(limit: 400)
    var (sent, received, reported, last) = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
    func take(_ item: ConsumerQueue.Item?) {
      switch item {
      case .record(_, let sequence, _):
        #expect(sequence > last)
        last = sequence
        received += 1
      case .gap(let gap):
        #expect(gap.after >= last && gap.next > gap.after + 1)
        last = gap.next - 1
        reported += gap.records
      case .message, nil: break
      }
    }
    for sequence in 1...5000 as ClosedRange<UInt64> {
      let kind: RecordKind = Int.random(in: 0..<20, using: &random) == 0 ? .event : .measurement
      let next = record(sequence, kind, size: Int.random(in: 1...20, using: &random))
      if queue.append(next) { sent += 1 } else { break }
      if Int.random(in: 0..<50, using: &random) == 0 { _ = queue.append(message: ByteBuffer(bytes: [1])) }
      for _ in 0..<Int.random(in: 0...2, using: &random) where Int.random(in: 0..<3, using: &random) == 0 {
        take(queue.next())
      }
    }
    while let item = queue.next() { take(item) }
    #expect(received + reported == sent)
    #expect(reported == queue.lostRecords)
    #expect(queue.byteCount == 0)
  }
}
