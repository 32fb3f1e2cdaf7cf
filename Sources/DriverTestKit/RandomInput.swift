/// A small generator of repeatable random numbers (SplitMix64), for bounded random tests.
public struct RepeatableRandom: RandomNumberGenerator {
  private var state: UInt64

  /// The same seed gives the same numbers on every machine.
  public init(seed: UInt64) { state = seed }

  /// The next number.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Damages good inputs in the ways in which outside bytes go wrong: the bounded stand-in for a fuzzer in the test run.
public struct RandomInput {
  private var random: RepeatableRandom
  private let seeds: [[UInt8]]

  /// Inputs grown from `seeds`: good inputs of the parser under test.
  public init(seeds: [[UInt8]], seed: UInt64 = 1) {
    self.seeds = seeds.isEmpty ? [[]] : seeds
    random = RepeatableRandom(seed: seed)
  }

  /// The next damaged input: bits flipped, bytes lost, doubled, replaced, parts of two inputs joined, or plain noise.
  public mutating func next() -> [UInt8] {
    var bytes = seeds[Int.random(in: 0..<seeds.count, using: &random)]
    for _ in 0..<Int.random(in: 0...8, using: &random) {
      let at = Int.random(in: 0...bytes.count, using: &random)
      switch Int.random(in: 0..<8, using: &random) {
      case 0 where at < bytes.count: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1 where at < bytes.count: bytes[at] = UInt8.random(in: 0...255, using: &random)
      case 2 where at < bytes.count: bytes[at] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF].randomElement(using: &random) ?? 0
      case 3 where at < bytes.count: bytes.remove(at: at)
      case 4: bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
      case 5: bytes.removeSubrange(at...)
      case 6 where bytes.count < 65_536: bytes.append(contentsOf: bytes[..<at])
      default: bytes.append(contentsOf: seeds[Int.random(in: 0..<seeds.count, using: &random)].suffix(at))
      }
    }
    return bytes
  }

  /// A random number below `bound`, for the test's own choices.
  public mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<max(1, bound), using: &random) }
}
