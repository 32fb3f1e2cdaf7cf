/// The words for the quality bits of a sample or an event, in the order of their bits (`THENAR_QUALITY_…` in
/// `thenar_driver.h`).
package enum QualityWords {
  /// One word per bit, from bit 0.
  package static let all = [
    "in_motion", "stable", "over_range", "under_range", "needs_zero", "needs_calibration", "instrument_fault",
    "no_data", "suspect", "inferred",
  ]

  /// All bits that have a word.
  package static let known: UInt32 = 1 << UInt32(all.count) - 1

  /// The words of a set of bits; bits without a word are left out.
  package static func words(_ bits: UInt32) -> [String] {
    all.indices.filter { bits & (1 << UInt32($0)) != 0 }.map { all[$0] }
  }

  /// Bits after which a number must not be taken for a good one.
  package static let doubtful: UInt32 = 1 << 2 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8
}
