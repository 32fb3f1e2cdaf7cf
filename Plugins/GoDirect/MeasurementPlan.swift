package import DriverKit

/// Which channels to measure, and how often.
package struct MeasurementPlan: Equatable, Sendable {
  /// In the order of their numbers.
  package let channels: [MeasuredChannel]
  /// Time between samples.
  package let period: Microseconds

  /// Periods below this may be unreliable, as the maker warns (PROTOCOL.md 6.2).
  private static let shortestByDefault: Microseconds = 10_000

  /// Why nothing can be measured; a person must change something.
  package struct Refusal: Error, Equatable {
    /// One plain sentence.
    package let sentence: String
  }

  /// The channels to ask the instrument about.
  ///
  /// - Throws: a refusal when the settings name a channel that it does not have, or it offers none by itself.
  package static func sensors(
    wanted: [UInt8], defaultMask: UInt32, availableMask: UInt32
  ) throws(Refusal) -> [UInt8] {
    let available = GoDirect.channels(in: availableMask)
    for number in wanted where !available.contains(number) {
      throw Refusal(
        sentence: "The instrument has no sensor \(number): \"sensors\" may name \(list(available)).")
    }
    if !wanted.isEmpty { return wanted.sorted() }
    guard let first = GoDirect.channels(in: availableMask & defaultMask).first else {
      throw Refusal(
        sentence: "The instrument names no default sensor: choose with \"sensors\" from \(list(available)).")
    }
    return [first]
  }

  /// A plan for sensors whose units are known.
  ///
  /// - Throws: a refusal when sensors exclude each other or the period in the settings does not suit one of them.
  package init(_ measured: [MeasuredChannel], period wantedPeriod: Microseconds?) throws(Refusal) {
    let mask = measured.reduce(UInt32(0)) { $0 | 1 << UInt32($1.sensor.channel) }
    var named: [MeasuredChannel] = []
    for var channel in measured {
      let others = GoDirect.channels(in: channel.sensor.exclusionMask & mask).filter { $0 != channel.sensor.channel }
      if let other = others.first {
        throw Refusal(
          sentence: "Sensors \(channel.sensor.channel) and \(other) cannot run together: leave one out of \"sensors\".")
      }
      if named.contains(where: { $0.name == channel.name }) { channel.name += "-\(channel.sensor.channel)" }
      named.append(channel)
    }
    channels = named
    period = try Self.period(for: measured.map(\.sensor), wanted: wantedPeriod)
  }

  /// The mask that starts these channels.
  package var mask: UInt32 { channels.reduce(0) { $0 | 1 << UInt32($1.sensor.channel) } }

  /// The channel with the instrument's number.
  func channel(_ number: UInt8) -> MeasuredChannel? { channels.first { $0.sensor.channel == number } }

  /// How long the instrument may be silent: what the maker's client waits for, or more at slow rates (PROTOCOL.md 3.4).
  /// `nil` when no channel speaks by itself.
  var longestSilence: Microseconds? {
    channels.contains { !$0.sensor.isAperiodic } ? max(5_000_000, 2 * period + 1_000_000) : nil
  }

  private static func period(
    for sensors: [SensorInfo], wanted: Microseconds?
  ) throws(Refusal) -> Microseconds {
    if let wanted {
      for sensor in sensors {
        let least = Microseconds(sensor.minimumPeriod)
        let most = sensor.maximumPeriod == 0 ? .max : Microseconds(clamping: sensor.maximumPeriod)
        if wanted < least || wanted > most {
          throw Refusal(
            sentence: "Sensor \(sensor.channel) cannot measure every \(milliseconds(wanted)) ms: set \"period_ms\" to "
              + "\(milliseconds(least)) or more\(most == .max ? "" : ", at most \(milliseconds(most))").")
        }
      }
    }
    let usual = sensors.map { max(Microseconds($0.typicalPeriod), Microseconds($0.minimumPeriod)) }.max() ?? 0
    return sensors.reduce(wanted ?? max(usual, shortestByDefault)) { period, sensor in
      let step = max(1, Microseconds(sensor.periodGranularity))
      return (period + step - 1) / step * step
    }
  }

  private static func list(_ channels: [UInt8]) -> String {
    channels.isEmpty ? "none" : channels.map { "\($0)" }.joined(separator: ", ")
  }
}
