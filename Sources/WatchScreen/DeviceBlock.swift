internal import ThenarClient

/// How much room a device gets.
enum BlockSize: CaseIterable {
  /// The present value in large digits.
  case large
  /// One line for each thing.
  case medium
  /// The least that tells the whole truth.
  case small
}

/// The lines of one device.
struct DeviceBlock {
  let readings: DeviceReadings
  let terminal: TerminalKind
  let clock: LocalClock
  let now: Moment
  /// What is known comes from the hub now.
  let isLive: Bool
  let width: Int

  func lines(_ size: BlockSize) -> [ScreenLine] {
    var lines = title()
    if isActive, let channel = readings.mainChannel {
      lines += channelLines(channel, size)
    } else {
      lines += explanation() + lastReading()
    }
    let kept = size == .large ? 2 : 1
    lines += readings.results.suffix(kept).reversed().flatMap(resultLines)
    if size != .small || readings.channels.isEmpty {
      lines += readings.events.suffix(kept).reversed().flatMap(eventLines)
    }
    if let health = readings.device.flatMap(Words.health) {
      lines += labelled("health", health, .attention)
    }
    return lines
  }

  private var isActive: Bool { isLive && readings.isActive }

  // MARK: Who and how

  private func title() -> [ScreenLine] {
    let (word, look) = state()
    var state = ScreenLine()
    if readings.device?.emulated == true { state.add("EMULATED ", .emulated) }
    state.add(terminal.unicode ? "● " : "* ", look)
    state.add(word, look)
    var name = ScreenLine(readings.name, .bold)
    var about = ScreenLine()
    if let device = readings.device {
      let module = [device.driver.id, device.driver.version].filter { !$0.isEmpty }.joined(separator: " ")
      let model = [device.identity.vendor, device.identity.model].filter { !$0.isEmpty }.joined(separator: " ")
      if !module.isEmpty { about.add("  \(module)") }
      if !model.isEmpty { about.add("  \(model)", .dim) }
    }
    let room = max(0, width - state.width - 1)
    if name.width + about.width <= room {
      name.add(about)
      return [joined(name, state)]
    }
    return [joined(name.cut(to: room), state)] + (about.width > 0 ? [about.cut(to: width)] : [])
  }

  private func joined(_ left: ScreenLine, _ right: ScreenLine) -> ScreenLine {
    var line = left
    line.pad(to: width - right.width)
    line.add(right)
    return line.cut(to: width)
  }

  private func state() -> (String, Look) {
    guard let state = readings.device?.state else { return ("unknown", .attention) }
    let word = Words.plain(state.rawValue)
    if !isLive { return ("was \(word)", .attention) }
    switch state {
    case .streaming, .ready: return (word, .good)
    case .lost, .failed, .quarantined, .busyElsewhere: return (word, .bad)
    case .disabled, .found, .starting: return (word, .dim)
    default: return (word, .attention)
    }
  }

  // MARK: Why not

  private func explanation() -> [ScreenLine] {
    guard isLive, let device = readings.device else { return [] }
    let texts = [(device.sentence, Look.plain), (device.fix, .bold)]
    return texts.filter { !$0.0.isEmpty }.flatMap { text, look in
      Paragraph.lines(text, width: max(width - 2, 1), limit: 2).map { ScreenLine("  " + $0, look) }
    }
  }

  /// A number that is no longer true says so.
  private func lastReading() -> [ScreenLine] {
    guard let channel = readings.mainChannel, let newest = channel.newest else { return [] }
    let age = NumberText.age(now.boot &- newest.time)
    return [ScreenLine("  last \(channel.name) \(channel.text(newest)), \(age) ago", .dim).cut(to: width)]
  }

  // MARK: What happened

  private func resultLines(_ record: ResultRecord) -> [ScreenLine] {
    let look: Look = record.result.void == nil ? .bold : .bad
    let text = Words.result(record, decimals: readings.decimals(of: record.result.channel))
    return labelled("result", text, look, wall: record.result.outcome.time.map(now.wall(of:)))
  }

  private func eventLines(_ record: EventRecord) -> [ScreenLine] {
    labelled("event", Words.event(record), .plain, wall: record.wallTime)
  }

  /// A text behind its label. It is broken rather than cut: a doubt at its end must be seen. The time of day is left out
  /// where there is no room.
  private func labelled(_ label: String, _ text: String, _ look: Look, wall: Int64? = nil) -> [ScreenLine] {
    let indent = 10
    var lines = Paragraph.lines(text, width: max(width - indent, 1), limit: 3).enumerated().map { index, row in
      var line = index == 0 ? ScreenLine("  \(label)", .dim) : ScreenLine()
      line.pad(to: indent)
      line.add(row, look)
      return line.cut(to: width)
    }
    if let wall, let last = lines.last {
      let time = ScreenLine("  \(clock.seconds(wall))", .dim)
      if last.width + time.width <= width { lines[lines.count - 1].add(time) }
    }
    return lines
  }
}
