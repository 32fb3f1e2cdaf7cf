internal import DriverKit

/// Counts damage, and tells of it: at once the first time, then at most once in ten seconds with what came together.
struct LossReport {
  static let interval: Microseconds = 10_000_000

  private var lastTold: [LineDamage: Microseconds] = [:]
  private var untold: [LineDamage: Int64] = [:]

  /// Counts one damaged line. A line that no rule knows may be chatter, so it makes a note and no event.
  mutating func report(_ damage: LineDamage, line: Line? = nil, at time: Microseconds, host: DriverHost) {
    host.tally(damage.rawValue)
    untold[damage, default: 0] += 1
    if let last = lastTold[damage], time - last < Self.interval { return }
    lastTold[damage] = time
    let count = untold.removeValue(forKey: damage) ?? 1
    let sentence = Self.sentence(damage, line: line?.raw ?? "")
    host.fault(.note, damage.rawValue, sentence)
    if damage == .unmatched { return }
    host.event(
      Event(
        EventName.deviceFault, at: time, quality: .inferred,
        fields: [("code", .text(damage.rawValue)), ("text", .text(sentence)), ("count", .integer(count))]))
  }

  private static func sentence(_ damage: LineDamage, line: String) -> String {
    let shown = line.isEmpty ? "" : ": \"\(line.prefix(60))\""
    return switch damage {
    case .checksum: "A line with a wrong checksum was dropped; check cable and baud rate."
    case .overlong: "A line without an end was dropped; check baud rate and profile."
    case .tooMany:
      "The instrument sends more lines than the profile's limits.max_lines_per_second; the rest was dropped."
    case .value: "A line with a value that makes no sense was dropped\(shown)."
    case .unmatched: "No rule of the profile knows this line\(shown)."
    }
  }
}
