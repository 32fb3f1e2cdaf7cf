import Stream
import StrictJSON
import Testing
import Wire

@Suite struct RecordLogTests {
  private func append(_ length: Int, to log: RecordLog, samples: Int = 0) -> Int? {
    let topic = log.topics.number(of: Topic(kind: .event, device: "a"))
    return log.append(topic, samples: samples) { writer, _ in
      writer.string(String(repeating: "x", count: length - 3))
      writer.newLine()
    }
  }

  @Test func numbersAreDenseAndWrittenIntoTheLine() {
    let log = RecordLog(epoch: "e", limit: 100_000)
    let topic = log.topics.number(of: Topic(kind: .event, device: "a"))
    for number in 1...50 as ClosedRange<UInt64> {
      let length = log.append(topic, isDroppable: number % 2 == 0, samples: Int(number)) { writer, sequence in
        writer.integer(sequence)
        writer.newLine()
      }
      #expect(length == String(number).utf8.count + 1 && log.head == number)
      #expect(log.tail.line(at: Int(number) - 1) == Array("\(number)\n".utf8))
      #expect(log.tail[Int(number) - 1].isDroppable == (number % 2 == 0))
    }
    #expect(log.tail.samples == 1_275 && log.tail.oldest == 1)
  }

  @Test func aLineThatIsTooLongGetsNoNumber() {
    let log = RecordLog(epoch: "e", limit: 1 << 20)
    #expect(append(Tail.longestLine, to: log) == Tail.longestLine)
    #expect(append(Tail.longestLine + 1, to: log, samples: 9) == nil)
    #expect(log.head == 1 && log.tail.end == 1 && log.tail.samples == 0)
    #expect(append(100, to: log) == 100 && log.tail[1].sequence == 2)
  }

  @Test func equalTopicsHaveOneNumber() {
    let topics = TopicTable()
    let first = topics.number(of: Topic(kind: .event, device: "a"))
    #expect(topics.number(of: Topic(kind: .event, device: "a", channel: "c")) != first)
    #expect(topics.number(of: Topic(kind: .event, device: "a")) == first && topics.count == 2)
    #expect(topics[first] == Topic(kind: .event, device: "a"))
    #expect(RecordKind.allCases.filter { Topic(kind: $0, device: "a").isDroppable } == [.measurement])
  }
}
