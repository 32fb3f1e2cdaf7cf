/// The greatest magnitude of a channel in each tenth of the last ten seconds.
struct Trace: Sendable {
  static let binCount = 100
  private static let binLength: Int64 = 100_000
  private var bins = [Double?](repeating: nil, count: binCount)
  /// Before any time that a sample can have, and far enough from the end of the numbers to count with.
  private var newest = Int64.min / 4

  /// Adds a sample, at station time in microseconds. One that is older than all that is kept is passed over.
  mutating func add(_ value: Double, at time: Int64) {
    let bin = Self.bin(time)
    if bin > newest {
      for passed in 1...min(bin - newest, Int64(Self.binCount)) { bins[Self.slot(bin - passed + 1)] = nil }
      newest = bin
    }
    if bin <= newest - Int64(Self.binCount) { return }
    bins[Self.slot(bin)] = max(bins[Self.slot(bin)] ?? 0, value.magnitude)
  }

  /// The last ten seconds in at most `columns` parts, oldest first; `nil` where there was nothing. The parts begin at
  /// fixed times, so that a curve moves and does not flicker.
  func columns(_ columns: Int, until now: Int64) -> [Double?] {
    if columns < 1 { return [] }
    let group = Int64((Self.binCount + columns - 1) / columns)
    let count = Int64(Self.binCount) / group
    let last = Self.floor(Self.bin(now), group)
    return (last - count + 1...last).map { part in
      (part * group..<part * group + group).compactMap(value(at:)).max()
    }
  }

  /// The greatest value of the last ten seconds.
  func greatest(until now: Int64) -> Double? {
    let last = Self.bin(now)
    return (last - Int64(Self.binCount) + 1...last).compactMap(value(at:)).max()
  }

  private func value(at bin: Int64) -> Double? {
    bin <= newest && bin > newest - Int64(Self.binCount) ? bins[Self.slot(bin)] : nil
  }

  private static func bin(_ time: Int64) -> Int64 { floor(time, binLength) }

  private static func slot(_ bin: Int64) -> Int { Int(bin - floor(bin, Int64(binCount)) * Int64(binCount)) }

  private static func floor(_ dividend: Int64, _ divisor: Int64) -> Int64 {
    dividend / divisor - (dividend % divisor < 0 ? 1 : 0)
  }
}
