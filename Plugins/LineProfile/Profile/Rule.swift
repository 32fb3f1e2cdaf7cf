internal import DriverKit
internal import StrictJSON

/// What a line means.
struct Rule {
  /// Finds the line; `nil` for a rule that a JSON line names by its type.
  var pattern: LinePattern?
  /// The event that it makes, if any.
  var event: String?
  /// Fields with the same value each time.
  var constants: [(key: String, value: Event.Value)] = []
  /// Texts for fields that the line leaves out.
  var defaults: [Capture] = []
  /// All must hold, or the rule does not match.
  var conditions: [Condition] = []
  /// Which fields tell who the instrument is.
  var identity: IdentityFields?
  /// The board says this when it starts: unasked, it means that the board began anew.
  var isBanner = false
  /// A trial that is running ends with this reason.
  var abortReason: String?
  var sample: SampleRule?
  var edge: EdgeRule?
  var mask: MaskRule?

  /// Every event that the rule can make.
  var events: [String] {
    [event, edge?.onEvent, edge?.offEvent, mask?.setEvent, mask?.clearEvent].compactMap(\.self)
  }
}

/// Names of the fields that tell who the instrument is.
struct IdentityFields {
  var model: String?
  var serial: String?
  var firmware: String?

  init(_ fields: inout JSONFields) throws(JSONMismatch) {
    model = try fields.string("model")
    serial = try fields.string("serial")
    firmware = try fields.string("firmware")
    try fields.end()
  }

  var names: [String] { [model, serial, firmware].compactMap(\.self) }
}

/// A field must be one of some texts or lie in one of some ranges: `"1..18"`, `3`, `["ST", "US"]`.
struct Condition {
  private enum Choice { case text(String), range(ClosedRange<Double>) }

  let field: String
  private let choices: [Choice]

  init(field: String, _ node: JSONNode) throws(JSONMismatch) {
    self.field = field
    var choices: [Choice] = []
    for element in node.elements ?? [node] {
      guard let value = Event.Value(scalar: element) else {
        throw JSONMismatch(
          line: node.line, key: "when.\(field)",
          problem: "must be a text, a number, a range such as \"1..18\", or a list of these")
      }
      choices.append(Self.range(value).map(Choice.range) ?? .text(value.text))
    }
    self.choices = choices
  }

  private static func range(_ value: Event.Value) -> ClosedRange<Double>? {
    if let number = value.number { return number...number }
    let ends = value.text.split(separator: "..", omittingEmptySubsequences: false)
    guard ends.count == 2, let low = Double(ends[0]), let high = Double(ends[1]), low <= high else { return nil }
    return low...high
  }

  func holds(for value: Event.Value) -> Bool {
    choices.contains { choice in
      switch choice {
      case .text(let text): value.text == text
      case .range(let range): value.number.map(range.contains) ?? false
      }
    }
  }
}

/// A field is a measurement.
struct SampleRule {
  /// Number of the channel.
  var channel: UInt32
  var field: String
  /// A field whose text tells the quality.
  var qualityField: String?
  var qualities: [String: Quality] = [:]
}

/// Levels become events where they cross a threshold.
struct EdgeRule {
  enum Mode: String, CaseIterable { case level, drop }

  var mode = Mode.level
  /// The field with the level.
  var field: String
  /// The field that tells which of several sensors it is; `nil`: there is one.
  var index: String?
  /// Level mode: on when above this, off when below that.
  var onAbove = 0.0
  var offBelow = 0.0
  /// The level must stay for this long; the event bears the time of its beginning.
  var hold: Microseconds = 0
  /// Drop mode: on when the level falls by more than this from one line to the next.
  var delta = 0.0
  /// Drop mode: other falls for some sensors.
  var deltas: [String: Double] = [:]
  /// Drop mode: on when the level is exactly this.
  var alsoWhenEqual: Double?
  var onEvent: String
  var offEvent: String?
}

/// Each bit of a field is a contact.
struct MaskRule {
  var field: String
  var base = 16
  var count = 1
  /// What the lowest bit is called.
  var first = 1
  /// The key of the number in the events.
  var index = "hole"
  var setEvent: String
  var clearEvent: String
  /// The mask repeats what other lines told of holes one by one: a difference is a line that was lost.
  var reconciles = false
}
