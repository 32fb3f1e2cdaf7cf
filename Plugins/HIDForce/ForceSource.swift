internal import DriverKit
internal import HIDReportDescriptor

/// Where in an instrument's reports the force is.
enum ForceSource {
  case field(ForceField)
  case scale(Scale)

  /// The id of the reports that carry it.
  var reportID: UInt8 {
    switch self {
    case .field(let field): field.field.reportID
    case .scale(let scale): scale.weight.field.reportID
    }
  }

  /// Chooses in the order of PROTOCOL.md 1.5: force of a sensor, weight of a sensor, a scale, a field with a unit of force
  /// or mass, the axis that the settings name.
  static func choose(
    in descriptor: ReportDescriptor, _ settings: HIDForceSettings
  ) throws(SetupRefusal) -> (source: ForceSource, notes: [Note]) {
    let candidates = descriptor.inputCandidates
    let scales = Scale.all(in: descriptor)
    let sensed = [0x494, 0x498].lazy.map {
      FieldWithUnit.all(of: candidates.carrying(HIDUsage(UsagePage.sensors, $0)), settings)
    }
    let withUnit = sensed.first { !$0.isEmpty } ?? (scales.isEmpty ? FieldWithUnit.all(of: candidates, settings) : [])

    var notes: [Note] = []
    if settings.axis != nil || settings.calibration != nil { notes.append(.calibrationNotUsed) }
    if let first = withUnit.first {
      if first.isAgainstPage { notes.append(.unitAgainstPage) }
      let count = withUnit.reduce(0) { $0 + $1.candidate.elements.count }
      if count > 1 { notes.append(.several(count)) }
      return (.field(ForceField(first.candidate, .unit(first.unit))), notes)
    }
    if let scale = scales.first {
      if scales.count > 1 { notes.append(.several(scales.count)) }
      return (.scale(scale), notes)
    }
    let axis = try configuredAxis(of: candidates, settings.axis)
    switch settings.calibration {
    case .points(let calibration):
      try calibration.check(against: axis.field)
      return (.field(ForceField(axis, .calibration(calibration))), [])
    case HIDForceSettings.Calibration.none?:
      return (.field(ForceField(axis, .none)), [])
    case nil:
      throw SetupRefusal(
        "The setting \"calibration\" is missing, and this axis has no unit. Start once with \"calibration\": \"none\", "
          + "note the raw value at rest (raw0) and under a known force (raw1, newtons1), and set "
          + "\"calibration\": {\"raw0\": …, \"raw1\": …, \"newtons1\": …}.")
    }
  }

  private static func configuredAxis(
    of candidates: [FieldCandidate], _ axis: HIDUsage?
  ) throws(SetupRefusal) -> FieldCandidate {
    let known = candidates.compactMap { $0.usage?.description }.prefix(8)
    let offer = known.isEmpty ? "It has no axes at all." : "It has \(known.joined(separator: ", "))."
    guard let axis else {
      throw SetupRefusal(
        "This instrument does not say where its force is: name the axis in the setting \"axis\". \(offer)")
    }
    guard let candidate = candidates.carrying(axis).first else {
      throw SetupRefusal("The setting \"axis\" names \(axis), which this instrument does not report. \(offer)")
    }
    return candidate
  }
}

/// A candidate whose descriptor gives it a unit of force or mass.
private struct FieldWithUnit {
  var candidate: FieldCandidate
  var unit: ForceUnit
  var isAgainstPage: Bool

  static func all(of candidates: [FieldCandidate], _ settings: HIDForceSettings) -> [FieldWithUnit] {
    candidates.compactMap { candidate in
      ForceUnit.of(candidate.field, element: candidate.elements.lowerBound, decided: settings.codeReading).map {
        FieldWithUnit(candidate: candidate, unit: $0.unit, isAgainstPage: $0.isAgainstPage)
      }
    }
  }
}

extension Note {
  static let unitAgainstPage = Note(
    code: "unit_reading",
    sentence:
      "The instrument's unit code can mean newton or dyne, and the usual meaning gives it an impossible range, so "
      + "the other one is used: check it with a known weight and decide with the setting \"force_unit\".")

  static func several(_ count: Int) -> Note {
    Note(code: "several_forces", sentence: "The instrument reports \(count) forces; only the first one is read.")
  }

  static let calibrationNotUsed = Note(
    code: "calibration_unused",
    sentence: "The settings \"axis\" and \"calibration\" are not used: the instrument itself says where its force is "
      + "and in which unit.")
}
