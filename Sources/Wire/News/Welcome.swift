package import StrictJSON

/// The first line on every connection.
public struct Welcome: Equatable, Sendable {
  /// What one connection may ask of the hub.
  public struct Limits: Equatable, Sendable {
    /// Bytes of a request, its newline not counted.
    public var line: Int
    /// Subscriptions of a connection.
    public var subscriptions: Int
    /// What may wait for a connection, unless it asks otherwise.
    public var queueBytes: Int
    /// Outcomes of commands that a device may owe.
    public var deviceCommands: Int

    /// Limits; see the properties.
    package init(line: Int, subscriptions: Int, queueBytes: Int, deviceCommands: Int) {
      self.line = line
      self.subscriptions = subscriptions
      self.queueBytes = queueBytes
      self.deviceCommands = deviceCommands
    }
  }

  /// The name of the server: `thenar`.
  public var server = "thenar"
  /// Its version.
  public var build: String
  /// What people call the station; empty when they do not.
  public var station: String
  /// The oldest version of the protocol that it speaks.
  public var oldestProtocol: Int64
  /// The newest version of the protocol that it speaks.
  public var newestProtocol: Int64
  /// The name of the stream's present life. In another epoch sequence numbers begin anew.
  public var epoch: String
  /// What a connection may ask.
  public var limits: Limits
  /// How often heartbeats come, in milliseconds.
  public var heartbeatInterval: Int64

  /// A greeting; see the properties.
  package init(
    build: String, station: String = "", oldestProtocol: Int64 = ProtocolVersion.oldest,
    newestProtocol: Int64 = ProtocolVersion.newest, epoch: String, limits: Limits, heartbeatInterval: Int64 = 1000
  ) {
    self.build = build
    self.station = station
    self.oldestProtocol = oldestProtocol
    self.newestProtocol = newestProtocol
    self.epoch = epoch
    self.limits = limits
    self.heartbeatInterval = heartbeatInterval
  }
}

/// Versions of the socket protocol that this build speaks.
package enum ProtocolVersion {
  /// The oldest.
  package static let oldest: Int64 = 1
  /// The newest.
  package static let newest: Int64 = 1
}

extension Welcome: Telling {
  package static let method: StaticString = "welcome"

  package func write(to writer: inout JSONWriter) {
    writer.member("server", server)
    writer.member("build", build)
    writer.known("station", station)
    writer.object("proto") { writer in
      writer.member("min", oldestProtocol)
      writer.member("max", newestProtocol)
    }
    writer.member("epoch", epoch)
    writer.object("limits") { writer in
      writer.member("line", limits.line)
      writer.member("subscriptions", limits.subscriptions)
      writer.member("queue_bytes", limits.queueBytes)
      writer.member("device_commands", limits.deviceCommands)
    }
    writer.member("heartbeat_ms", heartbeatInterval)
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    server = try fields.requiredString("server")
    build = try fields.text("build")
    station = try fields.text("station")
    var range = try fields.object("proto")
    oldestProtocol = try range?.integer("min", in: exactIntegers) ?? 1
    newestProtocol = try range?.integer("max", in: exactIntegers) ?? 1
    epoch = try fields.text("epoch")
    var limits = try fields.object("limits")
    self.limits = Limits(
      line: Int(clamping: try limits?.count("line") ?? 0),
      subscriptions: Int(clamping: try limits?.count("subscriptions") ?? 0),
      queueBytes: Int(clamping: try limits?.count("queue_bytes") ?? 0),
      deviceCommands: Int(clamping: try limits?.count("device_commands") ?? 0))
    heartbeatInterval = try fields.integer("heartbeat_ms", in: 1...3_600_000) ?? 1000
  }
}
