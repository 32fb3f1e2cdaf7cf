package import StrictJSON

/// What a connection was sent and what it was too slow for, exactly: a part of each heartbeat, and the answer to
/// `stats`.
public struct ConnectionCounters: Equatable, Sendable {
  /// A subscription of the connection.
  public struct Subscribed: Equatable, Sendable {
    /// Its name.
    public var name: String
    /// How much of the stream it gets; `nil`: in a way that this build does not know.
    public var mode: Subscription.Mode?
    /// Samples passed over; only in mode ``Subscription/Mode/latest``.
    public var skipped: UInt64?

    /// A subscription.
    package init(name: String, mode: Subscription.Mode?, skipped: UInt64? = nil) {
      self.name = name
      self.mode = mode
      self.skipped = skipped
    }
  }

  /// How many records the hub sent on this connection.
  public var sentRecords: UInt64
  /// How many samples were in them. In mode ``Subscription/Mode/all`` it is the number of samples that must have
  /// arrived.
  public var sentSamples: UInt64
  /// How many records this consumer was too slow for, since it connected.
  public var lostRecords: UInt64
  /// How many samples this consumer was too slow for, since it connected.
  public var lostSamples: UInt64
  /// Bytes that wait to be read by this consumer.
  public var queuedBytes: UInt64
  /// The connection's subscriptions, in the order in which they were made.
  public var subscriptions: [Subscribed]

  /// Counters; see the properties.
  package init(
    sentRecords: UInt64 = 0, sentSamples: UInt64 = 0, lostRecords: UInt64 = 0, lostSamples: UInt64 = 0,
    queuedBytes: UInt64 = 0, subscriptions: [Subscribed] = []
  ) {
    self.sentRecords = sentRecords
    self.sentSamples = sentSamples
    self.lostRecords = lostRecords
    self.lostSamples = lostSamples
    self.queuedBytes = queuedBytes
    self.subscriptions = subscriptions
  }
}

extension ConnectionCounters: WireObject {
  package func write(to writer: inout JSONWriter) {
    writer.member("sent_records", sentRecords)
    writer.member("sent_samples", sentSamples)
    writer.member("lost_records", lostRecords)
    writer.member("lost_samples", lostSamples)
    writer.member("queued_bytes", queuedBytes)
    writer.object("subs") { writer in
      for subscription in subscriptions {
        writer.key(subscription.name)
        writer.object { writer in
          writer.known("mode", subscription.mode?.rawValue ?? "")
          writer.known("skipped", subscription.skipped)
        }
      }
    }
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    sentRecords = try fields.requiredCount("sent_records")
    sentSamples = try fields.requiredCount("sent_samples")
    lostRecords = try fields.requiredCount("lost_records")
    lostSamples = try fields.requiredCount("lost_samples")
    queuedBytes = try fields.requiredCount("queued_bytes")
    subscriptions = []
    for member in fields.node("subs")?.members ?? [] {
      var subscribed = try JSONFields(member.node, fields.path(of: "subs"))
      let mode = Subscription.Mode(rawValue: try subscribed.text("mode"))
      subscriptions.append(Subscribed(name: member.key, mode: mode, skipped: try subscribed.count("skipped")))
    }
  }
}
