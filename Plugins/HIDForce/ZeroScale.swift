internal import DriverKit
internal import HIDReportDescriptor

/// The request to a scale to call its present load zero: PROTOCOL.md 2.5.
struct ZeroScale {
  /// How long a scale may take to show zero.
  static let patience: Microseconds = 3_000_000

  /// The output report that asks for it, with its id, or 0 where reports are not numbered.
  let report: [UInt8]

  /// `nil` where the descriptor has no such output.
  init?(_ descriptor: ReportDescriptor) {
    for report in descriptor.reports where report.kind == .output {
      for field in report.fields {
        guard let run = field.elements(for: HIDUsage(UsagePage.weighing, 0x80)).first else { continue }
        var bytes = [UInt8](repeating: 0, count: report.byteCount)
        if descriptor.hasReportIDs { bytes[0] = report.id }
        guard field.put(1, into: run.lowerBound, of: &bytes) else { continue }
        self.report = descriptor.hasReportIDs ? bytes : [0] + bytes
        return
      }
    }
    return nil
  }
}
