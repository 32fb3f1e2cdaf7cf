internal import StrictJSON

/// The first line on every connection.
public struct Welcome: Equatable, Sendable {
  /// The name of the server: `thenar`.
  public let server: String
  /// Its version.
  public let build: String
  /// The oldest version of the protocol that it speaks.
  public let oldestProtocol: Int64
  /// The newest version of the protocol that it speaks.
  public let newestProtocol: Int64
  /// The name of the stream's present life. In another epoch sequence numbers begin anew.
  public let epoch: String
  /// How often heartbeats come, in milliseconds.
  public let heartbeatInterval: Int64

  init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    server = try fields.requiredString("server")
    build = try fields.text("build")
    var range = try fields.object("proto")
    oldestProtocol = try range?.integer("min", in: exactIntegers) ?? 1
    newestProtocol = try range?.integer("max", in: exactIntegers) ?? 1
    epoch = try fields.text("epoch")
    heartbeatInterval = try fields.integer("heartbeat_ms", in: 1...3_600_000) ?? 1000
  }
}

/// All devices have been told to a new subscription.
public struct SnapshotEnd: Equatable, Sendable {
  /// The subscription.
  public let subscription: String
  /// The number of the last record that the snapshot takes into account.
  public let sequence: UInt64

  init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    subscription = try fields.text("sub")
    sequence = try fields.count("seq") ?? 0
  }
}

/// Something that a person should see to: `queue_high`.
public struct Warning: Equatable, Sendable {
  /// What, in one word.
  public let name: String
  /// What, in one plain sentence; empty when the hub gives none.
  public let sentence: String

  init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    name = try fields.text("name")
    sentence = try fields.text("text")
  }
}
