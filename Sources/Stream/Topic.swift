package import Wire

/// What a record is about: what subscriptions filter on.
package struct Topic: Hashable, Sendable {
  /// The kind of record.
  package var kind: RecordKind
  /// The device's name.
  package var device: String
  /// The channel's name; empty where the record belongs to the whole device.
  package var channel: String
  /// The channel's quantity; empty where there is no channel.
  package var quantity: String

  /// A topic.
  package init(kind: RecordKind, device: String, channel: String = "", quantity: String = "") {
    self.kind = kind
    self.device = device
    self.channel = channel
    self.quantity = quantity
  }

  /// Measurements may be passed over for a consumer that is too slow; nothing else may.
  package var isDroppable: Bool { kind == .measurement }
}

/// A small number for a topic, the same for equal topics: whoever decides about a topic remembers it under this number.
package struct TopicNumber: Hashable, Sendable {
  /// From 0.
  package let index: Int32
}

/// All topics that the stream has had, by number.
package final class TopicTable {
  private var numbers: [Topic: TopicNumber] = [:]
  private var topics: [Topic] = []
  /// How many filters may still be asked about a topic in this turn of the loop. A new topic with a thousand filters that
  /// were made to be slow must not hold up the readings: who is not decided about is served later, in a slice of its own.
  package var decisionsLeft = TopicTable.decisionsPerTurn
  /// Filters that are asked in one turn: some ten milliseconds of the slowest ones.
  package static let decisionsPerTurn = 32

  /// No topics yet.
  package init() {}

  /// The number of a topic; a new one for a new topic.
  package func number(of topic: Topic) -> TopicNumber {
    if let number = numbers[topic] { return number }
    let number = TopicNumber(index: Int32(topics.count))
    numbers[topic] = number
    topics.append(topic)
    return number
  }

  /// The topic with a number that was given out.
  package subscript(number: TopicNumber) -> Topic { topics[Int(number.index)] }

  /// How many there are.
  package var count: Int { topics.count }
}
