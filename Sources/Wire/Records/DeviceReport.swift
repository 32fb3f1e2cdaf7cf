public import Readings
package import StrictJSON

/// Everything that the stream tells of a device: one instrument that is, or was, plugged in. Each device record holds
/// all of it.
public struct DeviceReport: Equatable, Sendable {
  /// What a device is known by.
  public struct Key: Hashable, Sendable {
    /// `usb-serial`, `usb-port`, `path` or `emulator`.
    public var kind: String
    /// The serial number, say.
    public var value: String

    /// A key.
    package init(kind: String, value: String) {
      self.kind = kind
      self.value = value
    }
  }

  /// A driver module. Empty texts where there is none.
  public struct Driver: Hashable, Sendable {
    /// `go-direct`.
    public var id: String
    /// `0.1.0`.
    public var version: String

    /// A module.
    package init(id: String = "", version: String = "") {
      self.id = id
      self.version = version
    }
  }

  /// What went wrong how often.
  public struct HealthCounter: Equatable, Sendable {
    /// What: `checksum_errors`.
    public var name: String
    /// How often.
    public var count: UInt64

    /// A counter.
    package init(name: String, count: UInt64) {
      self.name = name
      self.count = count
    }
  }

  /// The device's name in the stream.
  public var device: String
  /// Where it is in its life.
  public var state: DeviceState
  /// Where it was before.
  public var previous: DeviceState?
  /// Why, in one word.
  public var reason: String
  /// Why, in one plain sentence.
  public var sentence: String
  /// What a person can do about it, or empty.
  public var fix: String
  /// Station time at which the state began.
  public var since: Microseconds
  /// What it is known by.
  public var key: Key
  /// Device node or socket through which it is reached, or empty.
  public var node: String
  /// The module that drives it.
  public var driver: Driver
  /// What the instrument says of itself, else what the bus tells.
  public var identity: Identity
  /// It is software, not an instrument.
  public var emulated: Bool
  /// Its channels.
  public var channels: [Channel]
  /// What went wrong how often since it started, by the driver's names; `restarts`: how often it was started again.
  public var health: [HealthCounter]

  /// A device that was just seen; change the properties for more.
  package init(
    device: String, key: Key, since: Microseconds, state: DeviceState = .found, reason: String = "attached",
    sentence: String = "The device was found."
  ) {
    self.device = device
    self.key = key
    self.since = since
    self.state = state
    self.reason = reason
    self.sentence = sentence
    fix = ""
    node = ""
    driver = Driver()
    identity = Identity()
    emulated = false
    channels = []
    health = []
  }
}

extension DeviceReport: WireObject {
  package func write(to writer: inout JSONWriter) {
    writer.member("device", device)
    writer.member("state", state.rawValue)
    writer.known("from", previous?.rawValue ?? "")
    writer.member("reason", reason)
    writer.member("text", sentence)
    writer.known("fix", fix)
    writer.member("since_us", since)
    writer.object("key") { writer in
      writer.known("kind", key.kind)
      writer.known("value", key.value)
    }
    writer.known("node", node)
    if !driver.id.isEmpty {
      writer.object("driver") { writer in
        writer.member("id", driver.id)
        writer.known("version", driver.version)
      }
    }
    writer.known("vendor", identity.vendor)
    writer.known("model", identity.model)
    writer.known("serial", identity.serial)
    writer.known("fw", identity.firmware)
    writer.known("battery_pct", identity.batteryPercent)
    if emulated { writer.member("emulated", true) }
    if !channels.isEmpty { writer.list("channels", channels) }
    if !health.isEmpty {
      writer.object("health") { writer in
        for counter in health {
          writer.key(counter.name)
          writer.integer(counter.count)
        }
      }
    }
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    device = try fields.requiredString("device")
    state = DeviceState(rawValue: try fields.requiredString("state"))
    previous = try fields.string("from").map(DeviceState.init)
    reason = try fields.text("reason")
    sentence = try fields.text("text")
    fix = try fields.text("fix")
    since = try fields.time("since_us") ?? 0
    var key = try fields.object("key")
    self.key = Key(kind: try key?.text("kind") ?? "", value: try key?.text("value") ?? "")
    node = try fields.text("node")
    var driver = try fields.object("driver")
    self.driver = Driver(id: try driver?.text("id") ?? "", version: try driver?.text("version") ?? "")
    identity = Identity(
      vendor: try fields.text("vendor"), model: try fields.text("model"), serial: try fields.text("serial"),
      firmware: try fields.text("fw"), batteryPercent: try fields.anyNumber("battery_pct"))
    emulated = try fields.flag("emulated") ?? false
    channels = try fields.objects("channels")
    health = (fields.node("health")?.members ?? []).compactMap { member in
      member.node.integer.map { HealthCounter(name: member.key, count: UInt64(clamping: $0)) }
    }
  }
}
