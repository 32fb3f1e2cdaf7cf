internal import DriverKit
internal import HIDReportDescriptor

/// State and event of a HID sensor, which travel beside its number: PROTOCOL.md 3.1.
struct SensorStatus {
  private let states: [ReportField]
  private let events: [ReportField]

  /// Looks for them in the report of the number.
  init(in report: ReportDescriptor.Report) {
    let arrays = report.fields.filter { !$0.flags.contains(.variable) && !$0.flags.contains(.constant) }
    func listing(_ ids: ClosedRange<UInt16>) -> [ReportField] {
      let wanted = HIDUsageRange(UsagePage.sensors, ids)
      return arrays.filter { $0.usages.contains(where: wanted.overlaps) }
    }
    states = listing(0x800...0x806)
    events = listing(0x810...0x820)
  }

  /// What they say about the number in the same report.
  func quality(in report: Span<UInt8>) -> Quality {
    var quality: Quality = []
    for field in states { quality.formUnion(Self.quality(ofState: Self.selection(field, 0, report))) }
    for field in events {
      // A sensor says few things at once; more elements than this only a broken descriptor has.
      for element in 0..<min(field.count, 16) {
        switch Self.selection(field, element, report) {
        case 0x816: quality.insert(.overRange)
        case 0x817: quality.insert(.underRange)
        default: break
        }
      }
    }
    return quality
  }

  private static func quality(ofState state: UInt16?) -> Quality {
    switch state {
    case 0x801: []
    case 0x802, 0x803, 0x804, 0x805: .noData  // not available, no data, initialising, access denied
    case 0x806: .instrumentFault
    default: .suspect  // undefined, or a number that stands for no state
    }
  }

  private static func selection(_ field: ReportField, _ element: Int, _ report: Span<UInt8>) -> UInt16? {
    field.number(element, in: report).flatMap { field.selection(of: $0) }?.id
  }
}
