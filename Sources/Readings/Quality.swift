/// What is to be said about the quality of a sample or an event. Empty: a good value about which there is nothing to say.
public struct Quality: OptionSet, Hashable, Sendable {
  /// The bits of `THENAR_QUALITY_…` in `thenar_driver.h`.
  public let rawValue: UInt32
  /// A set from the bits of the contract.
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

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

  /// The word of each bit, from bit 0, as the stream writes it.
  public static let words = [
    "in_motion", "stable", "over_range", "under_range", "needs_zero", "needs_calibration", "instrument_fault",
    "no_data", "suspect", "inferred",
  ]

  /// All bits that have a meaning.
  public static let all = Quality(rawValue: 1 << 10 - 1)

  /// Bits after which a number must not be taken for a good one.
  public static let doubtful: Quality = [.overRange, .needsCalibration, .instrumentFault, .noData, .suspect]

  /// The words of the set, in the order of their bits; bits without a word are left out.
  public var words: [String] { Self.words.indices.filter { rawValue & 1 << UInt32($0) != 0 }.map { Self.words[$0] } }

  /// The set that some words stand for; words of a later version, which this one does not know, are left out.
  public init(words: [String]) {
    var bits: UInt32 = 0
    for (bit, word) in Self.words.enumerated() where words.contains(word) { bits |= 1 << UInt32(bit) }
    self.init(rawValue: bits)
  }
}
