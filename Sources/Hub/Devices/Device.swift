internal import MeasurementStream
internal import Readings
internal import WorkerLink

/// One device of the station: its life, its readings, its worker. Belongs to the hub's event loop.
final class Device {
  var assignment: DeviceAssignment
  var lifecycle: DeviceLifecycle
  var intake: DeviceIntake
  var worker: WorkerHandler?
  /// Number of the device's newest record.
  var sequence: UInt64 = 0
  /// Commands that wait for their outcome.
  var commands: [UInt64: (String) -> Void] = [:]
  /// Its readings were overdue when last looked at, and none has come since.
  var wasOverdue = false
  private(set) var status: DeviceLifecycle.Status

  init(_ assignment: DeviceAssignment, limits: DeviceIntake.Limits, at now: Int64) {
    self.assignment = assignment
    lifecycle = DeviceLifecycle(isDiscovered: assignment.isDiscovered, at: now)
    intake = DeviceIntake(device: assignment.name, limits: limits, at: now)
    status = lifecycle.status
  }

  func show(_ status: DeviceLifecycle.Status) { self.status = status }

  var report: DeviceReport {
    var report = DeviceReport(
      device: assignment.name, key: (assignment.key.kind, assignment.key.value), since: status.since)
    report.state = status.state
    report.previous = status.previous
    report.reason = status.reason
    report.sentence = status.sentence
    report.fix = status.fix
    report.node = assignment.setup.address.path
    report.driver = (assignment.setup.module, assignment.setup.moduleVersion)
    let identity = intake.identity
    func known(_ said: String?, _ bus: String) -> String { said.flatMap { $0.isEmpty ? nil : $0 } ?? bus }
    report.vendor = known(identity?.vendor, assignment.vendor)
    report.model = known(identity?.model, assignment.model)
    report.serial = known(identity?.serial, assignment.setup.serial)
    report.firmware = identity?.firmware ?? ""
    report.batteryPercent = identity?.batteryPercent
    report.emulated = assignment.emulated
    report.channels = intake.streamChannels
    // A driver that counts "restarts", too, must not put the key there twice.
    report.health = intake.health.filter { $0.counter != "restarts" }
    if lifecycle.restarts > 0 { report.health.append(("restarts", lifecycle.restarts)) }
    return report
  }

  var origin: RecordStream.Origin {
    let report = report
    return RecordStream.Origin(
      instrument: (report.model, report.serial, report.firmware),
      driver: "\(report.driver.id)@\(report.driver.version)",
      emulated: report.emulated)
  }
}
