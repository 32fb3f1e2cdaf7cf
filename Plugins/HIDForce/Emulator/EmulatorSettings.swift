internal import DriverKit

/// What the emulator is told to be.
struct EmulatorSettings {
  /// Which instrument.
  var kind: EmulatedKind
  /// Of the efforts of the hand.
  var seed: UInt64
  /// One force for ever, in newtons, in place of efforts.
  var constant: Double?
  /// Lowest and highest peak of the efforts, in newtons.
  var peaks: ClosedRange<Double>
  /// Raw numbers to send, one per report, and then nothing more.
  var sequence: [Int64]?
  /// Time between reports.
  var interval: Microseconds
  /// What a scale weighs in.
  var unit: EmulatedScale.Unit

  /// Reads the settings.
  init(_ node: JSONNode) throws(SetupRefusal) {
    do throws(JSONMismatch) {
      var fields = try JSONFields(node, "")
      kind = try fields.word("kind", as: EmulatedKind.self) ?? .sensor
      seed = UInt64(try fields.integer("seed", in: 0...1 << 53) ?? 1)
      constant = try fields.number("constant_N", in: -10_000...10_000)
      peaks = try Self.peaks(&fields) ?? 60...110
      sequence = try Self.sequence(&fields)
      interval = Microseconds((try fields.number("interval_ms", in: 1...60_000) ?? kind.interval) * 1000)
      unit = try fields.word("unit", as: EmulatedScale.Unit.self) ?? .kg
      try fields.end()
    } catch {
      throw SetupRefusal(error.sentence)
    }
  }

  private static func peaks(_ fields: inout JSONFields) throws(JSONMismatch) -> ClosedRange<Double>? {
    guard let node = fields.node("peaks_N") else { return nil }
    let numbers = node.elements?.compactMap(\.number) ?? []
    guard numbers.count == 2, 0 < numbers[0], numbers[0] <= numbers[1], numbers[1] <= 10_000 else {
      throw fields.mismatch("peaks_N", node, "must be the lowest and the highest peak, above 0 and up to 10000")
    }
    return numbers[0]...numbers[1]
  }

  private static func sequence(_ fields: inout JSONFields) throws(JSONMismatch) -> [Int64]? {
    guard let node = fields.node("sequence_raw") else { return nil }
    guard let elements = node.elements else {
      throw fields.mismatch("sequence_raw", node, "must be a list of whole numbers")
    }
    var sequence: [Int64] = []
    for element in elements {
      guard let number = element.integer, number.magnitude < 1 << 31 else {
        throw fields.mismatch("sequence_raw", element, "must hold whole numbers below 2^31 only")
      }
      sequence.append(number)
    }
    return sequence
  }
}
