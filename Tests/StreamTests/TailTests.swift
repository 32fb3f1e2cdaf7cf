import DriverTestKit
import Stream
import Testing

@Suite struct TailTests {
  /// Whatever is appended and let go of, in whatever order: what is held is what was put in.
  @Test(arguments: 1...6 as ClosedRange<UInt64>) func itHoldsWhatANaiveModelHolds(_ seed: UInt64) {
    var stream = ExampleStream(limit: 1_000 * Int(seed * seed), seed: seed)
    let tail = stream.tail
    var untrimmed = 0
    for turn in 0..<600 {
      let first = tail.first
      stream.append(length: 64...5_000, jumps: true)
      untrimmed += stream.records.last?.line.count ?? 0
      #expect(tail.first == first || untrimmed > tail.slack, "nobody's place goes before trim() is called")
      if untrimmed > tail.slack || Int.random(in: 0..<10, using: &stream.random) == 0 {
        tail.trim()
        untrimmed = 0
        checkLimits(stream)
      }
      if turn % 23 == 0 { checkContents(&stream) }
    }
    checkContents(&stream)
  }

  @Test func withoutTrimmingTheOldestGoWhenThereIsNoRoom() {
    var stream = ExampleStream(limit: 100_000, seed: 99)
    for _ in 0..<3_000 { stream.append(length: 64...3_000) }
    #expect(stream.tail.first > 0 && stream.tail.byteCount > stream.tail.limit + stream.tail.slack)
    checkContents(&stream)
  }

  @Test func shortLinesNeverFillTheListOfEntriesUnnoticed() {
    let stream = ExampleStream(limit: 0, seed: 1)
    let topic = stream.topics.number(of: stream.kinds[0])
    for sequence in 1...20_000 as ClosedRange<UInt64> {
      withUnsafeBytes(of: sequence) {
        stream.tail.append(sequence: sequence, topic: topic, isDroppable: true, samples: 1, line: $0)
      }
    }
    for index in stream.tail.first..<stream.tail.end {
      #expect(stream.tail.line(at: index) == withUnsafeBytes(of: UInt64(index + 1)) { Array($0) })
    }
    #expect(stream.tail.samples == 20_000)
  }

  @Test func anEmptyTailHasNothing() {
    let tail = Tail(limit: 1_000)
    tail.trim()
    #expect(tail.oldest == nil && tail.byteCount == 0 && tail.index(from: 0) == 0 && tail.index(from: .max) == 0)
    #expect(tail.position(of: 0) == 0 && tail.samples(before: 0) == 0)
    #expect(tail.piece(from: 0, to: 0).isEmpty)
  }

  private func checkLimits(_ stream: ExampleStream) {
    let tail = stream.tail
    #expect(tail.byteCount <= tail.limit || tail.end - tail.first == 1)
    if tail.first > 0 {
      #expect(tail.byteCount + stream.records[tail.first - 1].line.count > tail.limit, "no more goes than must")
    }
  }

  private func checkContents(_ stream: inout ExampleStream) {
    let (tail, records) = (stream.tail, stream.records)
    #expect(tail.end == records.count && tail.oldest == records[tail.first].sequence)
    var (position, samples) = (UInt64(0), UInt64(0))
    for (index, record) in records.enumerated() {
      if index >= tail.first {
        let entry = tail[index]
        let isSame =
          entry.sequence == record.sequence && entry.position == position && entry.samplesBefore == samples
          && entry.topic == record.topic && entry.isDroppable == record.isDroppable
          && tail.length(of: index) == record.line.count && tail.line(at: index) == record.line
          && tail.samples(before: index) == samples && tail.position(of: index) == position
        #expect(isSame, "record \(index)")
      }
      position += UInt64(record.line.count)
      samples += record.samples
    }
    #expect(tail.endPosition == position && tail.samples == samples && tail.position(of: tail.end) == position)
    checkSlicesAndNumbers(&stream)
  }

  private func checkSlicesAndNumbers(_ stream: inout ExampleStream) {
    let (tail, records) = (stream.tail, stream.records)
    for _ in 0..<10 {
      let from = Int.random(in: tail.first...tail.end, using: &stream.random)
      let to = Int.random(in: from...tail.end, using: &stream.random)
      let expected = records[from..<to].flatMap(\.line)
      let copy = [UInt8](unsafeUninitializedCapacity: expected.count) { buffer, count in
        tail.copy(
          from: tail.position(of: from), to: tail.position(of: to), into: UnsafeMutableRawBufferPointer(buffer))
        count = expected.count
      }
      #expect(copy == expected)
      let piece = Array(tail.piece(from: tail.position(of: from), to: tail.position(of: to)))
      #expect(piece == Array(expected.prefix(piece.count)) && piece.isEmpty == expected.isEmpty)
      let number = UInt64.random(in: 0...(records.last?.sequence ?? 0) + 3, using: &stream.random)
      let found = (tail.first..<tail.end).first { records[$0].sequence >= number } ?? tail.end
      #expect(tail.index(from: number) == found)
    }
  }
}
