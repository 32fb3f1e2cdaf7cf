import DriverKit
import EmulatedHand

/// The Acorn pinch gauge in software, with a hand that pinches it.
struct AcornEmulator: Emulator {
  private static let period: Microseconds = 10_000

  private var hand: GripEfforts
  private let dropEvery: Int
  private var opened: Microseconds = 0
  private var due: Microseconds = 0
  private var reports = 0
  private var zero = 0.0
  private var wasZeroed = false

  init(setup: DriverSetup, host: EmulatorHost) throws(SetupRefusal) {
    do throws(JSONMismatch) {
      var fields = try JSONFields(setup.settings, "")
      let seed = try fields.integer("seed", in: 0...1_000_000) ?? 1
      hand = GripEfforts(seed: UInt64(seed), peaks: 30...80)
      dropEvery = Int(try fields.integer("drop_every", in: 0...1_000_000) ?? 0)
      try fields.end()
    } catch {
      throw SetupRefusal(error.sentence)
    }
  }

  mutating func connected(at now: Microseconds, host: EmulatorHost) {
    (opened, due) = (now, now + Self.period)
    host.wake(at: due)
  }

  mutating func receive(_ bytes: Span<UInt8>, at now: Microseconds, host: EmulatorHost) {
    guard bytes.count == 8, bytes[0] == 0x5A else { return }
    zero = hand.force(at: Double(now - opened) / 1e6)
    wasZeroed = true
  }

  mutating func wake(at now: Microseconds, host: EmulatorHost) {
    let newtons = hand.force(at: Double(now - opened) / 1e6) - zero
    let report = AcornReport(
      counter: UInt8(reports & 0xFF), isOverRange: newtons > 20 * standardGravity, wasZeroed: wasZeroed,
      hundredths: Int16(clamping: Int((newtons / standardGravity * 100).rounded())))
    reports += 1
    if dropEvery == 0 || reports % dropEvery != 0 { host.send(report.bytes) }
    wasZeroed = false
    // An instrument that was held up leaves reports out; it does not send them all at once.
    due += Self.period
    if due <= now { due = now + Self.period }
    host.wake(at: due)
  }
}
