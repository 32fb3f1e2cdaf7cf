public import Readings
package import StrictJSON

/// Who asks, and which protocol it speaks: the parameters of `hello`.
package struct HelloRequest: Equatable {
  /// The version of the protocol that it speaks.
  package var version: Int64
  /// For logs.
  package var client: String

  /// A greeting.
  package init(version: Int64 = ProtocolVersion.newest, client: String = "") {
    self.version = version
    self.client = client
  }
}

extension HelloRequest: WireObject {
  package func write(to writer: inout JSONWriter) {
    writer.member("proto", version)
    writer.known("client", client)
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    version = try fields.integer("proto", in: 0...1000) ?? ProtocolVersion.newest
    client = try fields.text("client")
  }
}

/// Who the hub takes the consumer for, and what it may do: the answer to `hello`.
public struct HelloAnswer: Equatable, Sendable {
  /// The version of the protocol that is spoken.
  public var version: Int64
  /// `observer`, `operator` or `admin`.
  public var role: String
  /// Numeric user id of the consumer.
  public var user: UInt32
  /// Numeric group id of the consumer.
  public var group: UInt32
  /// Process id of the consumer.
  public var process: Int32
  /// What the hub can do, by words.
  public var features: [String]
  /// The hub's present in station time.
  public var time: Microseconds
  /// The same moment on the wall clock, microseconds since 1970.
  public var wallTime: Microseconds

  /// What every hub of this version can do.
  package static let features = ["gap", "resume", "describe", "latest"]

  /// An answer; see the properties.
  package init(
    version: Int64, role: String, user: UInt32, group: UInt32, process: Int32,
    features: [String] = Self.features, time: Microseconds, wallTime: Microseconds
  ) {
    self.version = version
    self.role = role
    self.user = user
    self.group = group
    self.process = process
    self.features = features
    self.time = time
    self.wallTime = wallTime
  }
}

extension HelloAnswer: WireObject {
  package func write(to writer: inout JSONWriter) {
    writer.member("proto", version)
    writer.member("role", role)
    writer.object("peer") { writer in
      writer.member("uid", user)
      writer.member("gid", group)
      writer.member("pid", process)
    }
    writer.list("features", features) { $0.string($1) }
    writer.object("clock") { writer in
      writer.member("t_us", time)
      writer.member("wall_us", wallTime)
    }
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    version = try fields.integer("proto", in: exactIntegers) ?? ProtocolVersion.newest
    role = try fields.text("role")
    var peer = try fields.object("peer")
    user = UInt32(clamping: try peer?.count("uid") ?? 0)
    group = UInt32(clamping: try peer?.count("gid") ?? 0)
    process = Int32(clamping: try peer?.count("pid") ?? 0)
    features = try fields.strings("features")
    var clock = try fields.object("clock")
    time = try clock?.time("t_us") ?? 0
    wallTime = try clock?.time("wall_us") ?? 0
  }
}
