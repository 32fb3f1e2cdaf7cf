/// One line of an instrument, checked and ready for the rules.
struct Line: Equatable {
  /// What the rules see: without checksum, trimmed and folded as the profile says.
  let text: String
  /// What the instrument sent.
  let raw: String
}

/// Why a line, or what should have been one, was not used. The words are names of health counters.
enum LineDamage: String, CaseIterable {
  /// The checksum is wrong or missing.
  case checksum = "checksum_errors"
  /// Longer than `framing.max_length`.
  case overlong = "overlong_lines"
  /// More lines than `limits.max_lines_per_second`.
  case tooMany = "lines_over_rate"
  /// A rule matched, but a value in it makes no sense.
  case value = "bad_values"
  /// No rule matched.
  case unmatched = "unmatched_lines"
}
