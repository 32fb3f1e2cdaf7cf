package import DriverKit

/// A sensor as it appears in the stream: its number is the instrument's number of the channel.
package struct MeasuredChannel: Equatable, Sendable {
  /// The sensor behind it.
  package let sensor: SensorInfo
  /// What its values mean.
  package let unit: SensorUnit
  /// `force`, `acceleration-x`
  package var name: String

  /// A part of the range above which a value counts as too much for the sensor.
  private static let clippingPart = 0.98

  /// `nil` when the sensor's unit is not one that can be turned into one of the stream's.
  package init?(_ sensor: SensorInfo) {
    guard let unit = SensorUnit(word: sensor.unit) else { return nil }
    self.sensor = sensor
    self.unit = unit
    let axis = sensor.description.lowercased().prefix(2)
    name = ["x-", "y-", "z-"].contains(axis) ? "\(unit.quantity)-\(axis.dropLast())" : unit.quantity
  }

  /// The declaration, with samples `period` apart.
  ///
  /// A sample is at most one period old when its frame goes out, and then waits for the host to ask: how often it asks is
  /// not published, 10 ms is the slowest in use with such devices.
  func declaration(period: Microseconds) -> Channel {
    let range = range
    return Channel(
      number: UInt32(sensor.channel), name: name, quantity: unit.quantity, unit: unit.unit, rawUnit: unit.rawUnit,
      range: range, interval: sensor.isAperiodic ? 0 : period, uncertainty: period + 10_000)
  }

  /// A value of the instrument in the stream's unit.
  package func converted(_ raw: Double) -> Double { raw * unit.factor }

  /// What can be said about a value of the instrument.
  package func quality(of raw: Double) -> Quality {
    if !raw.isFinite { return .noData }
    return sensor.maximum > 0 && raw >= Self.clippingPart * sensor.maximum ? .overRange : []
  }

  private var range: ClosedRange<Double>? {
    let (least, greatest) = (converted(sensor.minimum), converted(sensor.maximum))
    return least.isFinite && greatest.isFinite && least < greatest ? least...greatest : nil
  }
}
