internal import DriverKit

/// What one report says about force.
struct ForceReading: Equatable {
  /// The force; `nil` where the instrument gave no valid number.
  var newtons: Double?
  /// The instrument's own number, in the channel's raw unit; `nil` where it means nothing.
  var raw: Double?
  /// What is to be said about it.
  var quality: Quality

  /// No valid number, and why.
  static func none(_ quality: Quality) -> ForceReading { ForceReading(newtons: nil, raw: nil, quality: quality) }
}

/// Something that a person should know at the start; work goes on.
struct Note: Equatable {
  /// One word.
  var code: String
  /// One plain sentence.
  var sentence: String
}

/// Earth's standard gravity in m/s²: turns a mass into its weight.
let standardGravity = 9.80665
/// Newtons in one avoirdupois pound-force.
let newtonsPerPound = 4.4482216152605
