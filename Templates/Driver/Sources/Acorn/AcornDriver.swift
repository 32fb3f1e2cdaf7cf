import DriverKit

/// Newtons of one kilogram-force.
let standardGravity = 9.80665

/// Reads the Acorn pinch gauge.
struct AcornDriver: Driver {
  private static let force: UInt32 = 0
  private static let zeroPatience: Microseconds = 1_000_000

  private let range: Double
  private var isReady = false
  private var lastCounter: UInt8?
  private var zeroCommand: DriverCommand?

  init(setup: DriverSetup, host: DriverHost) throws(SetupRefusal) {
    do throws(JSONMismatch) {
      var fields = try JSONFields(setup.settings, "")
      range = try fields.number("range_kgf", in: 1...100) ?? 20
      try fields.end()
    } catch {
      throw SetupRefusal(error.sentence)
    }
  }

  mutating func start(at now: Microseconds, host: DriverHost) {
    host.declare(
      Channel(
        number: Self.force, name: "force", quantity: "force", unit: "N", rawUnit: "kgf",
        range: 0...range * standardGravity, resolution: 0.01 * standardGravity, interval: 10_000, uncertainty: 2_000))
  }

  mutating func receive(_ bytes: Span<UInt8>, at time: Microseconds, host: DriverHost) {
    guard let report = AcornReport(bytes) else { return host.tally("damaged_reports") }
    if !isReady { host.ready() }
    isReady = true
    if report.wasZeroed { finishZero(host) }
    tellOfLoss(before: report.counter, host)
    // Divided, not multiplied by 0.01: 435 is 4.35 on the gauge's display, and not 4.3500000000000005.
    let kilograms = Double(report.hundredths) / 100
    host.sample(
      channel: Self.force, value: kilograms * standardGravity, raw: kilograms,
      quality: report.isOverRange ? .overRange : [], at: time)
  }

  /// The counter says how many reports are missing, a damaged one among them.
  private mutating func tellOfLoss(before counter: UInt8, _ host: DriverHost) {
    defer { lastCounter = counter }
    guard let lastCounter else { return }
    let missing = counter &- lastCounter &- 1
    if missing > 0 { host.lost(channel: Self.force, count: UInt64(missing), reason: "missing_reports") }
  }

  mutating func perform(_ command: DriverCommand, at now: Microseconds, host: DriverHost) {
    guard command.name == "zero" else {
      return host.fail(command, because: "This gauge has one command only: zero.")
    }
    if zeroCommand != nil { return host.fail(command, because: "The gauge is being zeroed already: wait for that.") }
    zeroCommand = command
    host.write([0, 0x5A, 0, 0, 0, 0, 0, 0, 0])
    host.wake(at: now + Self.zeroPatience)
  }

  mutating func wake(at now: Microseconds, host: DriverHost) {
    guard let command = zeroCommand else { return }
    zeroCommand = nil
    host.fail(command, because: "The gauge did not answer within a second: check its cable, then zero it again.")
  }

  private mutating func finishZero(_ host: DriverHost) {
    guard let command = zeroCommand else { return }
    zeroCommand = nil
    host.wake(at: nil)
    host.finish(command)
  }
}
