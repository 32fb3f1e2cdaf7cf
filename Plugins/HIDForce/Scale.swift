internal import DriverKit
internal import HIDReportDescriptor

/// Where a HID scale has its weight, and what goes with it: PROTOCOL.md 2.1 to 2.4.
struct Scale {
  /// An element with a number of its own.
  struct Place {
    var field: ReportField
    var element: Int

    func number(in report: Span<UInt8>) -> Int64? { field.number(element, in: report) }
  }

  /// One weight as the scale says it.
  struct Weight: Equatable {
    /// Force, raw number and quality.
    var reading: ForceReading
    /// The unit of the raw number; `nil` where the scale named none that is known.
    var unit: ScaleUnit?
    /// The scale's status; `nil` where it gave none that is known.
    var status: ScaleStatus?
    /// Its reports have a place for a status.
    var hasStatus: Bool
  }

  let weight: Place
  private let scaling: Place
  private let unit: ReportField
  private let status: ReportField?

  /// Every input report with a weight, its power of ten and its unit.
  static func all(in descriptor: ReportDescriptor) -> [Scale] {
    descriptor.reports.compactMap { report in
      guard report.kind == .input, let weight = report.place(of: 0x40), let scaling = report.place(of: 0x41),
        let unit = report.selectors(0x51...0x5C)
      else { return nil }
      return Scale(weight: weight, scaling: scaling, unit: unit, status: report.statusField)
    }
  }

  /// Reads a report of the weight's id; `nil` where it is too short.
  func read(_ report: Span<UInt8>) -> Weight? {
    guard let number = self.weight.number(in: report), let power = scaling.number(in: report),
      let unitNumber = unit.number(in: report)
    else { return nil }
    let unit = self.unit.selection(of: unitNumber).flatMap { ScaleUnit(rawValue: $0.id) }
    let status = status?.scaleStatus(in: report)
    func weight(_ reading: ForceReading) -> Weight {
      Weight(reading: reading, unit: unit, status: status, hasStatus: self.status != nil)
    }
    var quality = status?.quality ?? []
    // A scale that has a place for a status and puts none there is not to be relied upon.
    if status == nil, self.status != nil { quality.insert(.suspect) }
    if status?.hasNumber == false { return weight(.none(quality)) }
    if unit == nil || self.weight.field.isOutside(number) || scaling.field.isOutside(power) {
      return weight(.none(quality.union(.suspect)))
    }
    // Scales give the magnitude and say with the status that it is negative.
    let signed = status == .underZero && number > 0 ? -number : number
    let raw = timesTen(Double(signed), toThe: Int(power))
    // A power of ten beyond all scales is a broken report, not a force.
    if !raw.isFinite || raw.magnitude > 1e12 { return weight(.none(quality.union(.suspect))) }
    let newtons = unit?.newtons.map { raw * $0 }
    if newtons == nil { quality.insert(.suspect) }
    return weight(ForceReading(newtons: newtons, raw: raw, quality: quality))
  }
}

extension ReportDescriptor.Report {
  /// The report's status selector, if it has one.
  var statusField: ReportField? { selectors(0x71...0x78) }

  fileprivate func place(of id: UInt16) -> Scale.Place? {
    for field in fields where (1...32).contains(field.bitSize) {
      if let run = field.elements(for: HIDUsage(UsagePage.weighing, id)).first {
        return Scale.Place(field: field, element: run.lowerBound)
      }
    }
    return nil
  }

  fileprivate func selectors(_ ids: ClosedRange<UInt16>) -> ReportField? {
    let wanted = HIDUsageRange(UsagePage.weighing, ids)
    return fields.first { !$0.flags.contains(.variable) && $0.usages.contains(where: wanted.overlaps) }
  }
}

extension ReportField {
  /// What the selector says; `nil` where it says nothing that is known.
  func scaleStatus(in report: Span<UInt8>) -> ScaleStatus? {
    number(in: report).flatMap { selection(of: $0) }.flatMap {
      $0.page == UsagePage.weighing ? ScaleStatus(rawValue: $0.id) : nil
    }
  }
}
