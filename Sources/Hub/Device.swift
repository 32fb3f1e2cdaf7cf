internal import Readings
internal import Supervision
internal import Wire
internal import WorkerLink

/// One device of the station: its life, its readings, its worker. Belongs to the hub's loop.
final class Device {
  private(set) var assignment: DeviceAssignment
  var lifecycle: DeviceLifecycle
  private(set) var intake: DeviceIntake
  private(set) var records: DeviceRecords
  var worker: WorkerPort?
  /// Number of the device's newest record.
  var sequence: UInt64 = 0
  /// Commands that wait for their outcome.
  var commands = OpenCommands()
  /// Its readings were overdue when last looked at, and none has come since.
  var wasOverdue = false
  private(set) var status: DeviceLifecycle.Status

  init(_ assignment: DeviceAssignment, hub: Hub, at now: Microseconds) {
    self.assignment = assignment
    lifecycle = DeviceLifecycle(isDiscovered: assignment.isDiscovered, at: now)
    status = lifecycle.status
    let origin = OriginBox()
    records = DeviceRecords(device: assignment.name, hub: hub) { origin.device?.origin ?? .unknown }
    intake = DeviceIntake(limits: hub.options.deviceLimits, taker: records, at: now)
    origin.device = self
  }

  private final class OriginBox { weak var device: Device? }

  /// Another assignment for the same device. Under another name it is another device in the stream: its counts begin anew.
  func reassign(_ assignment: DeviceAssignment, hub: Hub, at now: Microseconds) {
    let isRenamed = assignment.name != self.assignment.name
    self.assignment = assignment
    guard isRenamed else { return }
    let origin = OriginBox()
    records = DeviceRecords(device: assignment.name, hub: hub) { origin.device?.origin ?? .unknown }
    intake = DeviceIntake(limits: hub.options.deviceLimits, taker: records, at: now)
    origin.device = self
  }

  func show(_ status: DeviceLifecycle.Status) { self.status = status }

  /// Everything that the stream tells of it.
  var report: DeviceReport {
    var report = DeviceReport(device: assignment.name, key: assignment.key, since: status.since)
    report.state = status.state
    report.previous = status.previous
    report.reason = status.reason
    report.sentence = status.sentence
    report.fix = status.fix
    report.node = assignment.setup.address.path
    report.driver = DeviceReport.Driver(id: assignment.setup.module, version: assignment.setup.moduleVersion)
    report.identity = identity
    report.emulated = assignment.emulated
    report.channels = intake.currentChannels.map(\.channel)
    // A driver that counts "restarts", too, must not put the key there twice.
    report.health = intake.health.filter { $0.name != "restarts" }
    if lifecycle.restarts > 0 { report.health.append(.init(name: "restarts", count: lifecycle.restarts)) }
    return report
  }

  /// What the instrument says of itself, and where it says nothing, what the bus does.
  private var identity: Identity {
    var identity = intake.identity ?? Identity()
    if identity.vendor.isEmpty { identity.vendor = assignment.vendor }
    if identity.model.isEmpty { identity.model = assignment.model }
    if identity.serial.isEmpty { identity.serial = assignment.setup.serial }
    return identity
  }

  private var origin: DeviceRecords.Origin {
    DeviceRecords.Origin(
      instrument: identity, driver: "\(assignment.setup.module)@\(assignment.setup.moduleVersion)",
      emulated: assignment.emulated)
  }
}

extension DeviceRecords.Origin {
  static let unknown = DeviceRecords.Origin(instrument: Identity(), driver: "", emulated: false)
}
