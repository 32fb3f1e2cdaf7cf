package import DriverKit
internal import HIDReportDescriptor

/// Reads the forces of any HID instrument that says in its report descriptor where they are, or whose settings do:
/// scales, force sensors, joystick-like devices. PROTOCOL.md has the descriptors.
package struct HIDForceDriver: Driver {
  private let settings: HIDForceSettings
  private let descriptor: ReportDescriptor
  private let notes: [Note]
  private var channels: [ForceChannel]
  private var hasToldOfUnit = false

  package init(setup: DriverSetup, host: DriverHost) throws(SetupRefusal) {
    settings = try HIDForceSettings(setup.settings)
    do {
      descriptor = try ReportDescriptor(parsing: setup.reportDescriptor)
    } catch {
      throw SetupRefusal("\(error.sentence) Plug the instrument in again; if that does not help, it cannot be read.")
    }
    let sources: [ForceSource]
    (sources, notes) = try ForceSource.all(in: descriptor, settings)
    channels = ForceChannel.all(
      sources, zeros: ZeroScale.all(in: descriptor), discardsFirst: settings.discardsFirst)
  }

  package mutating func start(at now: Microseconds, host: DriverHost) {
    for note in notes { host.fault(.note, note.code, note.sentence) }
    for channel in channels { channel.declare(interval: settings.interval, host) }
    host.ready()
  }

  package mutating func receive(_ bytes: Span<UInt8>, at time: Microseconds, host: DriverHost) {
    guard let id = descriptor.id(of: bytes), !bytes.isEmpty else { return host.tally("short_reports") }
    var (isOurs, isShort) = (false, false)
    for index in channels.indices where channels[index].source.reportID == id {
      isOurs = true
      switch channels[index].source {
      case .field(let field):
        if let reading = field.read(bytes) { channels[index].send(reading, at: time, host) } else { isShort = true }
      case .scale(let scale):
        if let weight = scale.read(bytes) { take(weight, of: index, at: time, host) } else { isShort = true }
      }
      if isShort { channels[index].lose(host) }
    }
    if isShort { host.tally("short_reports") }
    if !isOurs { takeOther(bytes, id, at: time, host) }
  }

  /// A report without a force.
  private mutating func takeOther(_ bytes: Span<UInt8>, _ id: UInt8, at time: Microseconds, _ host: DriverHost) {
    guard let report = descriptor.report(.input, id: id) else { return host.tally("unknown_reports") }
    guard let field = report.statusField, channels.contains(where: \.isScale) else {
      return host.tally("other_reports")
    }
    takeStatus(field.scaleStatus(in: bytes), at: time, host)
  }

  package mutating func perform(_ command: DriverCommand, at now: Microseconds, host: DriverHost) {
    guard command.name == "zero" else {
      return host.fail(command, because: "This instrument has no command named \"\(command.name)\".")
    }
    let index: Int
    do throws(SetupRefusal) { index = try channelIndex(command) } catch {
      return host.fail(command, because: error.sentence)
    }
    guard let zeroScale = channels[index].zeroScale else {
      return host.fail(
        command,
        because: "This instrument cannot be zeroed over USB: press its own zero button, or take a tare at the station.")
    }
    if channels[index].zeroing != nil {
      return host.fail(command, because: "The scale is already being zeroed: wait for it.")
    }
    host.write(zeroScale.report)
    channels[index].zeroing = ForceChannel.Zeroing(command: command, deadline: now + ZeroScale.patience)
    schedule(host)
  }

  /// The force that a command is for: the one that its argument `channel` names, else the first.
  private func channelIndex(_ command: DriverCommand) throws(SetupRefusal) -> Int {
    let wanted: String?
    do {
      let node =
        command.arguments.isEmpty
        ? JSONNode.emptyObject : try JSONNode(parsing: Array(command.arguments.utf8), limits: .file)
      var fields = try JSONFields(node, "")
      wanted = try fields.string("channel")
      try fields.end()
    } catch {
      throw SetupRefusal("The arguments of \"zero\" are at most \"channel\", the name of a force.")
    }
    guard let wanted else { return 0 }
    guard let index = channels.firstIndex(where: { $0.name == wanted }) else {
      throw SetupRefusal("This instrument has no channel \"\(wanted)\": it has \(channels.count) forces.")
    }
    return index
  }

  package mutating func wake(at now: Microseconds, host: DriverHost) {
    for index in channels.indices where channels[index].zeroing.map({ $0.deadline <= now }) ?? false {
      channels[index].failZero(
        "The scale did not show zero within 3 s: take everything off it, or press its own zero button.", host)
    }
    schedule(host)
  }

  package mutating func stop(at now: Microseconds, host: DriverHost) {
    for index in channels.indices { channels[index].failZero("The scale was closed before it showed zero.", host) }
    schedule(host)
  }

  private func schedule(_ host: DriverHost) { host.wake(at: channels.compactMap(\.zeroing?.deadline).min()) }

  // MARK: Scales

  private mutating func take(_ weight: Scale.Weight, of index: Int, at time: Microseconds, _ host: DriverHost) {
    if channels[index].reportsToDiscard > 0 {
      channels[index].reportsToDiscard -= 1
      return host.tally("stale_reports")
    }
    if weight.status == .stableAtZero || (!weight.hasStatus && weight.reading.raw == 0) { finishZero(of: index, host) }
    if weight.reading.raw != nil, let unit = weight.unit {
      if channels[index].rawUnit != unit.ucum {
        channels[index].rawUnit = unit.ucum
        channels[index].declare(interval: settings.interval, host)
      }
      if unit.newtons == nil, !hasToldOfUnit {
        hasToldOfUnit = true
        host.fault(
          .note, "unit_without_force",
          "The scale weighs in \(unit.ucum), which has no one value in newtons: switch it to kilograms or pounds.")
      }
    }
    channels[index].send(weight.reading, at: time, host)
  }

  /// A report with a status and no weight: of several scales, it does not say which one it speaks of.
  private mutating func takeStatus(_ status: ScaleStatus?, at time: Microseconds, _ host: DriverHost) {
    host.tally("status_reports")
    if status == .stableAtZero, channels.count == 1 { finishZero(of: 0, host) }
    guard let status, status.isTrouble else { return }
    for channel in channels { channel.send(.none(status.quality.union(.noData)), at: time, host) }
  }

  private mutating func finishZero(of index: Int, _ host: DriverHost) {
    if channels[index].zeroing == nil { return }
    channels[index].finishZero(host)
    schedule(host)
  }
}

extension ForceChannel {
  /// It is a scale, which speaks of its status as well.
  fileprivate var isScale: Bool { if case .scale = source { true } else { false } }
}
