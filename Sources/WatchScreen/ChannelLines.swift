internal import ThenarClient

/// The lines of a device's channels.
extension DeviceBlock {
  func channelLines(_ channel: ChannelReadings, _ size: BlockSize) -> [ScreenLine] {
    guard let newest = channel.newest else {
      return [ScreenLine("  \(channel.name): no reading yet", .dim).cut(to: width)]
    }
    if let age = overdue(channel, newest) {
      let text = "  last \(channel.name) \(channel.text(newest)), \(age) ago: readings are overdue"
      return [ScreenLine(text, .attention).cut(to: width)]
    }
    var lines = size == .large ? largeValue(channel, newest) : [value(channel, newest)]
    if channel.isCurve {
      if size == .small {
        let room = width - 45
        if room >= 20 { lines = [beside(lines[0], bar(channel, newest, width: room))] }
      } else {
        lines += [bar(channel, newest, width: width), curve(channel)]
      }
    }
    let others = readings.channels.filter { $0.name != channel.name }
    if !others.isEmpty, size != .small { lines.append(list(others)) }
    return lines.map { $0.cut(to: width) }
  }

  /// How long ago the newest sample was, where another should have come since.
  private func overdue(_ channel: ChannelReadings, _ newest: ChannelReadings.Reading) -> String? {
    guard let interval = channel.declared?.interval, interval > 0 else { return nil }
    let age = now.boot &- newest.time
    return age > max(interval &* 3, 2_000_000) ? NumberText.age(age) : nil
  }

  private func value(_ channel: ChannelReadings, _ newest: ChannelReadings.Reading) -> ScreenLine {
    var line = ScreenLine("  \(channel.name)", .dim)
    line.pad(to: 10)
    line.add("\(channel.text(newest.value)) \(NumberText.unit(channel.unit))", .bold)
    // Half a number would be another number: what does not fit is left out, but never a doubt.
    for (index, note) in notes(channel, newest).enumerated() {
      let isDoubt = index == 0 && !newest.quality.isEmpty
      if isDoubt || line.width + note.width <= width { line.add(note) }
    }
    return line
  }

  private func largeValue(_ channel: ChannelReadings, _ newest: ChannelReadings.Reading) -> [ScreenLine] {
    let number = channel.text(newest.value)
    let rows = BigDigits.rows(number, unicode: terminal.unicode)
    let start = 34
    guard rows[0].count + 4 <= start, width >= start + 20 else { return [value(channel, newest)] }
    var lines = rows.map { ScreenLine("  " + $0, .bold) }
    lines[2].add(" \(NumberText.unit(channel.unit))", .bold)
    for index in lines.indices { lines[index].pad(to: start) }
    lines[0].add(channel.name, .dim)
    let notes = notes(channel, newest)
    if let first = notes.first { lines[1].add(first) }
    for note in notes.dropFirst() where lines[2].width + note.width <= width { lines[2].add(note) }
    return lines
  }

  /// What stands beside the number: doubts first, then the instrument's own unit, and its age where samples come as they
  /// please.
  private func notes(_ channel: ChannelReadings, _ newest: ChannelReadings.Reading) -> [ScreenLine] {
    var notes: [ScreenLine] = []
    if !newest.quality.isEmpty { notes.append(ScreenLine(" \(Words.quality(newest.quality))", .attention)) }
    if let own = channel.ownText(newest) { notes.append(ScreenLine("  \(own)")) }
    let age = now.boot &- newest.time
    if channel.declared?.interval ?? 0 == 0, age > 2_000_000 {
      notes.append(ScreenLine("  \(NumberText.age(age)) ago", .dim))
    }
    return notes
  }

  private func bar(_ channel: ChannelReadings, _ newest: ChannelReadings.Reading, width: Int) -> ScreenLine {
    let scale = channel.fullScale
    let peak = channel.trace.greatest(until: now.boot)
    let end = " \(NumberText.short(scale)) \(NumberText.unit(channel.unit))"
    let meter = Meter(unicode: terminal.unicode)
    let cells = min(width - 4 - SafeText.width(end), 100)
    var line = ScreenLine("  [", .dim)
    line.add(meter.bar(newest.value ?? 0, peak: peak, scale: scale, width: cells), .good)
    line.add("]\(end)", .dim)
    return line
  }

  private func curve(_ channel: ChannelReadings) -> ScreenLine {
    let peak = channel.trace.greatest(until: now.boot) ?? 0
    let label = "10 s, top \(channel.text(peak)) \(NumberText.unit(channel.unit))"
    let columns = channel.trace.columns(max(width - 5 - SafeText.width(label), 1), until: now.boot)
    // What an unloaded instrument shows is not blown up to a mountain.
    let scale = max(peak, channel.fullScale * 0.02)
    var line = ScreenLine("   ")
    line.add(Meter(unicode: terminal.unicode).curve(columns, scale: scale), .good)
    line.add("  \(label)", .dim)
    return line
  }

  private func beside(_ left: ScreenLine, _ right: ScreenLine) -> ScreenLine {
    guard left.width + right.width <= width else { return left }
    var line = left
    line.pad(to: width - right.width)
    line.add(right)
    return line
  }

  private func list(_ channels: [ChannelReadings]) -> ScreenLine {
    let texts = channels.map { channel in
      "\(channel.name) \(channel.newest.map { channel.text($0) + Words.quality($0.quality) } ?? "---")"
    }
    return ScreenLine("  " + texts.joined(separator: "   "))
  }
}
