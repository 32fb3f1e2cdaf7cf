import DriverTestKit
import Stream
import Testing
import Wire

private let measurement = Topic(kind: .measurement, device: "a", channel: "force", quantity: "force")
private let event = Topic(kind: .event, device: "a")
private var everything: Wishes { Wishes([Wishes.Part(mode: .all, filter: RecordFilter())]) }
private var onlyA: Wishes {
  var filter = RecordFilter()
  filter.devices = ["a"]
  return Wishes([Wishes.Part(mode: .all, filter: filter)])
}

/// A stream of lines of 100 bytes, measurements of three samples.
private struct Stream {
  let tail = Tail(limit: 1 << 20)
  let topics = TopicTable()

  func append(_ topics: [Topic]) {
    for topic in topics {
      let line = [UInt8](repeating: UInt8(truncatingIfNeeded: tail.end), count: 100)
      line.withUnsafeBytes {
        tail.append(
          sequence: UInt64(tail.end + 1), topic: self.topics.number(of: topic), isDroppable: topic.isDroppable,
          samples: topic.isDroppable ? 3 : 0, line: $0)
      }
    }
  }
}

extension Cursor {
  fileprivate mutating func takeAll() -> [Aside] {
    var all: [Aside] = []
    while let aside = takeAside() { all.append(aside) }
    return all
  }
}

@Suite struct CursorTests {
  @Test func withinItsLimitNothingIsPassedOver() throws {
    let stream = Stream()
    stream.append([measurement, measurement, measurement])
    var cursor = Cursor(at: 0)
    let caughtUp = cursor.catchUp(with: stream.tail, stream.topics, everything, within: 300)
    let lost = try #require(caughtUp)
    #expect(lost == (0, 0) && cursor.next == 0 && !cursor.hasAside && cursor.lag(behind: stream.tail) == 300)
  }

  @Test func theOldestMeasurementsGoAndOneGapSaysSo() throws {
    let stream = Stream()
    stream.append([Topic](repeating: measurement, count: 12))
    var cursor = Cursor(at: 0)
    let caughtUp = cursor.catchUp(with: stream.tail, stream.topics, everything, within: 500)
    let lost = try #require(caughtUp)
    #expect(lost == (7, 21) && cursor.next == 7 && cursor.lag(behind: stream.tail) == 500)
    #expect(cursor.takeAll() == [.skipped(.init(after: 0, next: 8, records: 7, samples: 21))])
  }

  @Test func whatMustNotBeLostKeepsItsPlaceAmongTheGaps() throws {
    let stream = Stream()
    stream.append([measurement, measurement, event, measurement, measurement, event, measurement])
    var cursor = Cursor(at: 0)
    let caughtUp = cursor.catchUp(with: stream.tail, stream.topics, everything, within: 300)
    let lost = try #require(caughtUp)
    #expect(lost == (4, 12) && cursor.asideBytes == 100 && cursor.next == 5)
    #expect(cursor.lag(behind: stream.tail) == 300)
    #expect(
      cursor.takeAll() == [
        .skipped(.init(after: 0, next: 3, records: 2, samples: 6)),
        .line(stream.tail.line(at: 2), sequence: 3, samples: 0),
        .skipped(.init(after: 3, next: 6, records: 2, samples: 6)),
      ])
    #expect(cursor.asideBytes == 0 && !cursor.hasAside && !cursor.isAtEnd(of: stream.tail))
    cursor.advance(to: stream.tail.end)
    #expect(cursor.isAtEnd(of: stream.tail))
  }

  @Test func whatWasNotWantedIsNeverCountedAndDoesNotPartGaps() throws {
    let stream = Stream()
    let other = Topic(kind: .event, device: "b")
    stream.append([other, measurement, other, measurement, other, event, other, measurement, other])
    var cursor = Cursor(at: 0)
    let caughtUp = cursor.catchUp(with: stream.tail, stream.topics, onlyA, within: 100)
    let lost = try #require(caughtUp)
    #expect(lost == (3, 9))
    #expect(
      cursor.takeAll() == [
        .skipped(.init(after: 1, next: 5, records: 2, samples: 6)),
        .line(stream.tail.line(at: 5), sequence: 6, samples: 0),
        .skipped(.init(after: 7, next: 9, records: 1, samples: 3)),
      ])
  }

  @Test func aGapGrowsFromOneTurnToTheNextAndNotOnceItWasTold() throws {
    let stream = Stream()
    var cursor = Cursor(at: 0)
    stream.append([measurement, measurement])
    _ = cursor.catchUp(with: stream.tail, stream.topics, everything, within: 100)
    stream.append([measurement])
    _ = cursor.catchUp(with: stream.tail, stream.topics, everything, within: 100)
    #expect(cursor.takeAside() == .skipped(.init(after: 0, next: 3, records: 2, samples: 6)))
    stream.append([measurement])
    let caughtUp = cursor.catchUp(with: stream.tail, stream.topics, everything, within: 100)
    let lost = try #require(caughtUp)
    #expect(lost == (1, 3))
    #expect(cursor.takeAll() == [.skipped(.init(after: 2, next: 4, records: 1, samples: 3))])
  }

  @Test func tooMuchOfWhatMustNotBeLostIsTheEnd() {
    let stream = Stream()
    stream.append([event, event, measurement, event, event])
    var (tight, wide) = (Cursor(at: 0), Cursor(at: 0))
    let isTightEnough = tight.catchUp(with: stream.tail, stream.topics, everything, within: 399) != nil
    let isWideEnough = wide.catchUp(with: stream.tail, stream.topics, everything, within: 400) != nil
    #expect(!isTightEnough && isWideEnough)
    #expect(wide.lag(behind: stream.tail) <= 400)
  }

  @Test func whoComesBackForWhatIsGoneIsToldFirst() {
    let stream = Stream()
    stream.append([measurement])
    var cursor = Cursor(at: 0, isReplay: true)
    cursor.begin(withoutRecordsFrom: 1, to: 41)
    #expect(cursor.isReplay && cursor.hasAside && !cursor.isAtEnd(of: stream.tail))
    #expect(cursor.takeAll() == [.skipped(.init(after: 0, next: 41, records: 40, samples: nil))])
  }

  @Test func memoryThatWentOnWithoutAReaderIsAHoleOfKnownLength() throws {
    let tail = Tail(limit: 1_000)
    let topics = TopicTable()
    let line = [UInt8](repeating: 7, count: 100)
    func append(_ count: Int) {
      for _ in 0..<count {
        line.withUnsafeBytes {
          tail.append(
            sequence: UInt64(tail.end + 1), topic: topics.number(of: measurement), isDroppable: true, samples: 3,
            line: $0)
        }
      }
    }
    append(5)
    var cursor = Cursor(at: 3)
    append(100)
    tail.trim()
    let gone = tail.first
    let caughtUp = cursor.catchUp(with: tail, topics, everything, within: 500)
    let lost = try #require(caughtUp)
    #expect(lost == (5, 15))
    #expect(
      cursor.takeAll() == [
        .skipped(.init(after: 3, next: UInt64(gone + 1), records: UInt64(gone - 3), samples: nil)),
        .skipped(.init(after: UInt64(gone), next: UInt64(gone + 6), records: 5, samples: 15)),
      ])
    #expect(cursor.next == gone + 5)
  }

  @Test func whatCannotBeDecidedNowIsPassedOverLater() {
    let stream = Stream()
    stream.append([measurement, measurement, event, measurement])
    var filter = RecordFilter()
    filter.devices = ["a"]
    let wishes = Wishes([Wishes.Part(mode: .all, filter: filter)])
    var cursor = Cursor(at: 0)
    func catchUp(_ cursor: inout Cursor) -> (records: UInt64, samples: UInt64) {
      cursor.catchUp(with: stream.tail, stream.topics, wishes, within: 100) ?? (.max, .max)
    }
    stream.topics.decisionsLeft = 0
    #expect(catchUp(&cursor) == (0, 0))
    #expect(cursor.next == 0)
    stream.topics.decisionsLeft = 1
    #expect(catchUp(&cursor) == (2, 6))
    #expect(cursor.next == 2)
    stream.topics.decisionsLeft = 1
    #expect(catchUp(&cursor) == (1, 3))
    #expect(
      cursor.takeAll() == [
        .skipped(.init(after: 0, next: 3, records: 2, samples: 6)),
        .line(stream.tail.line(at: 2), sequence: 3, samples: 0),
        .skipped(.init(after: 3, next: 5, records: 1, samples: 3)),
      ])
  }

  /// A reader that always has something set aside, and takes one for each that comes, holds no more than what waits.
  @Test func whatWasTakenIsNotHeldAnyLonger() throws {
    let stream = Stream()
    var cursor = Cursor(at: 0)
    for _ in 0..<5_000 {
      stream.append([event, measurement])
      _ = cursor.catchUp(with: stream.tail, stream.topics, everything, within: 1_000)
      while cursor.asideBytes > 500 { _ = cursor.takeAside() }
    }
    let aside = Mirror(reflecting: cursor).children.first { $0.label == "aside" }?.value as? [Cursor.Aside]
    #expect(try #require(aside).count < 200)
  }
}
