internal import DriverKit
internal import HIDReportDescriptor

/// The request to a scale to call its present load zero: PROTOCOL.md 2.5.
struct ZeroScale {
  /// How long a scale may take to show zero.
  static let patience: Microseconds = 3_000_000

  /// The output report that asks for it, with its id, or 0 where reports are not numbered.
  let report: [UInt8]

  /// The request of each scale of an instrument, in order. An instrument with one for all of them has it once.
  static func all(in descriptor: ReportDescriptor) -> [ZeroScale] {
    var all: [ZeroScale] = []
    for report in descriptor.reports where report.kind == .output {
      for field in report.fields {
        guard let run = field.elements(for: HIDUsage(UsagePage.weighing, 0x80)).first else { continue }
        var bytes = [UInt8](repeating: 0, count: report.byteCount)
        if descriptor.hasReportIDs { bytes[0] = report.id }
        guard field.put(1, into: run.lowerBound, of: &bytes) else { continue }
        all.append(ZeroScale(report: descriptor.hasReportIDs ? bytes : [0] + bytes))
      }
    }
    return all
  }
}
