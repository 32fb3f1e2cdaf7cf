internal import CThenarDriver

/// What is to be said about the quality of a sample or an event. Empty: a good value about which there is nothing to say.
public struct Quality: OptionSet, Hashable, Sendable {
  /// The bits of `THENAR_QUALITY_…` in `thenar_driver.h`.
  public let rawValue: UInt32
  /// A set from the bits of the contract.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The instrument says that the value is still moving.
  public static let inMotion = Quality(rawValue: 1 << 0)
  /// The instrument says that the value has settled.
  public static let stable = Quality(rawValue: 1 << 1)
  /// Above what the instrument can measure.
  public static let overRange = Quality(rawValue: 1 << 2)
  /// Below what the instrument can measure, or below its zero.
  public static let underRange = Quality(rawValue: 1 << 3)
  /// The instrument asks to be zeroed.
  public static let needsZero = Quality(rawValue: 1 << 4)
  /// The instrument asks to be calibrated.
  public static let needsCalibration = Quality(rawValue: 1 << 5)
  /// The instrument reports a fault of its own.
  public static let instrumentFault = Quality(rawValue: 1 << 6)
  /// The instrument says that it has no number to give.
  public static let noData = Quality(rawValue: 1 << 7)
  /// The driver doubts it.
  public static let suspect = Quality(rawValue: 1 << 8)
  /// The driver concluded it; the instrument did not say it.
  public static let inferred = Quality(rawValue: 1 << 9)
}

/// One quantity that the instrument measures.
public struct Channel: Sendable {
  /// The driver's own number for it, 0 to 63.
  public var number: UInt32
  /// Unique in the device: letters, digits, `-` and `_`.
  public var name: String
  /// `force`, `time`, `acceleration`, `angular-velocity`, `count`, `contact`, …
  public var quantity: String
  /// UCUM code of the values: `N` for force, `s` for time.
  public var unit: String
  /// UCUM code of the raw values, or `nil` when the instrument already speaks in `unit`.
  public var rawUnit: String?
  /// The range in `unit`, where it is known.
  public var range: ClosedRange<Double>?
  /// The smallest step in `unit`, where it is known.
  public var resolution: Double?
  /// Time between samples; 0: it speaks when it has something to say.
  public var interval: Microseconds
  /// How far a sample's time can be from the truth; 0: not known.
  public var uncertainty: Microseconds

  /// A channel; see the properties.
  public init(
    number: UInt32, name: String, quantity: String, unit: String, rawUnit: String? = nil,
    range: ClosedRange<Double>? = nil, resolution: Double? = nil, interval: Microseconds = 0,
    uncertainty: Microseconds = 0
  ) {
    self.number = number
    self.name = name
    self.quantity = quantity
    self.unit = unit
    self.rawUnit = rawUnit
    self.range = range
    self.resolution = resolution
    self.interval = interval
    self.uncertainty = uncertainty
  }
}

/// What the instrument says of itself. Empty texts where it says nothing.
public struct Identity: Equatable, Sendable {
  /// Who made it.
  public var vendor: String
  /// The maker's name for the model.
  public var model: String
  /// The instrument's own serial number.
  public var serial: String
  /// Its firmware version.
  public var firmware: String
  /// Charge of its battery in percent, where it has one.
  public var batteryPercent: Double?

  /// An identity; leave out what the instrument does not say.
  public init(
    vendor: String = "", model: String = "", serial: String = "", firmware: String = "", batteryPercent: Double? = nil
  ) {
    self.vendor = vendor
    self.model = model
    self.serial = serial
    self.firmware = firmware
    self.batteryPercent = batteryPercent
  }
}

/// Something that happened. `docs/write-a-driver.md` lists the names in use.
public struct Event: Sendable {
  /// A field of an event.
  public enum Value: Equatable, Sendable {
    /// At most 2^53 in magnitude.
    case integer(Int64)
    /// Finite.
    case number(Double)
    /// Any text.
    case text(String)
    /// Yes or no.
    case flag(Bool)
  }

  /// `group.verb`: `trial.started`, `peg.inserted`.
  public var name: String
  /// Station time.
  public var time: Microseconds
  /// The instrument's own time, if it has a clock.
  public var deviceTime: Microseconds?
  /// Of the better of the two times; 0: not known.
  public var uncertainty: Microseconds
  /// What is to be said about it.
  public var quality: Quality
  /// In the order in which they go out.
  public var fields: [(key: String, value: Value)]
  /// What the instrument sent, as text.
  public var raw: String

  /// An event; see the properties.
  public init(
    _ name: String, at time: Microseconds, deviceTime: Microseconds? = nil, uncertainty: Microseconds = 0,
    quality: Quality = [], fields: [(key: String, value: Value)] = [], raw: String = ""
  ) {
    self.name = name
    self.time = time
    self.deviceTime = deviceTime
    self.uncertainty = uncertainty
    self.quality = quality
    self.fields = fields
    self.raw = raw
  }
}

/// How bad a fault is.
public enum FaultSeverity: UInt32, Sendable {
  /// Worth telling; work goes on.
  case note
  /// This instance cannot go on; another start may help.
  case restart
  /// No start can help until a person changes something.
  case refuse
}
