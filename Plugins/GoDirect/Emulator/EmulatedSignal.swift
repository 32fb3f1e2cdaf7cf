import DriverKit
import EmulatedHand

/// What an emulated instrument's sensors feel. It lies on its side on a table, so gravity acts along its z axis.
struct EmulatedSignal {
  /// Step of published readings of a hand dynamometer, in newtons (PROTOCOL.md 6.3).
  private static let step = 0.01475

  private let force: EmulatorSettings.Force
  private let offset: Double
  private var efforts: GripEfforts
  private var epoch: Microseconds?

  init(_ settings: EmulatorSettings) {
    force = settings.force
    guard case .hand(let peaks) = force else {
      efforts = GripEfforts(seed: settings.seed, peaks: 0...0)
      offset = settings.offset ?? 0
      return
    }
    efforts = GripEfforts(seed: settings.seed, peaks: peaks)
    var random = SeededRandom(seed: settings.seed)
    offset = settings.offset ?? random.number(in: -1.4...1.9)
  }

  /// The value of a channel for the sample with an index since measuring began, taken at a time that never runs
  /// backwards.
  mutating func value(of channel: UInt8, index: Int64, at time: Microseconds) -> Float {
    switch channel {
    case 1: Float(newtons(index: index, at: time))
    case 2: 0.1
    case 3: -0.2
    case 4: 9.81
    default: 0.002
    }
  }

  private mutating func newtons(index: Int64, at time: Microseconds) -> Double {
    switch force {
    case .constant(let newtons): return newtons + offset
    case .sequence(let newtons): return newtons[Int(index % Int64(newtons.count))] + offset
    case .hand:
      let start = epoch ?? time
      epoch = start
      let felt = efforts.force(at: Double(time - start) / 1e6)
      return (felt / Self.step).rounded() * Self.step + offset
    }
  }
}
