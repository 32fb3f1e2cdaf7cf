package import ThenarClient

/// The stream as lines of text, for logs and pipes: one line for each thing.
///
/// Of the samples of a channel two lines a second are shown; events, results, device states and gaps always are.
package struct PlainLines {
  private let clock: LocalClock
  private var devices: [String: DeviceReadings] = [:]
  /// By device and channel, the line that is held back.
  private var pending: [String: String] = [:]
  private var lastShown: [String: Int64] = [:]
  private static let pause: Int64 = 500_000

  /// Lines with the time of day of a clock.
  package init(clock: LocalClock) { self.clock = clock }

  /// The lines for a notification; none where it is not yet time for a channel's next one.
  package mutating func lines(for notification: Notification, at now: Moment) -> [String] {
    switch notification.content {
    case .measurement(let measurement): return self.measurement(measurement, at: now)
    case .event(let event):
      return [line(event.wallTime ?? now.wall(of: event.time), event.device, "event \(Words.event(event))")]
    case .result(let result):
      let time = result.time.map(now.wall(of:)) ?? now.wall
      return [line(time, result.device, "result \(Words.result(result, decimals: decimals(result)))")]
    case .device(let device): return [self.device(device, at: now)]
    case .gap(let gap): return [self.gap(gap, at: now)]
    case .warning(let warning):
      let sentence = warning.sentence.isEmpty ? "" : ": \(warning.sentence)"
      return [note("warning \(Words.plain(warning.name))\(sentence)", at: now)]
    case .welcome, .snapshotEnd, .heartbeat, .other: return []
    }
  }

  /// The newest samples that were held back and whose time has come.
  package mutating func due(at now: Moment) -> [String] {
    let keys = pending.keys.filter { now.boot &- (lastShown[$0] ?? 0) >= Self.pause }.sorted()
    return keys.compactMap { show($0, at: now) }
  }

  /// When ``due(at:)`` has something to say: microseconds on the boot-time clock.
  package var nextDue: Int64? { pending.keys.map { (lastShown[$0] ?? 0) &+ Self.pause }.min() }

  /// All that was held back, at the end.
  package mutating func rest(at now: Moment) -> [String] { pending.keys.sorted().compactMap { show($0, at: now) } }

  /// Something that the watcher itself has to say.
  package func note(_ sentence: String, at now: Moment) -> String {
    "\(clock.milliseconds(now.wall)) thenar - \(SafeText.of(sentence))"
  }

  private mutating func measurement(_ measurement: Measurement, at now: Moment) -> [String] {
    devices[measurement.device, default: DeviceReadings(name: measurement.device)].add(measurement)
    guard let channel = devices[measurement.device]?.channels.first(where: { $0.name == measurement.channel }),
      let newest = channel.newest
    else { return [] }
    let key = "\(measurement.device) \(measurement.channel)"
    let text = "\(channel.name) \(channel.text(newest))\(Words.quality(newest.quality))"
    pending[key] = line(now.wall(of: newest.time), measurement.device, text)
    if let last = lastShown[key], now.boot &- last < Self.pause { return [] }
    return show(key, at: now).map { [$0] } ?? []
  }

  private func decimals(_ result: TrialResult) -> Int? { devices[result.device]?.decimals(of: result.channel) }

  private mutating func show(_ key: String, at now: Moment) -> String? {
    lastShown[key] = now.boot
    return pending.removeValue(forKey: key)
  }

  private mutating func device(_ device: Device, at now: Moment) -> String {
    devices[device.name, default: DeviceReadings(name: device.name)].update(device)
    var text = "device \(Words.plain(device.state.rawValue))"
    if let previous = device.previous, !device.isSnapshot { text += " (was \(Words.plain(previous.rawValue)))" }
    if device.emulated { text += " EMULATED" }
    for sentence in [device.sentence, device.fix] where !sentence.isEmpty { text += " \(sentence)" }
    if let health = Words.health(device) { text += " [\(health)]" }
    let time = device.isSnapshot || device.since == 0 ? now.wall : now.wall(of: device.since)
    return line(time, device.name, text)
  }

  private func gap(_ gap: Gap, at now: Moment) -> String {
    let time = gap.time.map(now.wall(of:)) ?? now.wall
    let end = gap.recoverable ? "; the hub still has them" : ""
    let samples = gap.lostSamples.map { "\($0) samples" } ?? "an unknown number of samples"
    switch gap.place {
    case .consumer(_, _, let records):
      let text = "gap \(records) records, \(samples) not shown here (\(Words.plain(gap.reason)))\(end)"
      return "\(clock.milliseconds(time)) thenar - \(SafeText.of(text))"
    case .source(let device, let channel, _):
      let text = "\(channel) gap \(samples) lost before the station (\(Words.plain(gap.reason)))\(end)"
      return line(time, device, text)
    }
  }

  private func line(_ wall: Int64, _ device: String, _ text: String) -> String {
    let module = devices[device]?.device?.driver ?? ""
    return SafeText.of("\(clock.milliseconds(wall)) \(device) \(module.isEmpty ? "-" : module) \(text)")
  }
}
