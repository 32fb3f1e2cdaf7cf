internal import DriverKit
internal import HIDReportDescriptor

/// One number in an input report that is a force, or becomes one by calibration.
struct ForceField {
  /// How the number becomes newtons.
  enum Conversion: Equatable {
    case unit(ForceUnit)
    case calibration(TwoPointCalibration)
    /// It does not: only its counts are passed on.
    case none
  }

  /// Where the number is.
  let field: ReportField
  /// Which element of the field it is.
  let element: Int
  /// How it becomes newtons.
  let conversion: Conversion
  private let status: SensorStatus

  init(_ candidate: FieldCandidate, _ conversion: Conversion) {
    field = candidate.field
    element = candidate.elements.lowerBound
    self.conversion = conversion
    status = SensorStatus(in: candidate.report)
  }

  /// From the least to the greatest force that the field can carry, in newtons.
  var range: ClosedRange<Double>? {
    guard let a = newtons(field.logicalMinimum), let b = newtons(field.logicalMaximum) else { return nil }
    return min(a, b)...max(a, b)
  }

  /// Newtons of one count.
  var resolution: Double? {
    range.map { ($0.upperBound - $0.lowerBound) / Double(field.logicalMaximum - field.logicalMinimum) }
  }

  /// Reads a report of the field's id; `nil` where it is too short.
  func read(_ report: Span<UInt8>) -> ForceReading? {
    guard let number = field.number(element, in: report) else { return nil }
    var quality = status.quality(in: report)
    let outside = field.isOutside(number)
    if outside, field.flags.contains(.nullState) { quality.insert(.noData) }
    if !quality.isDisjoint(with: [.noData, .instrumentFault]) { return .none(quality) }
    guard let range, let newtons = newtons(number) else {
      return ForceReading(newtons: nil, raw: Double(number), quality: quality.union(.needsCalibration))
    }
    if outside {
      quality.insert(newtons > range.upperBound ? .overRange : .underRange)
      return ForceReading(newtons: nil, raw: Double(number), quality: quality)
    }
    // Close to the end of the scale the true force may be larger: PROTOCOL.md 5.
    if newtons > 0, newtons >= 0.98 * range.upperBound { quality.insert(.overRange) }
    return ForceReading(newtons: newtons, raw: Double(number), quality: quality)
  }

  private func newtons(_ number: Int64) -> Double? {
    let newtons =
      switch conversion {
      case .unit(let unit): unit.newtons(number, in: field)
      case .calibration(let calibration): calibration.newtons(Double(number))
      case .none: Double.nan
      }
    return newtons.isFinite ? newtons : nil
  }
}
