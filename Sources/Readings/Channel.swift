/// One quantity that an instrument measures.
public struct Channel: Equatable, Sendable {
  /// The driver's own number for it, 0 to 63. It stays between driver and hub; the stream knows channels by name.
  public var number: UInt32
  /// Unique in the device: `force`.
  public var name: String
  /// `force`, `time`, `acceleration`, `angular-velocity`, `count`, `contact`, …
  public var quantity: String
  /// UCUM code of the values: `N` for force, `s` for time.
  public var unit: String
  /// UCUM code of the raw values; empty when the instrument speaks in `unit` itself.
  public var rawUnit: String
  /// What a hand does at it: `grip`, `pinch`, `key`, `palmar`, …; empty where that is not known.
  public var kind: String
  /// What makes its values rise: `push`, `pull`, `squeeze`; empty where that is not known.
  public var direction: String
  /// Lower end of the range in `unit`, where it is known.
  public var minimum: Double?
  /// Upper end of the range in `unit`, where it is known.
  public var maximum: Double?
  /// What the instrument is rated for, in `unit`, where it is known; its range may reach further.
  public var capacity: Double?
  /// The smallest step in `unit`, where it is known.
  public var resolution: Double?
  /// Time between samples; 0: it speaks when it has something to say.
  public var interval: Microseconds
  /// Time between samples of a channel that speaks at irregular times, as it usually is; 0: not known.
  public var usualInterval: Microseconds
  /// How far a sample's time can be from the truth; 0: not known.
  public var uncertainty: Microseconds

  /// A channel; see the properties.
  public init(
    number: UInt32 = 0, name: String, quantity: String, unit: String, rawUnit: String? = nil, kind: String = "",
    direction: String = "", minimum: Double? = nil, maximum: Double? = nil, capacity: Double? = nil,
    resolution: Double? = nil, interval: Microseconds = 0, usualInterval: Microseconds = 0,
    uncertainty: Microseconds = 0
  ) {
    self.number = number
    self.name = name
    self.quantity = quantity
    self.unit = unit
    self.rawUnit = rawUnit ?? ""
    self.kind = kind
    self.direction = direction
    self.minimum = minimum
    self.maximum = maximum
    self.capacity = capacity
    self.resolution = resolution
    self.interval = interval
    self.usualInterval = usualInterval
    self.uncertainty = uncertainty
  }

  /// A channel whose range is given in one piece, or not known.
  public init(
    number: UInt32 = 0, name: String, quantity: String, unit: String, rawUnit: String? = nil,
    range: ClosedRange<Double>?, resolution: Double? = nil, interval: Microseconds = 0, uncertainty: Microseconds = 0
  ) {
    self.init(
      number: number, name: name, quantity: quantity, unit: unit, rawUnit: rawUnit, minimum: range?.lowerBound,
      maximum: range?.upperBound, resolution: resolution, interval: interval, uncertainty: uncertainty)
  }

  /// The range in `unit`, where both of its ends are known.
  public var range: ClosedRange<Double>? {
    get {
      guard let minimum, let maximum, minimum <= maximum else { return nil }
      return minimum...maximum
    }
    set { (minimum, maximum) = (newValue?.lowerBound, newValue?.upperBound) }
  }
}
