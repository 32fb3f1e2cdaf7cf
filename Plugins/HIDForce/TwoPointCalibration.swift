internal import DriverKit
internal import HIDReportDescriptor

/// A straight line through two measured points: PROTOCOL.md 4.3.
struct TwoPointCalibration: Equatable {
  /// What the axis reports at rest, in counts.
  var raw0: Double
  /// What it reports under the known force, in counts.
  var raw1: Double
  /// The known force, in newtons.
  var newtons1: Double

  /// Newtons of a count.
  func newtons(_ raw: Double) -> Double { (raw - raw0) * newtons1 / (raw1 - raw0) }

  /// Refuses points that the field cannot report, or that are too close together to draw a line through.
  func check(against field: ReportField) throws(SetupRefusal) {
    let (least, most) = (field.logicalMinimum, field.logicalMaximum)
    for (key, raw) in [("raw0", raw0), ("raw1", raw1)] where raw < Double(least) || raw > Double(most) {
      throw SetupRefusal(
        "The setting \"calibration.\(key)\" is \(plain(raw)), but the axis reports \(least) to \(most): "
          + "read the raw value again and correct it.")
    }
    let needed = 0.02 * Double(most - least)
    if (raw1 - raw0).magnitude < needed {
      throw SetupRefusal(
        "The setting \"calibration\" has raw0 \(plain(raw0)) and raw1 \(plain(raw1)) too close together: they must be at "
          + "least \(plain(needed.rounded(.up))) apart, 2 % of the axis's range. Calibrate again with a larger force.")
    }
  }

  private func plain(_ number: Double) -> String {
    Int64(exactly: number).map(String.init) ?? String(number)
  }
}
