import DriverKit

/// How an emulated instrument is to behave.
struct EmulatorSettings: Equatable, Sendable {
  /// The models that can be emulated.
  enum OrderCode: String, CaseIterable, Sendable {
    /// Go Direct Hand Dynamometer.
    case handDynamometer = "GDX-HD"
    /// Go Direct Force and Acceleration.
    case force = "GDX-FOR"
  }

  /// What the force sensor feels.
  enum Force: Equatable, Sendable {
    /// A hand that squeezes again and again, with peaks in this range of newtons.
    case hand(peaks: ClosedRange<Double>)
    /// The same newtons for ever.
    case constant(Double)
    /// These newtons, one per sample from the start of measuring, again and again.
    case sequence([Double])
  }

  /// The model.
  var orderCode: OrderCode
  /// At most 16 bytes of UTF-8.
  var serial: String
  /// The same seed gives the same session.
  var seed: UInt64
  /// What the force sensor feels.
  var force: Force
  /// What it shows without load, in newtons; `nil`: a value that is usual for such an instrument, or 0 when the force is
  /// given.
  var offset: Double?
  /// What goes wrong.
  var faults: EmulatorFaults

  /// Reads `order_code`, `serial`, `seed`, `peaks_N` or `constant_N` or `sequence_N`, `offset_N` and `faults`.
  init(_ setup: DriverSetup) throws(SetupRefusal) {
    do throws(JSONMismatch) {
      var fields = try JSONFields(setup.settings, "")
      let code = try fields.word("order_code", as: OrderCode.self) ?? .handDynamometer
      orderCode = code
      serial = try fields.string("serial") ?? (setup.serial.isEmpty ? "EMU00001" : setup.serial)
      if serial.utf8.count > 16 {
        throw JSONMismatch(line: fields.line, key: "serial", problem: "must have at most 16 bytes")
      }
      seed = UInt64(try fields.integer("seed", in: 0...Int64(1) << 53) ?? 1)
      force = try Self.force(&fields, code)
      offset = try fields.number("offset_N", in: -1000...1000)
      faults = EmulatorFaults()
      if var object = try fields.object("faults") { faults = try EmulatorFaults(&object) }
      try fields.end()
    } catch {
      throw SetupRefusal("The settings of the emulated instrument cannot be used. \(error.sentence)")
    }
  }

  private static func force(_ fields: inout JSONFields, _ code: OrderCode) throws(JSONMismatch) -> Force {
    let peaks = try numbers("peaks_N", &fields)
    let constant = try fields.number("constant_N", in: -10_000...10_000)
    let sequence = try numbers("sequence_N", &fields)
    switch (peaks, constant, sequence) {
    case (nil, nil, nil): return .hand(peaks: code == .handDynamometer ? 250...400 : 10...40)
    case (nil, let constant?, nil): return .constant(constant)
    case (nil, nil, let sequence?) where !sequence.isEmpty: return .sequence(sequence)
    case (let peaks?, nil, nil) where peaks.count == 2 && peaks[0] <= peaks[1]:
      return .hand(peaks: peaks[0]...peaks[1])
    default:
      throw JSONMismatch(
        line: fields.line, key: "peaks_N",
        problem: "must hold the least and the greatest peak, or \"constant_N\" or a \"sequence_N\" that is not empty "
          + "stands in its place")
    }
  }

  private static func numbers(_ key: String, _ fields: inout JSONFields) throws(JSONMismatch) -> [Double]? {
    guard let node = fields.node(key) else { return nil }
    return try fields.list(key).map { element throws(JSONMismatch) in
      guard let number = element.number, (-10_000...10_000).contains(number) else {
        throw fields.mismatch(key, node, "must hold numbers from -10000 to 10000")
      }
      return number
    }
  }
}
