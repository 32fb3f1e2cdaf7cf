internal import DriverKit
internal import Schemas

/// What the text of one field says.
enum FieldValue {
  case integer(Int64)
  /// After scaling and before.
  case number(Double, raw: Double)
  /// The text itself.
  case text
  /// The value at this place of the field's map.
  case mapped(Int)
}

/// How the text of one field becomes a value.
struct FieldPlan {
  enum Kind: String, CaseIterable { case text, int, float, time }

  var kind: Kind
  /// Values for whole texts, before anything else. With a map, a text that it lacks is a damaged value.
  var map: [(text: [UInt8], value: Event.Value)]?
  var scale = 1.0
  var offset = 0.0
  /// UCUM code of the scaled number.
  var unit: String?
  /// UCUM code of the number before scaling.
  var rawUnit: String?
  var format = TimeFormat.milliseconds

  /// What a field is when the profile does not say.
  init(for name: String) {
    kind =
      switch name {
      case "hole", "index", "count", "n": .int
      case "level", "value": .float
      default: .text
      }
  }

  static var schema: Schema {
    .part(
      "field",
      .object([
        SchemaField("type", .word(Kind.self), "What the text is."),
        SchemaField(
          "map", .saying("must be an object with one or more values", .map(.scalar, count: 1...Int.max)),
          "Values for whole texts."),
        SchemaField("scale", .anyNumber, "Factor."),
        SchemaField("offset", .anyNumber, "Added after scaling."),
        SchemaField("unit", .anyText, "UCUM code after scaling."),
        SchemaField("raw_unit", .anyText, "UCUM code before scaling."),
        SchemaField("format", .word(TimeFormat.self), "How a time is written."),
      ]))
  }

  init(_ value: CheckedValue, name: String) throws(JSONMismatch) {
    self.init(for: name)
    kind = value.word("type") ?? kind
    map = value["map"]?.members.compactMap { text, value in
      Event.Value(scalar: value.node).map { (Array(text.utf8), $0) }
    }
    if kind == .time, value["format"] == nil { throw value.mismatch("format", "is missing for a time") }
    format = value.word("format") ?? format
    scale = value.number("scale") ?? 1
    offset = value.number("offset") ?? 0
    unit = value.text("unit")
    rawUnit = value.text("raw_unit")
  }

  /// The value of a text, or `nil` when it makes no sense.
  func value(_ text: Span<UInt8>) -> FieldValue? {
    if let map { return map.firstIndex { isEqual(text, $0.text) }.map(FieldValue.mapped) }
    switch kind {
    case .text: return .text
    case .time: return format.microseconds(text).map(FieldValue.integer)
    case .int:
      guard let integer = NumberText.integer(text) else { return nil }
      return scale != 1 || offset != 0 ? scaled(Double(integer)) : .integer(integer)
    case .float: return NumberText.number(text).flatMap(scaled)
    }
  }

  private func scaled(_ raw: Double) -> FieldValue? {
    let number = raw * scale + offset
    return number.isFinite ? .number(number, raw: raw) : nil
  }
}

/// Whether a piece of a line is a text.
func isEqual(_ piece: Span<UInt8>, _ text: [UInt8]) -> Bool {
  if piece.count != text.count { return false }
  for index in piece.indices where piece[index] != text[index] { return false }
  return true
}

extension Event.Value {
  /// A scalar of a profile.
  init?(scalar node: JSONNode) {
    switch node.value {
    case .string(let text): self = .text(text)
    case .integer(let integer): self = .integer(integer)
    case .number(let number): self = .number(number)
    case .bool(let flag): self = .flag(flag)
    case .null, .array, .object: return nil
    }
  }

  /// The number, if it is one.
  var number: Double? {
    switch self {
    case .integer(let integer): Double(integer)
    case .number(let number): number
    case .text, .flag: nil
    }
  }

  /// As a person would write it.
  var text: String {
    switch self {
    case .integer(let integer): String(integer)
    case .number(let number): number.description
    case .text(let text): text
    case .flag(let flag): flag ? "true" : "false"
    }
  }
}
