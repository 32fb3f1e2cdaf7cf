internal import StrictJSON

/// A device: one instrument that is, or was, plugged in. Every device record holds all that is known of it.
public struct Device: Equatable, Sendable {
  /// The record's number; `nil` in an answer to `devices.list`.
  public let sequence: UInt64?
  /// It repeats what a new subscriber must know; nothing has changed.
  public let isSnapshot: Bool
  /// The device's name in the stream.
  public let name: String
  /// Where it is in its life.
  public let state: DeviceState
  /// Where it was before.
  public let previous: DeviceState?
  /// Why, in one word.
  public let reason: String
  /// Why, in one plain sentence.
  public let sentence: String
  /// What a person can do about it, or empty.
  public let fix: String
  /// When the state began: microseconds on the boot-time clock of the station.
  public let since: Int64
  /// What it is known by: `usb-serial`.
  public let keyKind: String
  /// What it is known by: the serial number, say.
  public let key: String
  /// Device node or socket through which it is reached, or empty.
  public let node: String
  /// The id of the driver module, or empty.
  public let driver: String
  /// The version of the driver module, or empty.
  public let driverVersion: String
  /// Who made it, as far as known.
  public let vendor: String
  /// Model, as far as known.
  public let model: String
  /// Serial number, as far as known.
  public let serial: String
  /// Firmware, as far as known.
  public let firmware: String
  /// Charge of its battery in percent.
  public let batteryPercent: Double?
  /// It is software, not an instrument.
  public let emulated: Bool
  /// Its channels.
  public let channels: [Channel]
  /// What went wrong how often since it started, by name.
  public let health: [HealthCounter]

  init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    sequence = try fields.count("seq")
    isSnapshot = try fields.flag("snapshot") ?? false
    name = try fields.requiredString("device")
    state = DeviceState(rawValue: try fields.requiredString("state"))
    previous = try fields.string("from").map(DeviceState.init)
    reason = try fields.text("reason")
    sentence = try fields.text("text")
    fix = try fields.text("fix")
    since = try fields.time("since_us") ?? 0
    var key = try fields.object("key")
    keyKind = try key?.text("kind") ?? ""
    self.key = try key?.text("value") ?? ""
    node = try fields.text("node")
    var driver = try fields.object("driver")
    self.driver = try driver?.text("id") ?? ""
    driverVersion = try driver?.text("version") ?? ""
    vendor = try fields.text("vendor")
    model = try fields.text("model")
    serial = try fields.text("serial")
    firmware = try fields.text("fw")
    batteryPercent = try fields.anyNumber("battery_pct")
    emulated = try fields.flag("emulated") ?? false
    var channels: [Channel] = []
    for channel in try fields.list("channels") { channels.append(try Channel(channel)) }
    self.channels = channels
    health = (fields.node("health")?.members ?? []).compactMap { member in
      member.node.integer.map { HealthCounter(name: member.key, count: UInt64(clamping: $0)) }
    }
  }
}

/// What went wrong how often.
public struct HealthCounter: Equatable, Sendable {
  /// What: `checksum_errors`.
  public let name: String
  /// How often.
  public let count: UInt64
}
