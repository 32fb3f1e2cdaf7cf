package import StrictJSON

/// Something that a person should see to: `queue_high`.
public struct Warning: Equatable, Sendable {
  /// What, in one word.
  public var name: String
  /// What waits for this consumer.
  public var queuedBytes: UInt64
  /// What may wait for it.
  public var maxBytes: UInt64
  /// What, in one plain sentence; empty when the hub gives none.
  public var sentence: String

  /// A warning; see the properties.
  package init(name: String, queuedBytes: UInt64, maxBytes: UInt64, sentence: String) {
    self.name = name
    self.queuedBytes = queuedBytes
    self.maxBytes = maxBytes
    self.sentence = sentence
  }

  /// More than half of a connection's queue is full.
  package static func queueHigh(queuedBytes: UInt64, maxBytes: UInt64) -> Warning {
    Warning(
      name: "queue_high", queuedBytes: queuedBytes, maxBytes: maxBytes,
      sentence: "This consumer reads too slowly; measurements will be dropped, and counted, when its queue is full.")
  }
}

extension Warning: Telling {
  package static let method: StaticString = "warning"

  package func write(to writer: inout JSONWriter) {
    writer.member("name", name)
    writer.member("queued_bytes", queuedBytes)
    writer.member("max_bytes", maxBytes)
    writer.member("text", sentence)
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    name = try fields.text("name")
    queuedBytes = try fields.count("queued_bytes") ?? 0
    maxBytes = try fields.count("max_bytes") ?? 0
    sentence = try fields.text("text")
  }
}
