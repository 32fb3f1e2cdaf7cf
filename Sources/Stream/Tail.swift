/// The newest records of the stream: their exact bytes, once, in one ring of memory, and where each lies in it.
///
/// Everybody who reads is a place in it: an index of an entry. Indexes count records since the stream began, and stay the
/// same when older ones are let go of.
package final class Tail {
  /// Where a record lies, and what is needed to decide about it without reading it.
  package struct Entry {
    /// The record's number.
    package let sequence: UInt64
    /// Where its line begins, in bytes since the stream began.
    package let position: UInt64
    /// Samples in all records before it, since the stream began.
    package let samplesBefore: UInt64
    /// What it is about.
    package let topic: TopicNumber
    /// It may be passed over for a reader that is too slow.
    package let isDroppable: Bool
  }

  /// No line is longer: what does not fit is split or refused before it gets a number.
  package static let longestLine = 65_536

  /// How many bytes of lines are kept when the stream is at rest.
  package let limit: Int
  /// How many bytes may come before ``trim()`` is called: until then nobody's place is let go of.
  package let slack: Int
  private let room: Int
  private let bytes: UnsafeMutableRawPointer
  /// A ring, a power of two long. It grows with what is held at once, so that what it once held does not take memory for
  /// ever, and memory does not go on being touched for minutes.
  private var entries: UnsafeMutablePointer<Entry>
  private var entryRoom = 1024
  private let mostEntries: Int
  /// Index of the oldest record that is held.
  package private(set) var first = 0
  /// Index of the next record: one after the newest.
  package private(set) var end = 0
  /// Bytes of all lines since the stream began.
  package private(set) var endPosition: UInt64 = 0
  /// Samples since the stream began.
  package private(set) var samples: UInt64 = 0

  /// A tail that keeps lines of at most `limit` bytes together.
  package init(limit: Int) {
    self.limit = limit
    slack = max(limit / 16, 2 * Self.longestLine)
    room = limit + 2 * slack
    // The memory is touched only as it fills.
    bytes = .allocate(byteCount: room, alignment: 64)
    // No line is shorter than 64 bytes; the usual 200 leave room to spare.
    mostEntries = room / 64
    entries = .allocate(capacity: entryRoom)
  }

  deinit {
    bytes.deallocate()
    entries.deallocate()
  }

  /// The entry of a record that is held.
  package subscript(index: Int) -> Entry {
    precondition(index >= first && index < end, "a record that is not held was asked for")
    return entries[index & (entryRoom - 1)]
  }

  /// Where the line of a record begins; that of `end` is the place of the next one.
  package func position(of index: Int) -> UInt64 { index == end ? endPosition : self[index].position }

  /// How long a line is, with its newline.
  package func length(of index: Int) -> Int { Int(position(of: index + 1) - self[index].position) }

  /// Samples in all records before this one; that of `end` are all.
  package func samples(before index: Int) -> UInt64 { index == end ? samples : self[index].samplesBefore }

  /// Number of the oldest record that is held; `nil` while there is none.
  package var oldest: UInt64? { first < end ? self[first].sequence : nil }

  /// Adds a record. Numbers must rise. The oldest go at once only when there is no room at all.
  package func append(
    sequence: UInt64, topic: TopicNumber, isDroppable: Bool, samples count: Int, line: UnsafeRawBufferPointer
  ) {
    precondition(line.count <= room, "a line is longer than the stream's memory")
    while first < end, byteCount + line.count > room || end - first >= mostEntries { first += 1 }
    if end - first == entryRoom { growEntries() }
    let start = Int(endPosition % UInt64(room))
    let upToEnd = min(line.count, room - start)
    if let base = line.baseAddress {
      (bytes + start).copyMemory(from: base, byteCount: upToEnd)
      if upToEnd < line.count { bytes.copyMemory(from: base + upToEnd, byteCount: line.count - upToEnd) }
    }
    (entries + (end & (entryRoom - 1))).initialize(
      to: Entry(
        sequence: sequence, position: endPosition, samplesBefore: samples, topic: topic, isDroppable: isDroppable))
    end += 1
    endPosition += UInt64(line.count)
    samples += UInt64(count)
  }

  private func growEntries() {
    let larger = UnsafeMutablePointer<Entry>.allocate(capacity: 2 * entryRoom)
    for index in first..<end { (larger + (index & (2 * entryRoom - 1))).initialize(to: self[index]) }
    entries.deallocate()
    entries = larger
    entryRoom *= 2
  }

  /// Bytes of the lines that are held.
  package var byteCount: Int { first < end ? Int(endPosition - self[first].position) : 0 }

  /// Lets go of the oldest records until the rest fits into the limit. Before, whoever is slow must be brought past them.
  package func trim() {
    while first < end - 1, byteCount > limit { first += 1 }
  }

  /// Index of the record with this number, or of the oldest one after it that is held; `end` when there is none.
  package func index(from sequence: UInt64) -> Int {
    var (low, high) = (first, end)
    while low < high {
      let middle = (low + high) / 2
      if self[middle].sequence < sequence { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The bytes from one position up to another, as far as they lie in one piece. Valid until the next record comes.
  package func piece(from position: UInt64, to end: UInt64) -> UnsafeRawBufferPointer {
    let start = Int(position % UInt64(room))
    return UnsafeRawBufferPointer(start: bytes + start, count: min(Int(end - position), room - start))
  }

  /// Copies the bytes from one position up to another.
  package func copy(from position: UInt64, to end: UInt64, into buffer: UnsafeMutableRawBufferPointer) {
    let first = piece(from: position, to: end)
    buffer.copyMemory(from: first)
    let rest = piece(from: position + UInt64(first.count), to: end)
    if !rest.isEmpty { UnsafeMutableRawBufferPointer(rebasing: buffer[first.count...]).copyMemory(from: rest) }
  }

  /// A copy of a record's line, with its newline.
  package func line(at index: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: length(of: index)) { buffer, count in
      count = length(of: index)
      copy(from: position(of: index), to: position(of: index + 1), into: UnsafeMutableRawBufferPointer(buffer))
    }
  }
}
