package import StrictJSON

/// Numbers records, writes each once, and keeps the newest. Nothing else happens here: who wants them comes for them.
package final class RecordLog {
  /// Names one life of the numbering: with another epoch, numbers begin again.
  package let epoch: String
  /// Number of the newest record; 0 before the first.
  package private(set) var head: UInt64 = 0
  /// The newest records.
  package let tail: Tail
  /// What they are about.
  package let topics = TopicTable()
  private var writer = JSONWriter(capacity: 4096)

  /// A log that keeps lines of at most `limit` bytes together.
  package init(epoch: String, limit: Int) {
    self.epoch = epoch
    tail = Tail(limit: limit)
  }

  /// Appends a record, made with its number; gives the length of its line, or `nil` when it is longer than a line may be
  /// and was not appended.
  package func append(
    _ topic: TopicNumber, isDroppable: Bool = false, samples: Int = 0, _ write: (inout JSONWriter, UInt64) -> Void
  ) -> Int? {
    writer.clear()
    write(&writer, head + 1)
    let count = writer.count
    guard count <= Tail.longestLine else { return nil }
    head += 1
    writer.withBytes { line in
      tail.append(sequence: head, topic: topic, isDroppable: isDroppable, samples: samples, line: line)
    }
    return count
  }
}
