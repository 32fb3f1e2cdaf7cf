package import StrictJSON

/// Where a device is in its life.
package enum DeviceState: String, CaseIterable, Sendable {
  /// Seen, nothing done yet.
  case found
  /// A serial port that the station's configuration does not name: it is not opened.
  case needsConsent = "needs_consent"
  /// Its worker is opening it.
  case starting
  /// It answers; no reading for now.
  case ready
  /// Readings come.
  case streaming
  /// Its worker lives, but readings are overdue.
  case stalled
  /// It was unplugged, or its line broke.
  case lost
  /// Another program holds it.
  case busyElsewhere = "busy_elsewhere"
  /// Its worker died and will be started again.
  case backoff
  /// Its worker died too often; it is left alone until it is plugged in anew.
  case quarantined
  /// The configuration says to leave it alone.
  case disabled
  /// It cannot work until a person changes something.
  case failed
}

/// Everything that the stream tells of a device; each device record holds all of it.
package struct DeviceReport: Sendable {
  /// The device's name in the stream.
  package var device: String
  /// Where it is in its life.
  package var state: DeviceState
  /// Where it was before.
  package var previous: DeviceState?
  /// Why, in one word.
  package var reason: String
  /// Why, in one plain sentence.
  package var sentence: String
  /// What a person can do about it, or empty.
  package var fix: String
  /// When the state began, microseconds on the boot-time clock.
  package var since: Int64
  /// What it is known by: kind and value.
  package var key: (kind: String, value: String)
  /// Node or socket through which it is reached, or empty.
  package var node: String
  /// The module that drives it: id and version, or empty.
  package var driver: (id: String, version: String)
  /// Who made it, as far as known.
  package var vendor: String
  /// Model, as far as known.
  package var model: String
  /// Serial number, as far as known.
  package var serial: String
  /// Firmware, as far as known.
  package var firmware: String
  /// Charge of its battery.
  package var batteryPercent: Double?
  /// It is software, not an instrument.
  package var emulated: Bool
  /// Its channels.
  package var channels: [StreamChannel]
  /// Health counters of the driver by name, and of the worker: `restarts`.
  package var health: [(counter: String, count: UInt64)]

  /// A device that was just seen.
  package init(device: String, key: (kind: String, value: String), since: Int64) {
    self.device = device
    self.key = key
    self.since = since
    state = .found
    previous = nil
    reason = "attached"
    sentence = "The device was found."
    fix = ""
    node = ""
    driver = ("", "")
    vendor = ""
    model = ""
    serial = ""
    firmware = ""
    batteryPercent = nil
    emulated = false
    channels = []
    health = []
  }

  /// Writes the members of the report into an open object.
  package func write(to writer: inout JSONWriter) {
    func text(_ key: StaticString, _ text: String) {
      if text.isEmpty { return }
      writer.key(key)
      writer.string(text)
    }
    text("device", device)
    text("state", state.rawValue)
    text("from", previous?.rawValue ?? "")
    writer.key("reason")
    writer.string(reason)
    writer.key("text")
    writer.string(sentence)
    text("fix", fix)
    writer.key("since_us")
    writer.integer(since)
    writer.key("key")
    writer.beginObject()
    text("kind", key.kind)
    text("value", key.value)
    writer.endObject()
    text("node", node)
    if !driver.id.isEmpty {
      writer.key("driver")
      writer.beginObject()
      text("id", driver.id)
      text("version", driver.version)
      writer.endObject()
    }
    text("vendor", vendor)
    text("model", model)
    text("serial", serial)
    text("fw", firmware)
    if let batteryPercent {
      writer.key("battery_pct")
      writer.number(batteryPercent)
    }
    if emulated {
      writer.key("emulated")
      writer.flag(true)
    }
    if !channels.isEmpty {
      writer.key("channels")
      writer.beginArray()
      for channel in channels { channel.write(to: &writer) }
      writer.endArray()
    }
    if !health.isEmpty {
      writer.key("health")
      writer.beginObject()
      for (counter, count) in health {
        writer.key(counter)
        writer.integer(count)
      }
      writer.endObject()
    }
  }
}
