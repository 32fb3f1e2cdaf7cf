package import DriverKit
internal import EmulatedHand

/// An instrument that a hand pinches, in one of three shapes; see ``EmulatedKind``.
package struct HIDForceEmulator: Emulator {
  private let settings: EmulatorSettings
  private var hand: GripEfforts
  private var scale: EmulatedScale
  private var opened: Microseconds = 0
  private var due: Microseconds = 0
  private var sent = 0

  package init(setup: DriverSetup, host: EmulatorHost) throws(SetupRefusal) {
    settings = try EmulatorSettings(setup.settings)
    if !setup.reportDescriptor.isEmpty, setup.reportDescriptor != settings.kind.reportDescriptor {
      throw SetupRefusal(
        "The setting \"kind\" is \"\(settings.kind.rawValue)\", but the report descriptor given is another "
          + "instrument's: change one of them.")
    }
    hand = GripEfforts(seed: settings.seed, peaks: settings.peaks)
    scale = EmulatedScale(settings.unit)
  }

  package mutating func connected(at now: Microseconds, host: EmulatorHost) {
    hand = GripEfforts(seed: settings.seed, peaks: settings.peaks)
    (opened, sent) = (now, 0)
    due = now + settings.interval
    if settings.kind == .scale { host.send(scale.staleReport) }
    host.wake(at: due)
  }

  package mutating func receive(_ bytes: Span<UInt8>, at now: Microseconds, host: EmulatorHost) {
    if settings.kind == .scale { scale.receive(bytes) }
  }

  package mutating func wake(at now: Microseconds, host: EmulatorHost) {
    guard let report = nextReport(at: now) else { return }
    host.send(report)
    sent += 1
    // An instrument that was held up leaves reports out; it does not send them all at once.
    due += settings.interval
    if due <= now { due = now + settings.interval }
    host.wake(at: due)
  }

  private mutating func nextReport(at now: Microseconds) -> [UInt8]? {
    if let sequence = settings.sequence {
      guard sent < sequence.count else { return nil }
      return report(raw: sequence[sent])
    }
    let newtons = settings.constant ?? hand.force(at: Double(now - opened) / 1e6)
    return switch settings.kind {
    case .sensor: report(raw: Int64((newtons * 100).rounded()))
    case .scale: scale.report(newtons: newtons)
    case .joystick: report(raw: Int64((512 + newtons * 3.88).rounded()))
    }
  }

  private mutating func report(raw: Int64) -> [UInt8] {
    switch settings.kind {
    case .sensor:
      let number = UInt32(bitPattern: Int32(clamping: min(max(raw, -10_000), 100_000)))
      let (ready, dataUpdated): (UInt8, UInt8) = (1, 3)
      return [1, ready, dataUpdated] + (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    case .scale:
      return scale.report(divisions: Int(raw))
    case .joystick:
      let axis = UInt16(min(max(raw, 0), 1023))
      return [1, UInt8(axis & 0xFF), UInt8(axis >> 8), 0]
    }
  }
}
