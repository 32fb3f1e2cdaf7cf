package import DriverKit
internal import HIDReportDescriptor

/// Reads force from any HID instrument that says in its report descriptor where its force is, or whose settings do:
/// scales, force sensors, joystick-like devices. PROTOCOL.md has the descriptors.
package struct HIDForceDriver: Driver {
  private let settings: HIDForceSettings
  private let descriptor: ReportDescriptor
  private let source: ForceSource
  private let notes: [Note]
  private let zeroScale: ZeroScale?
  private var reportsToDiscard = 0
  private var rawUnit: String?
  private var zeroCommand: DriverCommand?
  private var zeroDeadline: Microseconds = 0
  private var hasToldOfUnit = false

  package init(setup: DriverSetup, host: DriverHost) throws(SetupRefusal) {
    settings = try HIDForceSettings(setup.settings)
    do {
      descriptor = try ReportDescriptor(parsing: setup.reportDescriptor)
    } catch {
      throw SetupRefusal("\(error.sentence) Plug the instrument in again; if that does not help, it cannot be read.")
    }
    (source, notes) = try ForceSource.choose(in: descriptor, settings)
    zeroScale = ZeroScale(descriptor)
  }

  package mutating func start(at now: Microseconds, host: DriverHost) {
    for note in notes { host.fault(.note, note.code, note.sentence) }
    switch source {
    case .field: rawUnit = "{count}"
    case .scale: reportsToDiscard = settings.discardsFirst ? 1 : 0
    }
    declareChannel(host)
    host.ready()
  }

  package mutating func receive(_ bytes: Span<UInt8>, at time: Microseconds, host: DriverHost) {
    guard let id = descriptor.id(of: bytes), !bytes.isEmpty else { return host.tally("short_reports") }
    switch source {
    case .field(let field) where id == source.reportID:
      guard let reading = field.read(bytes) else { return lose(host) }
      send(reading, at: time, host)
    case .scale(let scale) where id == source.reportID:
      guard let weight = scale.read(bytes) else { return lose(host) }
      take(weight, at: time, host)
    case .scale:
      guard let report = descriptor.report(.input, id: id) else { return host.tally("unknown_reports") }
      guard let field = report.statusField else { return host.tally("other_reports") }
      takeStatus(field.scaleStatus(in: bytes), at: time, host)
    case .field:
      host.tally(descriptor.report(.input, id: id) == nil ? "unknown_reports" : "other_reports")
    }
  }

  package mutating func perform(_ command: DriverCommand, at now: Microseconds, host: DriverHost) {
    guard command.name == "zero" else {
      return host.fail(command, because: "This instrument has no command named \"\(command.name)\".")
    }
    guard case .scale = source, let zeroScale else {
      return host.fail(
        command,
        because: "This instrument cannot be zeroed over USB: press its own zero button, or take a tare at the station.")
    }
    if zeroCommand != nil { return host.fail(command, because: "The scale is already being zeroed: wait for it.") }
    host.write(zeroScale.report)
    zeroCommand = command
    zeroDeadline = now + ZeroScale.patience
    host.wake(at: zeroDeadline)
  }

  package mutating func wake(at now: Microseconds, host: DriverHost) {
    if zeroCommand == nil { return }
    if now < zeroDeadline { return host.wake(at: zeroDeadline) }
    failZero("The scale did not show zero within 3 s: take everything off it, or press its own zero button.", host)
  }

  package mutating func stop(at now: Microseconds, host: DriverHost) {
    failZero("The scale was closed before it showed zero.", host)
  }

  // MARK: Scales

  private mutating func take(_ weight: Scale.Weight, at time: Microseconds, _ host: DriverHost) {
    if reportsToDiscard > 0 {
      reportsToDiscard -= 1
      return host.tally("stale_reports")
    }
    if weight.status == .stableAtZero || (!weight.hasStatus && weight.reading.raw == 0) { finishZero(host) }
    if weight.reading.raw != nil, let unit = weight.unit {
      if rawUnit != unit.ucum {
        rawUnit = unit.ucum
        declareChannel(host)
      }
      if unit.newtons == nil, !hasToldOfUnit {
        hasToldOfUnit = true
        host.fault(
          .note, "unit_without_force",
          "The scale weighs in \(unit.ucum), which has no one value in newtons: switch it to kilograms or pounds.")
      }
    }
    send(weight.reading, at: time, host)
  }

  /// A report with a status and no weight.
  private mutating func takeStatus(_ status: ScaleStatus?, at time: Microseconds, _ host: DriverHost) {
    host.tally("status_reports")
    if status == .stableAtZero { finishZero(host) }
    if let status, status.isTrouble { send(.none(status.quality.union(.noData)), at: time, host) }
  }

  private mutating func finishZero(_ host: DriverHost) {
    guard let command = zeroCommand else { return }
    zeroCommand = nil
    host.wake(at: nil)
    host.finish(command)
  }

  private mutating func failZero(_ sentence: String, _ host: DriverHost) {
    guard let command = zeroCommand else { return }
    zeroCommand = nil
    host.wake(at: nil)
    host.fail(command, because: sentence)
  }

  // MARK: Saying it

  private func declareChannel(_ host: DriverHost) {
    var channel = Channel(
      number: 0, name: "force", quantity: "force", unit: "N", rawUnit: rawUnit, interval: settings.interval)
    if case .field(let field) = source {
      channel.range = field.range
      channel.resolution = field.resolution
    }
    host.declare(channel)
  }

  private func send(_ reading: ForceReading, at time: Microseconds, _ host: DriverHost) {
    host.sample(channel: 0, value: reading.newtons, raw: reading.raw, quality: reading.quality, at: time)
  }

  /// A report of the force that ends before the force does.
  private func lose(_ host: DriverHost) {
    host.tally("short_reports")
    host.lost(channel: 0, count: 1, reason: "short_report")
  }
}
