/// What a record of the stream is about.
package enum RecordKind: String, CaseIterable, Sendable {
  /// A batch of samples of one channel.
  case measurement
  /// Something that happened.
  case event
  /// What one trial came to.
  case result
  /// A device changed its state.
  case device
  /// Samples that were lost before they reached the station.
  case gap
}

/// One numbered item of the stream, encoded once. The journal and every consumer get these bytes.
package struct Record: Sendable {
  /// Its number; dense, never given twice within an epoch.
  package let sequence: UInt64
  /// What it is about.
  package let topic: Topic
  /// How many samples it holds; 0 for other kinds.
  package let sampleCount: Int
  /// One line of JSON with its newline.
  package let line: [UInt8]

  /// A record whose line was made by a ``RecordEncoder``.
  package init(sequence: UInt64, topic: Topic, sampleCount: Int, line: [UInt8]) {
    self.sequence = sequence
    self.topic = topic
    self.sampleCount = sampleCount
    self.line = line
  }
}

/// What subscriptions filter on.
package struct Topic: Hashable, Sendable {
  /// What the record is about.
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
}
