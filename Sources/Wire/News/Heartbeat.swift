public import Readings
package import StrictJSON

/// Sent each second, also when nothing is measured: by it "no data" and "no hub" can be told apart.
public struct Heartbeat: Equatable, Sendable {
  /// The hub's present in station time.
  public var time: Microseconds
  /// The same moment on the wall clock, microseconds since 1970.
  public var wallTime: Microseconds
  /// The name of the stream's present life.
  public var epoch: String
  /// The number of the newest record. All that this connection wants up to it was sent before this heartbeat.
  public var headSequence: UInt64
  /// The number of the newest record that this connection was sent.
  public var sentSequence: UInt64
  /// What this connection was sent and lost.
  public var counters: ConnectionCounters
  /// How many devices are in a state.
  public var devices: [DeviceState: UInt64]
  /// Where records are held: `memory`.
  public var journal: String
  /// The number of the oldest record that is held.
  public var oldestSequence: UInt64

  /// A heartbeat; see the properties.
  package init(
    time: Microseconds, wallTime: Microseconds, epoch: String, headSequence: UInt64, sentSequence: UInt64,
    counters: ConnectionCounters, devices: [DeviceState: UInt64], journal: String = "memory", oldestSequence: UInt64
  ) {
    self.time = time
    self.wallTime = wallTime
    self.epoch = epoch
    self.headSequence = headSequence
    self.sentSequence = sentSequence
    self.counters = counters
    self.devices = devices
    self.journal = journal
    self.oldestSequence = oldestSequence
  }
}

extension Heartbeat: Telling {
  package static let method: StaticString = "heartbeat"

  package func write(to writer: inout JSONWriter) {
    writer.member("t_us", time)
    writer.member("wall_us", wallTime)
    writer.member("epoch", epoch)
    writer.member("head_seq", headSequence)
    writer.member("sent_seq", sentSequence)
    counters.write(to: &writer)
    writer.object("devices") { writer in
      for state in DeviceState.allCases {
        guard let count = devices[state] else { continue }
        writer.key(state.rawValue)
        writer.integer(count)
      }
    }
    writer.object("journal") { writer in
      writer.member("state", journal)
      writer.member("oldest_seq", oldestSequence)
    }
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    time = try fields.requiredTime("t_us")
    wallTime = try fields.time("wall_us") ?? 0
    epoch = try fields.text("epoch")
    headSequence = try fields.count("head_seq") ?? 0
    sentSequence = try fields.count("sent_seq") ?? 0
    counters = try ConnectionCounters(fields)
    devices = [:]
    for member in fields.node("devices")?.members ?? [] {
      if let count = member.node.integer { devices[DeviceState(rawValue: member.key)] = UInt64(clamping: count) }
    }
    var journal = try fields.object("journal")
    self.journal = try journal?.text("state") ?? ""
    oldestSequence = try journal?.count("oldest_seq") ?? 0
  }
}
