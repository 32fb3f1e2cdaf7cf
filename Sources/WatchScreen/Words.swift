internal import ThenarClient

/// Records in the words in which the screen and the lines tell of them.
enum Words {
  /// A word of the wire for a person: `busy elsewhere`.
  static func plain(_ word: String) -> String { String(word.map { $0 == "_" ? " " : $0 }) }

  /// The number of a result: `effort peak 391.2 N (39.89 kgf)`, `time 18.42 s`, `effort VOID: device lost`.
  /// The force has as many decimals as the channel shows; not known: one.
  static func result(_ record: ResultRecord, decimals: Int?) -> String {
    let result = record.result
    var text: String
    switch result.outcome {
    case .effort(let effort):
      text = "effort " + (effort.peak.map { "peak \(NumberText.fixed($0, decimals: decimals ?? 1)) N" } ?? "")
      if let raw = effort.peakRaw, effort.rawUnit != "N", !effort.rawUnit.isEmpty {
        text += " (\(NumberText.short(raw)) \(NumberText.unit(effort.rawUnit)))"
      }
      if effort.peak == nil, result.void == nil { text += "without a valid number" }
    case .time(let time):
      text = "time " + (time.elapsed.map { seconds($0, resolution: time.resolution) } ?? "")
      if time.elapsed == nil, result.void == nil { text += "without a valid number" }
      if time.clock == "station" { text += " (by the station's clock)" }
    case .other(let kind): text = kind + " "
    }
    if let void = result.void { text += "VOID: \(plain(void))" }
    return text + quality(record.qualityWords) + (result.emulated ? " EMULATED" : "")
  }

  /// An event with its fields: `peg.inserted hole=4`.
  static func event(_ record: EventRecord) -> String {
    let fields = record.event.fields.map { " \($0.key)=\(value($0.value))" }.joined()
    return record.event.name + fields + quality(record.qualityWords)
  }

  /// What is to be said about a number: ` [over range]`.
  static func quality(_ words: [String]) -> String {
    words.isEmpty ? "" : " [\(words.map(plain).joined(separator: ", "))]"
  }

  /// What went wrong at a device: `checksum errors 2, restarts 1`.
  static func health(_ device: DeviceReport) -> String? {
    var counters = device.health.filter { $0.count > 0 }.map { "\(plain($0.name)) \($0.count)" }
    if let charge = device.identity.batteryPercent, charge < 20 {
      counters.append("battery \(NumberText.short(charge)) %")
    }
    return counters.isEmpty ? nil : counters.joined(separator: ", ")
  }

  /// Seconds with the decimals that the clock has.
  private static func seconds(_ microseconds: Int64, resolution: Int64) -> String {
    let step = resolution > 0 ? Double(resolution) / 1e6 : nil
    let decimals = NumberText.decimals(resolution: step, unit: "s")
    return "\(NumberText.fixed(Double(microseconds) / 1e6, decimals: decimals)) s"
  }

  private static func value(_ value: Event.Value) -> String {
    switch value {
    case .text(let text): text.contains(" ") ? "\"\(text)\"" : text
    case .integer(let integer): "\(integer)"
    case .number(let number): NumberText.short(number)
    case .flag(let flag): flag ? "yes" : "no"
    }
  }
}

extension TrialResult.Outcome {
  /// Station time of the peak or of the stop; `nil` for a kind that is not known here.
  var time: Int64? {
    switch self {
    case .effort(let effort): effort.peakTime
    case .time(let timing): timing.stop
    case .other: nil
    }
  }
}
