internal import DriverKit
internal import HIDReportDescriptor

/// The station's settings for one instrument of this module.
struct HIDForceSettings {
  /// How an axis without a unit becomes newtons.
  enum Calibration: Equatable {
    /// By two measured points.
    case points(TwoPointCalibration)
    /// Not at all: only its counts are passed on, to find the points with.
    case none
  }

  /// The axis that carries the force of an instrument whose descriptor names none.
  var axis: HIDUsage?
  /// How that axis becomes newtons.
  var calibration: Calibration?
  /// What the unit code 0xE111 means on this instrument, where that had to be decided by a person.
  var codeReading: ForceUnit.CodeReading?
  /// A scale's first report after opening is not used.
  var discardsFirst: Bool
  /// Time between reports where it is known; 0: not known.
  var interval: Microseconds

  /// Reads the settings.
  init(_ node: JSONNode) throws(SetupRefusal) {
    do throws(JSONMismatch) {
      var fields = try JSONFields(node, "")
      axis = try Self.axis(&fields)
      calibration = try Self.calibration(&fields)
      codeReading = try fields.word("force_unit", as: ForceUnit.CodeReading.self)
      discardsFirst = try fields.flag("discard_first") ?? true
      interval = Microseconds((try fields.number("interval_ms", in: 0...60_000) ?? 0) * 1000)
      try fields.end()
    } catch {
      throw SetupRefusal(error.sentence)
    }
  }

  private static func axis(_ fields: inout JSONFields) throws(JSONMismatch) -> HIDUsage? {
    guard let text = try fields.string("axis") else { return nil }
    switch text {
    case "x": return HIDUsage(UsagePage.genericDesktop, 0x30)
    case "y": return HIDUsage(UsagePage.genericDesktop, 0x31)
    case "z": return HIDUsage(UsagePage.genericDesktop, 0x32)
    default:
      if let usage = HIDUsage(text) { return usage }
      throw JSONMismatch(
        line: fields.line, key: "axis",
        problem: "must be \"x\", \"y\", \"z\" or a usage page and a usage in hexadecimal such as \"02:c4\"")
    }
  }

  private static func calibration(_ fields: inout JSONFields) throws(JSONMismatch) -> Calibration? {
    guard let node = fields.node("calibration") else { return nil }
    if node.string == "none" { return Calibration.none }
    if node.members == nil {
      throw fields.mismatch("calibration", node, "must be an object with raw0, raw1 and newtons1, or \"none\"")
    }
    var points = try JSONFields(node, "calibration")
    let counts = -4_294_967_296.0...4_294_967_295.0
    let calibration = TwoPointCalibration(
      raw0: try required("raw0", in: counts, of: &points), raw1: try required("raw1", in: counts, of: &points),
      newtons1: try required("newtons1", in: 0.1...5000, of: &points))
    try points.end()
    return .points(calibration)
  }

  private static func required(
    _ key: String, in range: ClosedRange<Double>, of fields: inout JSONFields
  ) throws(JSONMismatch) -> Double {
    if let number = try fields.number(key, in: range) { return number }
    throw JSONMismatch(line: fields.line, key: fields.path(of: key), problem: "is missing")
  }
}
