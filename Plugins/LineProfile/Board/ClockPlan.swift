internal import DriverKit
internal import StrictJSON

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

  init() {}

  init(_ fields: inout JSONFields) throws(JSONMismatch) {
    origin = try fields.word("origin", as: Origin.self) ?? .none
    resolution = try fields.integer("resolution_us", in: 0...60_000_000) ?? 0
    uncertainty = try fields.integer("uncertainty_us", in: 0...60_000_000) ?? resolution
    if origin != .none {
      field = try fields.requiredString("field")
      format = try fields.word("format", as: TimeFormat.self) ?? .milliseconds
      wrap = try fields.integer("wrap", in: 1000...1 << 53)
        .flatMap { $0.multipliedReportingOverflow(by: format.unit).overflow ? nil : $0 * format.unit }
    }
    if origin == .timeOfDay { wrap = 86_400_000_000 }
    try fields.end()
  }
}
