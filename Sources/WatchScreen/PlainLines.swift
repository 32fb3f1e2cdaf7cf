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
    case .measurement(let record):
      devices[record.device, default: DeviceReadings(name: record.device)].add(record)
      return reading(record.device, record.channel, at: now)
    case .latest(let latest):
      devices[latest.device, default: DeviceReadings(name: latest.device)].add(latest)
      return reading(latest.device, latest.channel, at: now)
    case .event(let record): return [line(record.wallTime, record.device, "event \(Words.event(record))")]
    case .result(let record):
      let result = record.result
      let decimals = devices[result.device]?.decimals(of: result.channel)
      let time = result.outcome.time.map(now.wall(of:)) ?? now.wall
      return [line(time, result.device, "result \(Words.result(record, decimals: decimals))")]
    case .device(let record): return [device(record, at: now)]
    case .consumerGap(let gap): return [self.gap(gap, at: now)]
    case .sourceGap(let gap): return [self.gap(gap, at: now)]
    case .warning(let warning):
      let sentence = warning.sentence.isEmpty ? "" : ": \(warning.sentence)"
      return [note("warning \(Words.plain(warning.name))\(sentence)", at: now)]
    default: return []
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

  private mutating func reading(_ device: String, _ name: String, at now: Moment) -> [String] {
    guard let channel = devices[device]?.channels.first(where: { $0.name == name }), let newest = channel.newest
    else { return [] }
    let key = "\(device) \(name)"
    let text = "\(channel.name) \(channel.text(newest))\(Words.quality(newest.quality))"
    pending[key] = line(now.wall(of: newest.time), device, text)
    if let last = lastShown[key], now.boot &- last < Self.pause { return [] }
    return show(key, at: now).map { [$0] } ?? []
  }

  private mutating func show(_ key: String, at now: Moment) -> String? {
    lastShown[key] = now.boot
    return pending.removeValue(forKey: key)
  }

  private mutating func device(_ record: DeviceRecord, at now: Moment) -> String {
    let device = record.report
    devices[device.device, default: DeviceReadings(name: device.device)].update(device)
    var text = "device \(Words.plain(device.state.rawValue))"
    if let previous = device.previous, !record.isSnapshot { text += " (was \(Words.plain(previous.rawValue)))" }
    if device.emulated { text += " EMULATED" }
    for sentence in [device.sentence, device.fix] where !sentence.isEmpty { text += " \(sentence)" }
    if let health = Words.health(device) { text += " [\(health)]" }
    let time = record.isSnapshot || device.since == 0 ? now.wall : now.wall(of: device.since)
    return line(time, device.device, text)
  }

  private func gap(_ gap: ConsumerGap, at now: Moment) -> String {
    let samples = gap.lostSamples.map { "\($0) samples" } ?? "an unknown number of samples"
    let text = "gap \(gap.lostRecords) records, \(samples) not shown here (\(Words.plain(gap.reason)))"
    return note(text + (gap.recoverable ? "; the hub still has them" : ""), at: now)
  }

  private func gap(_ gap: SourceGap, at now: Moment) -> String {
    let lost = "\(gap.lostSamples) samples lost before the station (\(Words.plain(gap.reason)))"
    return line(now.wall(of: gap.time), gap.device, "\(gap.channel) gap \(lost)")
  }

  private func line(_ wall: Int64, _ device: String, _ text: String) -> String {
    let module = devices[device]?.device?.driver.id ?? ""
    return SafeText.of("\(clock.milliseconds(wall)) \(device) \(module.isEmpty ? "-" : module) \(text)")
  }
}
