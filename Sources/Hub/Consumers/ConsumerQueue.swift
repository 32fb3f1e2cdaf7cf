package import NIOCore

/// What waits for one consumer, bounded in bytes.
///
/// When it is full, the consumer's oldest measurements are dropped and exactly that is said in their place; events,
/// results and replies are never dropped (fact sheet on peers, D.2, slow-consumer policy).
package struct ConsumerQueue: Sendable {
  /// Records that were dropped one after another: the consumer got all of its records up to `after`, lost `records` of
  /// those between, and gets those from `next` on.
  package struct Gap: Equatable, Sendable {
    /// Number just before the first lost record.
    package var after: UInt64
    /// Number just after the last lost record.
    package var next: UInt64
    /// Lost records of this consumer.
    package var records: UInt64
    /// Samples in them.
    package var samples: UInt64
  }

  /// What to send next.
  package enum Item: Equatable {
    /// Bytes of a record with its number and samples.
    case record(ByteBuffer, sequence: UInt64, samples: Int)
    /// Say that records were lost.
    case gap(Gap)
    /// A reply or another message that belongs to this consumer alone.
    case message(ByteBuffer)
  }

  private enum Entry {
    case record(PublishedRecord)
    case gap(Gap)
    case message(ByteBuffer)
    case vacant
  }

  /// The bound.
  package let limit: Int
  /// Bytes that wait.
  package private(set) var byteCount = 0
  /// Records that were dropped since the beginning.
  package private(set) var lostRecords: UInt64 = 0
  /// Samples in them.
  package private(set) var lostSamples: UInt64 = 0

  private var entries: [Entry] = []
  private var head = 0
  /// No entry before this one can be dropped.
  private var scan = 0
  /// The newest gap and the entry just after what it covers.
  private var openGap: (index: Int, end: Int)?

  /// A queue for at most `limit` bytes.
  package init(limit: Int) { self.limit = limit }

  /// Nothing waits.
  package var isEmpty: Bool { head == entries.count }

  /// Adds a record; `false` when there is no room although every measurement was dropped: close this consumer.
  package mutating func append(_ record: PublishedRecord) -> Bool {
    guard makeRoom(for: record.bytes.readableBytes) else { return false }
    byteCount += record.bytes.readableBytes
    entries.append(.record(record))
    return true
  }

  /// Adds a reply; `false` when there is no room: close this consumer.
  package mutating func append(message: ByteBuffer) -> Bool {
    guard makeRoom(for: message.readableBytes) else { return false }
    byteCount += message.readableBytes
    entries.append(.message(message))
    return true
  }

  /// Takes out what is to be sent next.
  package mutating func next() -> Item? {
    while head < entries.count {
      let entry = entries[head]
      entries[head] = .vacant
      head += 1
      compact()
      switch entry {
      case .vacant: continue
      case .gap(let gap): return .gap(gap)
      case .message(let bytes):
        byteCount -= bytes.readableBytes
        return .message(bytes)
      case .record(let record):
        byteCount -= record.bytes.readableBytes
        return .record(record.bytes, sequence: record.sequence, samples: record.sampleCount)
      }
    }
    return nil
  }

  private mutating func makeRoom(for bytes: Int) -> Bool {
    while byteCount + bytes > limit {
      guard dropOldestMeasurement() else { return false }
    }
    return true
  }

  private mutating func dropOldestMeasurement() -> Bool {
    scan = max(scan, head)
    while scan < entries.count {
      defer { scan += 1 }
      guard case .record(let record) = entries[scan], record.isDroppable else { continue }
      byteCount -= record.bytes.readableBytes
      lostRecords += 1
      lostSamples += UInt64(record.sampleCount)
      if let open = openGap, open.index >= head, open.end == scan, case .gap(var gap) = entries[open.index] {
        gap.next = record.sequence + 1
        gap.records += 1
        gap.samples += UInt64(record.sampleCount)
        entries[open.index] = .gap(gap)
        entries[scan] = .vacant
        openGap = (open.index, scan + 1)
      } else {
        entries[scan] = .gap(
          Gap(
            after: record.sequence - 1, next: record.sequence + 1, records: 1, samples: UInt64(record.sampleCount)))
        openGap = (scan, scan + 1)
      }
      return true
    }
    return false
  }

  /// Lets go of what was sent in bulk, so that each entry is moved once on average.
  private mutating func compact() {
    if head == entries.count {
      entries.removeAll(keepingCapacity: entries.capacity <= 4096)
    } else if head > 1024, head * 2 > entries.count {
      entries.removeFirst(head)
    } else {
      return
    }
    let removed = head
    head = 0
    scan = max(0, scan - removed)
    openGap = openGap.flatMap { $0.index >= removed ? ($0.index - removed, $0.end - removed) : nil }
  }
}
