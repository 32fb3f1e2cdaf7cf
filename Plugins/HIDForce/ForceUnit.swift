internal import HIDReportDescriptor

/// How a physical value of a field becomes newtons, by the Unit and Unit Exponent of its descriptor: PROTOCOL.md 1.3
/// and 1.4.
struct ForceUnit: Equatable {
  /// What the unit code 0xE111 means. HID 1.11 says dyne, the HID sensor documents say newton.
  enum CodeReading: String, CaseIterable {
    case newton, dyne
  }

  /// Powers of ten to apply before the factor.
  var exponent: Int
  /// Newtons per unit.
  var factor: Double

  /// The unit of a field that carries a force or a mass; `nil` for any other field.
  ///
  /// A wrong meaning of 0xE111 shows: the full scale is 100,000 times too large or too small. Then the other meaning is
  /// taken and `isAgainstPage` is true, unless the station's settings have decided.
  static func of(
    _ field: ReportField, element: Int, decided: CodeReading?
  ) -> (unit: ForceUnit, isAgainstPage: Bool)? {
    let exponent = field.unitExponent
    switch field.unit {
    case 0xE111:
      let newton = ForceUnit(exponent: exponent, factor: 1)
      let dyne = ForceUnit(exponent: exponent - 5, factor: 1)
      if let decided { return (decided == .newton ? newton : dyne, false) }
      let isSensor = field.usage(of: element)?.page == UsagePage.sensors
      let (byPage, other) = isSensor ? (newton, dyne) : (dyne, newton)
      let isAgainstPage = !byPage.isPlausible(for: field) && other.isPlausible(for: field)
      return (isAgainstPage ? other : byPage, isAgainstPage)
    case 0xE113:  // slug inch per square second
      return (ForceUnit(exponent: exponent, factor: newtonsPerPound / 12), false)
    case 0x101:  // gram
      return (ForceUnit(exponent: exponent - 3, factor: standardGravity), false)
    case 0x103:  // slug: pound-force square second per foot, a foot being 0.3048 m
      return (ForceUnit(exponent: exponent, factor: newtonsPerPound / 0.3048 * standardGravity), false)
    default:
      return nil
    }
  }

  /// Newtons of a number in a field.
  func newtons(_ number: Int64, in field: ReportField) -> Double {
    timesTen(field.physical(number), toThe: exponent) * factor
  }

  /// A hand's instrument has a full scale between 5 N and 5000 N.
  private func isPlausible(for field: ReportField) -> Bool {
    let ends = [field.logicalMinimum, field.logicalMaximum].map { newtons($0, in: field).magnitude }
    return (5...5000).contains(max(ends[0], ends[1]))
  }
}

/// Pages of the HID Usage Tables.
enum UsagePage {
  static let genericDesktop: UInt16 = 0x01
  static let sensors: UInt16 = 0x20
  static let weighing: UInt16 = 0x8D
}
