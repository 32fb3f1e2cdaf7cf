internal import HIDReportDescriptor

/// Elements of a field that carry values of the same kind.
struct FieldCandidate {
  /// The report that they travel in.
  let report: ReportDescriptor.Report
  /// The field.
  let field: ReportField
  /// The elements; the first one is read.
  let elements: Range<Int>

  /// What the first one is for.
  var usage: HIDUsage? { field.usage(of: elements.lowerBound) }
}

extension ReportDescriptor {
  /// The fields of input reports whose elements are absolute values, in order.
  var inputCandidates: [FieldCandidate] {
    var candidates: [FieldCandidate] = []
    for report in reports where report.kind == .input {
      for field in report.fields where field.hasAbsoluteValues {
        candidates.append(FieldCandidate(report: report, field: field, elements: 0..<field.count))
      }
    }
    return candidates
  }
}

extension [FieldCandidate] {
  /// Only the elements for a usage.
  func carrying(_ usage: HIDUsage) -> [FieldCandidate] {
    flatMap { candidate in
      candidate.field.elements(for: usage).map {
        FieldCandidate(report: candidate.report, field: candidate.field, elements: $0)
      }
    }
  }
}

extension ReportField {
  /// Its elements are numbers that stand for something, not switches, padding or changes.
  fileprivate var hasAbsoluteValues: Bool {
    flags.contains(.variable) && flags.isDisjoint(with: [.constant, .relative]) && (2...32).contains(bitSize)
      && count > 0 && logicalMinimum < logicalMaximum
      && (physicalMinimum != physicalMaximum || physicalMaximum == 0)
  }
}
