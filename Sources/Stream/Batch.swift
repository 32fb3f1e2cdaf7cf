/// Records that follow each other for one reader, as bytes that can be sent in one piece.
package struct Batch {
  /// The lines. Valid until the next record comes or the next batch is gathered.
  package let bytes: UnsafeRawBufferPointer
  /// Index of the first record that was looked at.
  package let first: Int
  /// Index of the first record that was not looked at.
  package let end: Int
  /// Index of the newest record that the bytes hold; before `first` when they hold none.
  package let newest: Int
  /// How many records the bytes hold.
  package let records: UInt64
  /// How many samples are in them.
  package let samples: UInt64
}

/// Gathers what a reader wants of a stretch of the stream.
package final class BatchGatherer {
  private var scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 16)
  private var used = 0

  /// A gatherer; its memory is used again and again.
  package init() {}

  deinit { scratch.deallocate() }

  /// What `wishes` want of the records from one index up to another: at most about `mostBytes`, and after looking at no
  /// more than `mostEntries`. It ends early, even before the first, where it cannot be afforded now to decide.
  package func gather(
    _ wishes: Wishes, of tail: Tail, _ topics: TopicTable, from first: Int, to end: Int, mostBytes: Int = .max,
    mostEntries: Int = .max
  ) -> Batch {
    wishes.wantsEverything
      ? everything(of: tail, from: first, to: end, mostBytes)
      : wanted(wishes, of: tail, topics, from: first, to: end, mostBytes, mostEntries)
  }

  /// Sent from where it lies; only a record that the ring's end cuts in two is copied.
  private func everything(of tail: Tail, from first: Int, to end: Int, _ mostBytes: Int) -> Batch {
    let start = tail.position(of: first)
    let piece = tail.piece(from: start, to: tail.position(of: end))
    let whole = UInt64(piece.count) == tail.position(of: end) - start
    if whole, piece.count <= mostBytes {
      return batch(piece, of: tail, from: first, to: end)
    }
    let last = lastIndex(of: tail, from: first, to: end, within: start + UInt64(min(piece.count, mostBytes)))
    if last > first {
      let bytes = UnsafeRawBufferPointer(rebasing: piece[..<Int(tail.position(of: last) - start)])
      return batch(bytes, of: tail, from: first, to: last)
    }
    used = 0
    add(tail, from: start, to: tail.position(of: first + 1))
    return batch(gathered, of: tail, from: first, to: first + 1)
  }

  /// The index up to which whole records end at or before a position.
  private func lastIndex(of tail: Tail, from first: Int, to end: Int, within position: UInt64) -> Int {
    var (low, high) = (first, end)
    while low < high {
      let middle = (low + high + 1) / 2
      if tail.position(of: middle) <= position { low = middle } else { high = middle - 1 }
    }
    return low
  }

  private func batch(_ bytes: UnsafeRawBufferPointer, of tail: Tail, from first: Int, to end: Int) -> Batch {
    Batch(
      bytes: bytes, first: first, end: end, newest: end - 1, records: UInt64(end - first),
      samples: tail.samples(before: end) - tail.samples(before: first))
  }

  private func wanted(
    _ wishes: Wishes, of tail: Tail, _ topics: TopicTable, from first: Int, to end: Int, _ mostBytes: Int,
    _ mostEntries: Int
  ) -> Batch {
    used = 0
    var (records, samples): (UInt64, UInt64) = (0, 0)
    var (index, newest) = (first, first - 1)
    let stop = mostEntries < end - first ? first + max(1, mostEntries) : end
    while index < stop, used < mostBytes {
      let entry = tail[index]
      guard let isWanted = wishes.want(entry.topic, of: topics) else { break }
      if isWanted {
        add(tail, from: entry.position, to: tail.position(of: index + 1))
        records += 1
        samples += tail.samples(before: index + 1) - entry.samplesBefore
        newest = index
      }
      index += 1
    }
    return Batch(bytes: gathered, first: first, end: index, newest: newest, records: records, samples: samples)
  }

  private var gathered: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: scratch[..<used]) }

  private func add(_ tail: Tail, from position: UInt64, to end: UInt64) {
    let needed = used + Int(end - position)
    if needed > scratch.count {
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: max(needed, 2 * scratch.count), alignment: 16)
      larger.copyMemory(from: gathered)
      scratch.deallocate()
      scratch = larger
    }
    tail.copy(from: position, to: end, into: UnsafeMutableRawBufferPointer(rebasing: scratch[used..<needed]))
    used = needed
  }

  /// Where a batch was cut that went out only in part: the records that have begun to go out, and the index after them.
  /// The rest of the last of these must go out before anything else.
  package static func cut(
    _ batch: Batch, after sent: Int, _ wishes: Wishes, of tail: Tail, _ topics: TopicTable
  ) -> (next: Int, wholeBytes: Int, records: UInt64, samples: UInt64) {
    var (bytes, records, samples): (Int, UInt64, UInt64) = (0, 0, 0)
    var index = batch.first
    while index < batch.end, bytes < sent {
      // What has been gathered was decided about.
      if wishes.want(tail[index].topic, of: topics) == true {
        bytes += tail.length(of: index)
        records += 1
        samples += tail.samples(before: index + 1) - tail[index].samplesBefore
      }
      index += 1
    }
    return (index, bytes, records, samples)
  }
}
