import DriverTestKit
import Stream
import Testing
import Wire

/// A reader that takes what it likes when it likes, and remembers all that it is told.
private struct Reader {
  let wishes: Wishes
  let limit: Int
  var cursor = Cursor(at: 0)
  var isClosed = false
  var received: [Int] = []
  var gaps: [Cursor.Skipped] = []
  var lost: (records: UInt64, samples: UInt64) = (0, 0)
  /// The number up to which it has been told everything.
  var last: UInt64 = 0
  /// Records that it must have been given or told of.
  var responsible = 0

  mutating func keepUp(_ stream: ExampleStream) {
    guard !isClosed, cursor.lag(behind: stream.tail) > limit else { return }
    guard let more = cursor.catchUp(with: stream.tail, stream.topics, wishes, within: limit) else {
      #expect(cursor.asideBytes > limit)
      isClosed = true
      responsible = cursor.next
      return
    }
    #expect(cursor.lag(behind: stream.tail) <= limit)
    lost.records += more.records
    lost.samples += more.samples
  }

  mutating func takeAside(_ stream: ExampleStream) {
    switch cursor.takeAside() {
    case .skipped(let skipped):
      #expect(skipped.after >= last && skipped.next > skipped.after + 1)
      gaps.append(skipped)
      last = skipped.next - 1
    case .line(let line, let sequence, let samples):
      #expect(sequence > last)
      let record = stream.records[Int(sequence) - 1]
      #expect(line == record.line && samples == record.samples)
      received.append(Int(sequence) - 1)
      last = sequence
    case nil: break
    }
  }

  mutating func read(_ stream: ExampleStream, _ gatherer: BatchGatherer, mostBytes: Int, takes: Int) {
    let batch = gatherer.gather(
      wishes, of: stream.tail, stream.topics, from: cursor.next, to: stream.tail.end, mostBytes: mostBytes)
    let cut = BatchGatherer.cut(batch, after: min(takes, batch.bytes.count), wishes, of: stream.tail, stream.topics)
    let end = takes >= batch.bytes.count ? batch.end : cut.next
    var (bytes, isRising) = (0, true)
    for index in batch.first..<end where wishes.parts.contains(stream, index) {
      isRising = isRising && stream.records[index].sequence > last
      received.append(index)
      last = stream.records[index].sequence
      bytes += stream.records[index].line.count
    }
    #expect(isRising && bytes == (takes >= batch.bytes.count ? batch.bytes.count : cut.wholeBytes))
    cursor.advance(to: end)
  }
}

@Suite struct SlowReaderSimulation {
  /// Random records, random readers, random slowness: each reader got what it wants, or was told exactly what it lost.
  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func whatIsWantedIsReceivedOrToldExactly(_ seed: UInt64) {
    var stream = ExampleStream(limit: 40_000, seed: seed)
    let gatherer = BatchGatherer()
    var readers = (0..<8).map {
      Reader(wishes: ExampleWishes.make($0), limit: Int.random(in: 8_000...40_000, using: &stream.random))
    }
    for _ in 0..<300 {
      stream.topics.decisionsLeft = 1_000
      for _ in 0..<Int.random(in: 0...30, using: &stream.random) { stream.append(length: 64...900) }
      for index in readers.indices { readers[index].keepUp(stream) }
      stream.tail.trim()
      for index in readers.indices where !readers[index].isClosed {
        let eagerness = Int.random(in: 0..<index + 2, using: &stream.random)
        if eagerness > 1 { continue }
        for _ in 0..<Int.random(in: 0...40, using: &stream.random) where readers[index].cursor.hasAside {
          readers[index].takeAside(stream)
        }
        if readers[index].cursor.hasAside { continue }
        readers[index].read(
          stream, gatherer, mostBytes: Int.random(in: 1...30_000, using: &stream.random),
          takes: Int.random(in: 0...20_000, using: &stream.random))
      }
    }
    for index in readers.indices { finish(&readers[index], stream, gatherer) }
    #expect(readers.contains { $0.lost.records > 100 }, "the simulation is to be a hard one")
    #expect(readers.contains { !$0.isClosed && $0.gaps.count > 10 })
  }

  private func finish(_ reader: inout Reader, _ stream: ExampleStream, _ gatherer: BatchGatherer) {
    while reader.cursor.hasAside { reader.takeAside(stream) }
    if !reader.isClosed {
      while reader.cursor.next < stream.tail.end { reader.read(stream, gatherer, mostBytes: 5_000, takes: .max) }
      reader.responsible = stream.records.count
    }
    let wanted = (0..<reader.responsible).filter { reader.wishes.parts.contains(stream, $0) }
    let received = Set(reader.received)
    #expect(received.count == reader.received.count, "nothing twice")
    let missing = wanted.filter { !received.contains($0) }
    #expect(received.union(missing) == Set(wanted), "nothing that was not wanted")
    var rest = missing[...]
    for gap in reader.gaps {
      let within = rest.prefix { stream.records[$0].sequence < gap.next }
      rest = rest.dropFirst(within.count)
      #expect(
        within.first.map { stream.records[$0].sequence } == gap.after + 1, "a gap begins at the first lost record")
      #expect(within.last.map { stream.records[$0].sequence } == gap.next - 1, "and ends at the last")
      #expect(gap.records == UInt64(within.count))
      #expect(gap.samples == within.map { stream.records[$0].samples }.reduce(0, +))
      #expect(within.allSatisfy { stream.records[$0].isDroppable })
    }
    if !reader.isClosed {
      #expect(rest.isEmpty, "every lost record is in a gap")
      #expect(reader.lost.records == UInt64(missing.count))
      #expect(reader.lost.samples == missing.map { stream.records[$0].samples }.reduce(0, +))
    }
  }
}
