package import ThenarClient

/// All that a watcher knows of the station, from what the hub tells.
package struct StationState: Sendable {
  /// How it stands with the hub.
  enum Link: Sendable {
    case connected
    case lost(sentence: String)
  }

  private(set) var link = Link.lost(sentence: "Not connected yet.")
  private(set) var welcome: Welcome?
  private(set) var devices: [String: DeviceReadings] = [:]
  private(set) var knowsAllDevices = false
  private(set) var losses = Losses()
  private(set) var warning: Warning?
  private(set) var rate = SampleRate()
  private var lastHeard: Int64 = 0

  /// Nothing is known yet.
  package init() {}

  /// A connection was made.
  package mutating func connected(_ welcome: Welcome, at now: Moment) {
    self.welcome = welcome
    link = .connected
    lastHeard = now.boot
    knowsAllDevices = false
    losses.connected()
    for name in devices.keys { devices[name]?.isConfirmed = false }
  }

  /// The connection ended; why, in one sentence.
  package mutating func disconnected(_ sentence: String) { link = .lost(sentence: sentence) }

  /// A line came that could not be understood.
  package mutating func misunderstood() { losses.misunderstood() }

  /// The hub told something.
  package mutating func receive(_ notification: Notification, at now: Moment) {
    lastHeard = now.boot
    switch notification.content {
    case .measurement(let measurement):
      rate.add(measurement.values.count, at: now.boot)
      losses.received(measurement.values.count)
      devices[measurement.device, default: DeviceReadings(name: measurement.device)].add(measurement)
    case .event(let event): devices[event.device, default: DeviceReadings(name: event.device)].add(event)
    case .result(let result): devices[result.device, default: DeviceReadings(name: result.device)].add(result)
    case .device(let device): devices[device.name, default: DeviceReadings(name: device.name)].update(device)
    case .gap(let gap):
      losses.add(gap)
      if case .source(let device, _, _) = gap.place {
        devices[device, default: DeviceReadings(name: device)].lost(gap.lostSamples ?? 0)
      }
    case .snapshotEnd:
      knowsAllDevices = true
      devices = devices.filter { $0.value.isConfirmed }
    case .heartbeat(let heartbeat): losses.heard(heartbeat)
    case .warning(let warning): self.warning = warning
    case .welcome, .other: break
    }
  }

  /// How long the hub has said nothing, in microseconds, where that is longer than it should be.
  func silence(at now: Moment) -> Int64? {
    let silence = now.boot - lastHeard
    return silence > 3000 * (welcome?.heartbeatInterval ?? 1000) ? silence : nil
  }

  /// What is shown now comes from the hub now.
  func isLive(at now: Moment) -> Bool {
    if case .connected = link { silence(at: now) == nil } else { false }
  }
}
