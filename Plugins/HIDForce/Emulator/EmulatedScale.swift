/// The readout of a HID scale: 0.01 kg or 0.1 lb a division, up to 100 kg or 220 lb.
struct EmulatedScale {
  /// What it weighs in.
  enum Unit: String, CaseIterable {
    case kg, lb
  }

  private enum Status: UInt8 {
    case stableAtZero = 2
    case inMotion, stable, underZero, overLimit
  }

  private let unit: Unit
  private var load = 0
  private var zero = 0
  private var shown = 0

  init(_ unit: Unit) { self.unit = unit }

  /// A report of the weight from before it was opened, as real scales keep one (PROTOCOL.md 2.6).
  var staleReport: [UInt8] { report(.stable, 1234) }

  /// The report for a force that presses on it, in newtons.
  mutating func report(newtons: Double) -> [UInt8] {
    let perDivision = unit == .kg ? 0.01 * standardGravity : 0.1 * newtonsPerPound
    return report(divisions: Int((newtons / perDivision).rounded()))
  }

  /// The report for a load in divisions.
  mutating func report(divisions: Int) -> [UInt8] {
    load = divisions
    let weight = load - zero
    defer { shown = weight }
    if weight > (unit == .kg ? 10_000 : 2200) { return report(.overLimit, 0) }
    if weight < 0 { return report(.underZero, min(-weight, 65_535)) }
    if (weight - shown).magnitude > 1 { return report(.inMotion, weight) }
    return report(weight == 0 ? .stableAtZero : .stable, weight)
  }

  /// Obeys Output report 2: bit 1 is Zero Scale.
  mutating func receive(_ report: Span<UInt8>) {
    if report.count >= 2, report[0] == 2, report[1] & 2 != 0 { zero = load }
  }

  private func report(_ status: Status, _ weight: Int) -> [UInt8] {
    let (code, scaling): (UInt8, UInt8) = unit == .kg ? (3, 0xFE) : (12, 0xFF)
    return [3, status.rawValue, code, scaling, UInt8(weight & 0xFF), UInt8(weight >> 8)]
  }
}
