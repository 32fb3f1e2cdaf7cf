internal import DriverKit
internal import Schemas

/// What a profile says of the instrument's clock.
struct ClockPlan {
  enum Origin: String, CaseIterable {
    /// Runs since power-on.
    case freeRunning = "free_running"
    /// Begins anew with each trial.
    case zeroAtStart = "zero_at_start"
    /// Wall-clock time, anew each midnight.
    case timeOfDay = "time_of_day"
    /// There is none: station time is all there is.
    case none
  }

  var origin = Origin.none
  /// The field that holds its reading.
  var field = ""
  var format = TimeFormat.milliseconds
  /// Where it begins again from zero.
  var wrap: Microseconds?
  /// Smallest step; 0: not known.
  var resolution: Microseconds = 0
  /// How far a time of an event can be from the truth; 0: not known.
  var uncertainty: Microseconds = 0

  static var schema: Schema {
    let exists = SchemaField.Condition(
      "origin", Origin.allCases.filter { $0 != .none }.map(\.rawValue), unlessSaid: Origin.none.rawValue)
    return .object([
      SchemaField("origin", .word(Origin.self), "When the board's clock begins."),
      .required("field", .name, "Field with its reading.", only: exists),
      SchemaField("format", .word(TimeFormat.self), "How it is written.", only: exists),
      SchemaField("wrap", .integer(1000...1 << 53), "Where it begins again from 0, in its own unit.", only: exists),
      SchemaField("resolution_us", .integer(0...60_000_000), "Its smallest step."),
      SchemaField("uncertainty_us", .integer(0...60_000_000), "How far a time can be from the truth."),
    ])
  }

  init() {}

  init(_ value: CheckedValue) {
    origin = value.word("origin") ?? .none
    field = value.text("field") ?? ""
    format = value.word("format") ?? .milliseconds
    resolution = value.integer("resolution_us") ?? 0
    uncertainty = value.integer("uncertainty_us") ?? resolution
    let unit = format.unit
    wrap = value.integer("wrap").flatMap { $0.multipliedReportingOverflow(by: unit).overflow ? nil : $0 * unit }
    if origin == .timeOfDay { wrap = 86_400_000_000 }
  }
}
