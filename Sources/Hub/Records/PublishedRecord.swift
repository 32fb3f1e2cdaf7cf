package import MeasurementStream
package import NIOCore

/// A record on its way out: its bytes are shared by all consumers.
package struct PublishedRecord: Sendable {
  /// Its number.
  package let sequence: UInt64
  /// What subscriptions filter on.
  package let topic: Topic
  /// A small number for the topic, the same for equal topics: consumers remember their decision under it.
  package let topicNumber: Int
  /// Samples in it.
  package let sampleCount: Int
  /// One line of JSON with its newline.
  package let bytes: ByteBuffer

  /// A record with its bytes.
  package init(_ record: Record, topicNumber: Int) {
    sequence = record.sequence
    topic = record.topic
    self.topicNumber = topicNumber
    sampleCount = record.sampleCount
    bytes = ByteBuffer(bytes: record.line)
  }

  /// Measurements may be dropped for a consumer that is too slow; nothing else may.
  package var isDroppable: Bool { topic.kind == .measurement }
}

/// Small numbers for topics.
struct TopicNumbers {
  private var numbers: [Topic: Int] = [:]
  private var topics: [Topic] = []

  mutating func number(of topic: Topic) -> Int {
    if let number = numbers[topic] { return number }
    numbers[topic] = topics.count
    topics.append(topic)
    return topics.count - 1
  }

  /// The topic with a number that was given out.
  subscript(number: Int) -> Topic { topics[number] }
}
