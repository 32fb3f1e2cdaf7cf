internal import DriverKit

/// What a HID scale says beside the weight, by its usage on page 0x8D: PROTOCOL.md 2.1.
enum ScaleStatus: UInt16, CaseIterable {
  case fault = 0x71
  case stableAtZero, inMotion, stable, underZero, overLimit, needsCalibration, needsZero

  /// The weight in the same report is a number.
  var hasNumber: Bool { self != .fault && self != .overLimit }

  /// A person should know it even where no weight comes with it.
  var isTrouble: Bool {
    switch self {
    case .fault, .overLimit, .needsCalibration, .needsZero: true
    case .stableAtZero, .inMotion, .stable, .underZero: false
    }
  }

  /// The same as quality.
  var quality: Quality {
    switch self {
    case .fault: .instrumentFault
    case .stableAtZero, .stable: .stable
    case .inMotion: .inMotion
    case .underZero: .underRange
    case .overLimit: .overRange
    case .needsCalibration: .needsCalibration
    case .needsZero: .needsZero
    }
  }
}
