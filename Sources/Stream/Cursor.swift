/// The place in the stream of a reader that has not got everything yet: it is slow, or it catches up with the past.
///
/// A pure state: it says what to send next, and what was passed over, exactly. Only measurements are passed over; what
/// must not be lost is set aside, in its place among the gaps.
package struct Cursor {
  /// Records that were passed over one after another: the reader gets all of its records up to `after`, lost `records` of
  /// those between, and gets those from `next` on.
  package struct Skipped: Equatable, Sendable {
    /// Number just before the first lost record.
    package var after: UInt64
    /// Number just after the last lost record.
    package var next: UInt64
    /// Lost records of this reader.
    package var records: UInt64
    /// Samples in them; `nil` where nobody can know it any more.
    package var samples: UInt64?

    /// Records that were passed over.
    package init(after: UInt64, next: UInt64, records: UInt64, samples: UInt64?) {
      self.after = after
      self.next = next
      self.records = records
      self.samples = samples
    }
  }

  /// What was set aside, to be sent before what lies in the tail.
  package enum Aside: Equatable {
    /// Say that records were passed over.
    case skipped(Skipped)
    /// A whole line, and how many samples are in it.
    case line([UInt8], sequence: UInt64, samples: UInt64)
  }

  /// Index of the next record to look at.
  package private(set) var next: Int
  /// It catches up with the past: how far it is behind is no slowness.
  package let isReplay: Bool
  /// What goes out before it.
  private var aside: [Aside] = []
  private var asideStart = 0
  /// Bytes of the lines that were set aside.
  package private(set) var asideBytes = 0

  /// A reader whose next record is at an index of the tail.
  package init(at index: Int, isReplay: Bool = false) {
    next = index
    self.isReplay = isReplay
  }

  /// Something was set aside.
  package var hasAside: Bool { asideStart < aside.count }

  /// It has everything up to the end of the tail.
  package func isAtEnd(of tail: Tail) -> Bool { next == tail.end && !hasAside }

  /// How far it is behind, in bytes of the stream.
  package func lag(behind tail: Tail) -> Int {
    Int(tail.endPosition - tail.position(of: max(next, tail.first))) + asideBytes
  }

  /// The records up to an index are on their way.
  package mutating func advance(to index: Int) { next = index }

  /// Takes out what was set aside first.
  package mutating func takeAside() -> Aside? {
    guard hasAside else { return nil }
    let first = aside[asideStart]
    asideStart += 1
    if asideStart > 32, asideStart * 2 > aside.count {
      aside.removeFirst(asideStart)
      asideStart = 0
    }
    if case .line(let bytes, _, _) = first { asideBytes -= bytes.count }
    if asideStart == aside.count {
      aside = []
      asideStart = 0
    }
    return first
  }

  /// Passes over so much that it is no further behind than `limit` bytes, and gives what was passed over together: records
  /// and samples. `nil`: what must not be lost alone is more than that; this reader must be closed.
  package mutating func catchUp(
    with tail: Tail, _ topics: TopicTable, _ wishes: Wishes, within limit: Int
  ) -> (records: UInt64, samples: UInt64)? {
    var lost: (records: UInt64, samples: UInt64) = (0, 0)
    if next < tail.first { skipWhatIsGone(from: tail) }
    while next < tail.end, lag(behind: tail) > limit {
      let entry = tail[next]
      guard let isWanted = wishes.want(entry.topic, of: topics) else { break }
      if isWanted {
        let samples = tail.samples(before: next + 1) - entry.samplesBefore
        if entry.isDroppable {
          skip(entry.sequence, samples: samples)
          lost.records += 1
          lost.samples += samples
        } else {
          let line = tail.line(at: next)
          asideBytes += line.count
          aside.append(.line(line, sequence: entry.sequence, samples: samples))
        }
      }
      next += 1
    }
    return asideBytes > limit ? nil : lost
  }

  /// Adds a lost record to the newest gap; one that no wanted record parts from it.
  private mutating func skip(_ sequence: UInt64, samples: UInt64) {
    if case .skipped(var skipped)? = aside.last, asideStart < aside.count, let sum = skipped.samples {
      skipped.next = sequence + 1
      skipped.records += 1
      skipped.samples = sum + samples
      aside[aside.count - 1] = .skipped(skipped)
    } else {
      aside.append(.skipped(Skipped(after: sequence - 1, next: sequence + 1, records: 1, samples: samples)))
    }
  }

  /// The stream's memory went on without this reader, which its limit should not let happen: how many records there were
  /// is known, and what was in them is not.
  private mutating func skipWhatIsGone(from tail: Tail) {
    let sequence = tail.first < tail.end ? tail[tail.first].sequence : 0
    let records = UInt64(tail.first - next)
    aside.append(.skipped(Skipped(after: sequence - records - 1, next: sequence, records: records, samples: nil)))
    next = tail.first
  }

  /// A reader that comes back wants records which are no longer held: that is said first.
  package mutating func begin(withoutRecordsFrom first: UInt64, to next: UInt64) {
    aside.append(.skipped(Skipped(after: first - 1, next: next, records: next - first, samples: nil)))
  }
}
