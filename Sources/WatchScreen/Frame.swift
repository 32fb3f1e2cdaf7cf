internal import ThenarClient

/// One picture of the station, as wide and high as the terminal.
package struct Frame {
  private let state: StationState
  private let station: String
  private let terminal: TerminalKind
  private let clock: LocalClock
  private let now: Moment
  private let width: Int
  private let height: Int

  /// A picture of what is known at a moment. `station`: the machine's name.
  package init(
    _ state: StationState, station: String, terminal: TerminalKind, clock: LocalClock, now: Moment, width: Int,
    height: Int
  ) {
    self.state = state
    self.station = station
    self.terminal = terminal
    self.clock = clock
    self.now = now
    self.width = max(width, 1)
    self.height = max(height, 1)
  }

  /// At most `height` lines of at most `width` columns, with the codes for colours where the terminal has them.
  package func lines() -> [String] {
    let (head, foot) = (header(), footer())
    let room = max(0, height - head.count - foot.count)
    var lines = head + body(room)
    lines += [ScreenLine](repeating: ScreenLine(), count: max(0, height - foot.count - lines.count))
    return (lines + foot).suffix(height).map { $0.cut(to: width).rendered(terminal) }
  }

  // MARK: Header and footer

  private func header() -> [ScreenLine] {
    var line = ScreenLine(" THENAR ", .banner)
    line.add(" \(station)", .bold)
    var facts: [String] = []
    if let welcome = state.welcome { facts.append("epoch \(welcome.epoch)") }
    let streaming = state.devices.values.count { $0.device?.state == .streaming }
    facts.append("\(streaming) of \(state.devices.count) streaming")
    facts.append("\(state.rate.perSecond(at: now.boot)) samples/s")
    let time = clock.seconds(now.wall)
    for fact in facts where line.width + 2 + SafeText.width(fact) + 2 + time.count <= width { line.add("  \(fact)") }
    line.pad(to: width - time.count)
    line.add(time)
    return [line] + alarm()
  }

  private func alarm() -> [ScreenLine] {
    if case .lost(let sentence) = state.link {
      return Paragraph.lines("NO HUB. \(sentence) Trying again each second.", width: width, limit: 2)
        .map { ScreenLine($0, .bad) }
    }
    if let silence = state.silence(at: now) {
      return [ScreenLine("THE HUB HAS BEEN SILENT for \(NumberText.age(silence)): it may hang.", .bad)]
    }
    return [ScreenLine(String(repeating: terminal.unicode ? "─" : "-", count: width), .dim)]
  }

  private func footer() -> [ScreenLine] {
    var lines = state.losses.sentences.isEmpty ? [] : losses()
    if let warning = state.warning {
      let text = warning.sentence.isEmpty ? Words.plain(warning.name) : warning.sentence
      lines.append(ScreenLine("warning: \(text)", .attention))
    }
    return lines + [ScreenLine("q quit", .dim)]
  }

  private func losses() -> [ScreenLine] {
    let text = state.losses.sentences.joined(separator: "; ")
    return Paragraph.lines("! \(text)", width: width, limit: 3).map { ScreenLine($0, .bad) }
  }

  // MARK: Devices

  private func body(_ room: Int) -> [ScreenLine] {
    let devices = state.devices.values.sorted { $0.name < $1.name }
    if devices.isEmpty { return nothing().map { ScreenLine("  \($0)") } }
    for size in BlockSize.allCases {
      let blocks = devices.map { block($0).lines(size) }
      for spaced in [true, false] where spaced || size == .small {
        let lines = Array(blocks.joined(separator: spaced ? [ScreenLine()] : []))
        if lines.count <= room { return lines }
      }
    }
    return asManyAsFit(devices, room)
  }

  /// Those that measure come first, and the last line says how many there is no room for.
  private func asManyAsFit(_ devices: [DeviceReadings], _ room: Int) -> [ScreenLine] {
    let devices = devices.filter(\.isActive) + devices.filter { !$0.isActive }
    var lines: [ScreenLine] = []
    for (index, device) in devices.enumerated() {
      let block = block(device).lines(.small)
      if lines.count + block.count > room - 1 {
        let hidden = devices.count - index
        lines = Array(lines.prefix(max(0, room - 1)))
        lines.append(ScreenLine("… \(hidden) more: make the window higher", .attention))
        return lines
      }
      lines += block
    }
    return lines
  }

  private func block(_ device: DeviceReadings) -> DeviceBlock {
    DeviceBlock(
      readings: device, terminal: terminal, clock: clock, now: now, isLive: state.isLive(at: now), width: width)
  }

  private func nothing() -> [String] {
    guard case .connected = state.link else { return [] }
    let sentence =
      state.knowsAllDevices
      ? "No device yet. Plug an instrument in; `thenar drivers` lists what this station knows."
      : "Waiting for the hub to name its devices."
    return Paragraph.lines(sentence, width: max(width - 2, 1), limit: 3)
  }
}
