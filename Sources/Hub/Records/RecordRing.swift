/// The newest records, as many as fit into a number of bytes: what a consumer can resume from.
///
/// This is the place of the durable journal, which will answer the same two questions from disk.
package struct RecordRing: Sendable {
  /// A record that is kept: its line, exactly as long as it is, and what is needed to send it again.
  package struct Kept: Sendable {
    /// Its number.
    package let sequence: UInt64
    /// Number of its topic.
    package let topicNumber: Int
    /// Samples in it.
    package let sampleCount: Int
    /// One line of JSON with its newline.
    package let line: [UInt8]

    /// What it takes up: the line, its array and this structure.
    var cost: Int { line.count + 80 }
  }

  private var records: [Kept] = []
  private var start = 0
  private var byteCount = 0
  private let limit: Int

  /// A ring that takes up at most `limit` bytes.
  package init(limit: Int) { self.limit = limit }

  /// Number of the oldest record still held; `nil` while there is none.
  package var oldest: UInt64? { start < records.count ? records[start].sequence : nil }

  /// Adds the next record; the oldest ones go when there is no room. Numbers must follow each other.
  mutating func append(_ record: Kept) {
    records.append(record)
    byteCount += record.cost
    while byteCount > limit, start < records.count - 1 {
      byteCount -= records[start].cost
      start += 1
    }
    // Let go of the records in front in bulk, so that each is moved once on average.
    if start > 256, start * 2 > records.count {
      records.removeFirst(start)
      start = 0
    }
  }

  /// The record with this number, or the oldest one after it; `nil` when there is none yet.
  package func record(from sequence: UInt64) -> Kept? {
    guard let oldest else { return nil }
    let index = start + Int(max(sequence, oldest) - oldest)
    return index < records.count ? records[index] : nil
  }
}
