internal import NIOCore

/// The newest records, as many as fit into a number of bytes: what a consumer can resume from.
///
/// This is the place of the durable journal, which will answer the same two questions from disk.
package struct RecordRing: Sendable {
  private var records: [PublishedRecord] = []
  private var start = 0
  private var byteCount = 0
  private let limit: Int

  /// A ring for at most `limit` bytes of lines.
  package init(limit: Int) { self.limit = limit }

  /// Number of the oldest record still held; `nil` while there is none.
  package var oldest: UInt64? { start < records.count ? records[start].sequence : nil }

  /// Adds the next record; the oldest ones go when there is no room. Numbers must follow each other.
  package mutating func append(_ record: PublishedRecord) {
    records.append(record)
    byteCount += record.bytes.readableBytes
    while byteCount > limit, start < records.count - 1 {
      byteCount -= records[start].bytes.readableBytes
      start += 1
    }
    // Let go of the records in front in bulk, so that each is moved once on average.
    if start > 256, start * 2 > records.count {
      records.removeFirst(start)
      start = 0
    }
  }

  /// The record with this number, or the oldest one after it; `nil` when there is none yet.
  package func record(from sequence: UInt64) -> PublishedRecord? {
    guard let oldest else { return nil }
    let index = start + Int(max(sequence, oldest) - oldest)
    return index < records.count ? records[index] : nil
  }
}
