package import StrictJSON

/// All devices have been told to a new subscription.
public struct SnapshotEnd: Equatable, Sendable {
  /// The subscription.
  public var subscription: String
  /// The number of the last record that the snapshot takes into account.
  public var sequence: UInt64

  /// The end of a snapshot.
  package init(subscription: String, sequence: UInt64) {
    self.subscription = subscription
    self.sequence = sequence
  }
}

extension SnapshotEnd: Telling {
  package static let method: StaticString = "snapshot_end"

  package func write(to writer: inout JSONWriter) {
    writer.member("sub", subscription)
    writer.member("seq", sequence)
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    subscription = try fields.text("sub")
    sequence = try fields.count("seq") ?? 0
  }
}
