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
    case .measurement(let record):
      rate.add(record.samples.values.count, at: now.boot)
      losses.received(record.samples.values.count)
      device(record.device) { $0.add(record) }
    case .latest(let latest):
      rate.add(1, at: now.boot)
      device(latest.device) { $0.add(latest) }
    case .event(let record): device(record.device) { $0.add(record) }
    case .result(let record): device(record.result.device) { $0.add(record) }
    case .device(let record): device(record.report.device) { $0.update(record.report) }
    case .consumerGap(let gap): losses.add(gap)
    case .sourceGap(let gap):
      losses.add(gap)
      device(gap.device) { $0.lost(gap.lostSamples) }
    case .snapshotEnd:
      knowsAllDevices = true
      devices = devices.filter { $0.value.isConfirmed }
    case .heartbeat(let heartbeat): losses.heard(heartbeat)
    case .warning(let warning): self.warning = warning
    // What a later version of the hub tells.
    default: break
    }
  }

  private mutating func device(_ name: String, _ change: (inout DeviceReadings) -> Void) {
    change(&devices[name, default: DeviceReadings(name: name)])
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
