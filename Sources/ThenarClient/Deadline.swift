/// A point in time on the clock that nobody sets, or none: wait for ever.
struct Deadline {
  private let instant: ContinuousClock.Instant?

  /// So long from now; `nil`: never.
  init(in timeout: Duration?) {
    // A year is for ever; this keeps the sum in range.
    instant = timeout.map { .now + min(max($0, .zero), .seconds(31_536_000)) }
  }

  /// It has passed.
  var isOver: Bool { instant.map { $0 <= .now } ?? false }

  /// Milliseconds from now as `poll` takes them: rounded up, -1 for ever.
  var pollTimeout: Int32 {
    guard let instant else { return -1 }
    let (seconds, attoseconds) = max(.zero, ContinuousClock.now.duration(to: instant)).components
    return Int32(clamping: seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}
