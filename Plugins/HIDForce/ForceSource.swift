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

  /// All forces of the first kind of which there is one, in the order of their reports. The order of the kinds is that of
  /// PROTOCOL.md 1.5: force of a sensor, weight of a sensor, a scale, a field with a unit of force or mass, the
  /// axis that the settings name.
  static func all(
    in descriptor: ReportDescriptor, _ settings: HIDForceSettings
  ) throws(SetupRefusal) -> (sources: [ForceSource], notes: [Note]) {
    let candidates = descriptor.inputCandidates
    let scales = Scale.all(in: descriptor)
    let sensed = [0x494, 0x498].lazy.map {
      FieldWithUnit.all(of: candidates.carrying(HIDUsage(UsagePage.sensors, $0)), settings)
    }
    let withUnit = sensed.first { !$0.isEmpty } ?? (scales.isEmpty ? FieldWithUnit.all(of: candidates, settings) : [])

    var notes: [Note] = []
    if settings.axis != nil || settings.calibration != nil { notes.append(.calibrationNotUsed) }
    let most = Int(ReadingLimits.channels)
    if !withUnit.isEmpty {
      if withUnit.contains(where: \.isAgainstPage) { notes.append(.unitAgainstPage) }
      if withUnit.count > most { notes.append(.tooMany(most)) }
      return (withUnit.prefix(most).map { .field(ForceField($0.candidate, .unit($0.unit))) }, notes)
    }
    if !scales.isEmpty {
      if scales.count > most { notes.append(.tooMany(most)) }
      return (scales.prefix(most).map { .scale($0) }, notes)
    }
    let axis = try configuredAxis(of: candidates, settings.axis)
    switch settings.calibration {
    case .points(let calibration):
      try calibration.check(against: axis.field)
      return ([.field(ForceField(axis, .calibration(calibration)))], [])
    case HIDForceSettings.Calibration.none?:
      return ([.field(ForceField(axis, .none))], [])
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
    var all: [FieldWithUnit] = []
    for candidate in candidates {
      for element in candidate.elements {
        // One more than there are channels: a descriptor can claim any number of them.
        if all.count > Int(ReadingLimits.channels) { return all }
        let alone = FieldCandidate(report: candidate.report, field: candidate.field, elements: element..<element + 1)
        guard let unit = ForceUnit.of(candidate.field, element: element, decided: settings.codeReading) else {
          continue
        }
        all.append(FieldWithUnit(candidate: alone, unit: unit.unit, isAgainstPage: unit.isAgainstPage))
      }
    }
    return all
  }
}

extension Note {
  static let unitAgainstPage = Note(
    code: "unit_reading",
    sentence:
      "The instrument's unit code can mean newton or dyne, and the usual meaning gives it an impossible range, so "
      + "the other one is used: check it with a known weight and decide with the setting \"force_unit\".")

  static func tooMany(_ most: Int) -> Note {
    Note(
      code: "several_forces", sentence: "The instrument reports more than \(most) forces; the first \(most) are read.")
  }

  static let calibrationNotUsed = Note(
    code: "calibration_unused",
    sentence: "The settings \"axis\" and \"calibration\" are not used: the instrument itself says where its force is "
      + "and in which unit.")
}
