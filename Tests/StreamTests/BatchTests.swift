import DriverTestKit
import Stream
import Testing

@Suite struct BatchTests {
  /// Everything, and four filters; any limits; across the ring's end.
  @Test(arguments: 0..<15) func batchesAreWhatANaiveModelGathers(_ seed: Int) {
    var stream = ExampleStream(limit: 60_000, seed: UInt64(seed))
    let wishes = ExampleWishes.make(seed)
    let gatherer = BatchGatherer()
    var next = 0
    for _ in 0..<50 {
      for _ in 0..<Int.random(in: 1...12, using: &stream.random) { stream.append(length: 64...2_500) }
      stream.tail.trim()
      next = max(next, stream.tail.first)
      stream.topics.decisionsLeft = TopicTable.decisionsPerTurn
      while next < stream.tail.end {
        let to = Int.random(in: next + 1...stream.tail.end, using: &stream.random)
        let mostBytes = Bool.random(using: &stream.random) ? .max : Int.random(in: 1...20_000, using: &stream.random)
        let mostEntries = Bool.random(using: &stream.random) ? .max : Int.random(in: 1...10, using: &stream.random)
        let batch = gatherer.gather(
          wishes, of: stream.tail, stream.topics, from: next, to: to, mostBytes: mostBytes, mostEntries: mostEntries)
        check(batch, wishes, stream, from: next, to: to, mostBytes, mostEntries)
        next = batch.end
      }
    }
  }

  private func check(
    _ batch: Batch, _ wishes: Wishes, _ stream: ExampleStream, from: Int, to: Int, _ mostBytes: Int,
    _ mostEntries: Int
  ) {
    #expect(batch.first == from && batch.end > from && batch.end <= to)
    let wanted = (from..<batch.end).filter { wishes.parts.contains(stream, $0) }.map { stream.records[$0] }
    #expect(Array(batch.bytes) == wanted.flatMap(\.line))
    #expect(batch.records == UInt64(wanted.count) && batch.samples == wanted.map(\.samples).reduce(0, +))
    #expect(batch.bytes.count - (wanted.last?.line.count ?? 0) < mostBytes, "only the last record may be too much")
    if !wishes.wantsEverything { #expect(batch.end - from <= mostEntries) }
    guard batch.records > 0 else { return }
    for sent in Set([1, 2, batch.bytes.count / 3, batch.bytes.count / 2, batch.bytes.count - 1, batch.bytes.count]) {
      checkCut(batch, after: sent, wishes, stream)
    }
  }

  private func checkCut(_ batch: Batch, after sent: Int, _ wishes: Wishes, _ stream: ExampleStream) {
    let cut = BatchGatherer.cut(batch, after: sent, wishes, of: stream.tail, stream.topics)
    var (bytes, records, samples, next) = (0, UInt64(0), UInt64(0), batch.first)
    while bytes < sent {
      if wishes.parts.contains(stream, next) {
        bytes += stream.records[next].line.count
        records += 1
        samples += stream.records[next].samples
      }
      next += 1
    }
    #expect(cut.next == next && cut.wholeBytes == bytes && cut.records == records && cut.samples == samples)
  }

  @Test(arguments: 0..<5) func aBatchCutAtEachByteLosesAndDoublesNothing(_ kind: Int) {
    var stream = ExampleStream(limit: 300_000, seed: 7)
    for _ in 0..<25 { stream.append(length: 64...90) }
    let wishes = ExampleWishes.make(kind)
    let (gatherer, other) = (BatchGatherer(), BatchGatherer())
    let whole = gatherer.gather(wishes, of: stream.tail, stream.topics, from: 0, to: stream.tail.end)
    let all = Array(whole.bytes)
    let nothing = BatchGatherer.cut(whole, after: 0, wishes, of: stream.tail, stream.topics)
    #expect(nothing.next == 0 && nothing.wholeBytes == 0 && nothing.records == 0 && nothing.samples == 0)
    for sent in 1...all.count {
      checkCut(whole, after: sent, wishes, stream)
      let cut = BatchGatherer.cut(whole, after: sent, wishes, of: stream.tail, stream.topics)
      let rest = other.gather(wishes, of: stream.tail, stream.topics, from: cut.next, to: stream.tail.end)
      let isWhole = all[..<cut.wholeBytes] + Array(rest.bytes) == all[...]
      #expect(isWhole && cut.wholeBytes >= sent, "after \(sent) bytes")
      #expect(cut.records + rest.records == whole.records && cut.samples + rest.samples == whole.samples)
    }
  }

  @Test func whatCannotBeAffordedEndsTheBatchBeforeIt() {
    var stream = ExampleStream(limit: 300_000, seed: 3)
    for _ in 0..<50 { stream.append(length: 64...90) }
    let wishes = ExampleWishes.make(1)
    let gatherer = BatchGatherer()
    var (next, decisions, bytes) = (0, 0, [UInt8]())
    while next < stream.tail.end {
      stream.topics.decisionsLeft = 0
      let none = gatherer.gather(wishes, of: stream.tail, stream.topics, from: next, to: stream.tail.end)
      if none.end > next {
        bytes += Array(none.bytes)
        next = none.end
        continue
      }
      #expect(none.records == 0 && none.bytes.isEmpty)
      stream.topics.decisionsLeft = 1
      decisions += 1
      let some = gatherer.gather(wishes, of: stream.tail, stream.topics, from: next, to: stream.tail.end)
      #expect(some.end > next && stream.topics.decisionsLeft == 0)
      bytes += Array(some.bytes)
      next = some.end
    }
    #expect(decisions == Set(stream.records.map(\.topic)).count, "each topic is decided about once")
    #expect(
      bytes == stream.records.indices.filter { wishes.parts.contains(stream, $0) }.flatMap { stream.records[$0].line })
  }

  @Test func nothingToGatherIsAnEmptyBatch() {
    var stream = ExampleStream(limit: 1_000, seed: 1)
    stream.append(length: 64...64)
    for kind in 0..<5 {
      let batch = BatchGatherer().gather(ExampleWishes.make(kind), of: stream.tail, stream.topics, from: 1, to: 1)
      #expect(batch.bytes.isEmpty && batch.end == 1 && batch.records == 0 && batch.samples == 0)
    }
  }
}

extension [Wishes.Part] {
  /// The naive decision, asked anew for each record.
  func contains(_ stream: ExampleStream, _ index: Int) -> Bool {
    contains { $0.wants(stream.topics[stream.records[index].topic]) }
  }
}
