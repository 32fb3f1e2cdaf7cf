internal import MeasurementStream
internal import NIOCore
internal import NIOPosix
internal import StrictJSON
internal import WorkerLink

/// Everything that the hub knows. Belongs to one event loop: nothing here is touched from elsewhere.
final class Hub {
  let options: HubOptions
  let loop: any EventLoop
  let audit: AuditLog?
  private(set) var stream: RecordStream
  private(set) var devices: [DeviceIdentityKey: Device] = [:]
  /// Names in the order in which the devices were first seen.
  private(set) var deviceOrder: [DeviceIdentityKey] = []
  private var idle: [DeviceIdentityKey: (report: DeviceReport, sequence: UInt64)] = [:]
  let fanOut: FanOut
  private var commandNumber: UInt64 = 0
  private var isShuttingDown = false
  private var whenStopped: (() -> Void)?
  private var ticks = 0

  init(options: HubOptions, epoch: String, loop: any EventLoop) {
    self.options = options
    self.loop = loop
    fanOut = FanOut(limit: options.consumers)
    audit = options.auditPath.map { AuditLog(path: $0, report: options.log) }
    let origins = Origins()
    stream = RecordStream(epoch: epoch, ringLimit: options.ringBytes, rule: options.effortRule) { origins.find($0) }
    origins.hub = self
  }

  /// Lets the stream ask for a device by name without keeping the hub alive.
  private final class Origins {
    weak var hub: Hub?
    func find(_ name: String) -> RecordStream.Origin {
      hub?.device(named: name)?.origin ?? RecordStream.Origin(instrument: ("", "", ""), driver: "", emulated: false)
    }
  }

  var now: Int64 { Clocks.boot() }
  var ring: RecordRing { stream.ring }
  func log(_ sentence: String) { options.log(sentence) }
  func device(named name: String) -> Device? { devices.values.first { $0.assignment.name == name } }

  // MARK: Time

  /// Four times a second: overdue readings, restarts, pings; each second: heartbeats.
  func tick() {
    let now = now
    ticks += 1
    for device in devices.values {
      if device.intake.isOverdue(at: now) {
        // At the second look: before the first one, the hub may have been too busy to read what had come.
        if device.wasOverdue { perform(device.lifecycle.overdue(at: now), device) }
        device.wasOverdue = true
      }
      perform(device.lifecycle.tick(at: now), device)
      if let worker = device.worker, let since = worker.unansweredSince, now - since > options.driverPatience {
        workerMisbehaved(
          device, code: "hung",
          sentence: "The driver has not answered for \(options.driverPatience / 1_000_000) seconds.")
      } else if ticks % 4 == 0 {
        device.worker?.ping(at: now)
      }
    }
    if ticks % 4 == 0 { fanOut.tick(now) }
    fanOut.flush()
  }

  // MARK: Devices

  /// A device is there and to be driven.
  func attach(_ assignment: DeviceAssignment) {
    idle[assignment.key] = nil
    if let device = devices[assignment.key] {
      device.assignment = assignment
      perform(device.lifecycle.attach(at: now), device)
    } else {
      let device = Device(assignment, limits: options.deviceLimits, at: now)
      devices[assignment.key] = device
      deviceOrder.append(assignment.key)
      perform(device.lifecycle.begin(at: now), device)
    }
    fanOut.flush()
  }

  /// A device is there and is not driven.
  func show(_ device: IdleDevice) {
    var report = DeviceReport(device: device.name, key: (device.key.kind, device.key.value), since: now)
    switch device.state {
    case .needsConsent: report.state = .needsConsent
    case .disabled: report.state = .disabled
    case .failed: report.state = .failed
    }
    report.reason = device.reason
    report.sentence = device.sentence
    report.fix = device.fix
    report.node = device.node
    if !deviceOrder.contains(device.key) { deviceOrder.append(device.key) }
    idle[device.key] = (report, stream.publish(report, to: fanOut.deliver))
    log("\(device.name): \(device.sentence)\(device.fix.isEmpty ? "" : " \(device.fix)")")
    fanOut.flush()
  }

  /// A device was unplugged.
  func detach(_ key: DeviceIdentityKey) {
    if let device = devices[key] {
      perform(device.lifecycle.detach(at: now), device)
    } else if var (report, _) = idle[key] {
      report.previous = report.state
      report.state = .lost
      report.reason = "usb_detached"
      report.sentence = "The device was unplugged."
      report.fix = ""
      report.since = now
      _ = stream.publish(report, to: fanOut.deliver)
      idle[key] = nil
      deviceOrder.removeAll { $0 == key }
    }
    fanOut.flush()
  }

  private func perform(_ actions: [DeviceLifecycle.Action], _ device: Device) {
    for action in actions {
      switch action {
      case .publish(let status):
        device.show(status)
        device.sequence = stream.publish(device.report, to: fanOut.deliver)
        logState(device, status)
      case .spawn: spawn(device)
      case .askToStop: device.worker?.send(.stop)
      case .kill: device.worker?.process.kill()
      }
    }
  }

  private func logState(_ device: Device, _ status: DeviceLifecycle.Status) {
    switch status.state {
    case .streaming, .starting: break
    default: log("\(device.assignment.name): \(status.sentence)\(status.fix.isEmpty ? "" : " \(status.fix)")")
    }
  }

  private func spawn(_ device: Device) {
    device.intake.beginWorker()
    let process: WorkerProcess
    do throws(LaunchFailure) {
      process = try options.launch(device.assignment.setup)
    } catch {
      let sentence = error.sentence
      // After the publication of "starting" that follows this action.
      loop.assumeIsolated().execute { [self] in
        perform(
          device.lifecycle.workerClosed(.unopened, code: "not_started", sentence: sentence, at: now), device)
        perform(device.lifecycle.workerEnded(sentence, at: now), device)
      }
      return
    }
    let handler = WorkerHandler(hub: self, device: device, process: process)
    device.worker = handler
    let bound = NIOLoopBound(handler, eventLoop: loop)
    ClientBootstrap(group: loop)
      .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 65_536))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(bound.value) }
      }
      .withConnectedSocket(process.descriptor)
      .assumeIsolated()
      .whenComplete { [self] result in
        switch result {
        case .success: handler.send(.setup(device.assignment.setup))
        case .failure(let error):
          log("The link to a worker could not be set up: \(error).")
          process.kill()
          workerLinkClosed(device, handler)
        }
      }
  }

  // MARK: What workers say

  func take(_ message: WorkerMessage, from device: Device) {
    let now = now
    do throws(DeviceIntake.Violation) {
      switch try device.intake.take(message, at: now, wallOffset: Clocks.wall() - now) {
      case .measurement(let measurement, let regular):
        if regular {
          device.wasOverdue = false
          perform(device.lifecycle.reading(at: now), device)
        }
        publish(measurement)
      case .event(let event): stream.publish(event, to: fanOut.deliver)
      case .gap(let gap): stream.publish(gap, to: fanOut.deliver)
      case .description:
        // What changes after the device is ready is told at once; before, the record of "ready" tells it.
        if device.status.state != .starting { device.sequence = stream.publish(device.report, to: fanOut.deliver) }
      case nil: takeControl(message, from: device, at: now)
      }
    } catch {
      workerMisbehaved(device, code: error.code, sentence: error.sentence)
    }
  }

  private func takeControl(_ message: WorkerMessage, from device: Device, at now: Int64) {
    switch message {
    case .hello(let version, _) where version != linkVersion:
      perform(
        device.lifecycle.workerClosed(
          .refused, code: "worker_version",
          sentence: "The worker program is of another build than the hub: install both from one build.", at: now),
        device)
      device.worker?.process.kill()
    case .ready: perform(device.lifecycle.ready(at: now), device)
    case .closed(let reason, let code, let sentence):
      perform(device.lifecycle.workerClosed(reason, code: code, sentence: sentence, at: now), device)
    case .outcome(let number, let error): device.commands.removeValue(forKey: number)?(error)
    default: break
    }
  }

  func workerMisbehaved(_ device: Device, code: String, sentence: String) {
    let worker = device.worker
    perform(device.lifecycle.misbehaved(code, sentence, at: now), device)
    worker?.close()
  }

  /// The link is closed: the process is over, or about to be.
  func workerLinkClosed(_ device: Device, _ worker: WorkerHandler, waited: Int64 = 0) {
    guard device.worker === worker else { return }
    guard let how = worker.process.reap() else {
      if waited >= 500_000 { worker.process.kill() }
      loop.assumeIsolated().scheduleTask(in: .milliseconds(5)) { [self] in
        workerLinkClosed(device, worker, waited: waited + 5_000)
      }
      return
    }
    device.worker = nil
    for (_, answer) in device.commands.sorted(by: { $0.key < $1.key }) {
      answer("The driver ended before it answered.")
    }
    device.commands = [:]
    perform(device.lifecycle.workerEnded(how, at: now), device)
    fanOut.flush()
    finishShutDown()
  }

  private func publish(_ measurement: Measurement) {
    // The results that a batch completes follow it; only the batch itself has a newest value.
    var batch: PublishedRecord?
    stream.publish(measurement) { record in
      batch = batch ?? record
      fanOut.deliver(record)
    }
    if let batch { fanOut.deliverLatest(measurement, batch) }
  }

  // MARK: What requests need

  /// Reports of all devices with the numbers of their newest records, in the order in which they were first seen.
  var reports: [(report: DeviceReport, sequence: UInt64)] {
    deviceOrder.compactMap { key in
      devices[key].map { ($0.report, $0.sequence) } ?? idle[key]
    }
  }

  func snapshotLine(_ report: DeviceReport, _ sequence: UInt64) -> [UInt8] {
    stream.snapshotLine(report, sequence: sequence)
  }

  /// Gives a command to a device; `answer` gets an empty text, or why it was not carried out.
  func command(_ device: Device, _ name: String, _ arguments: String, _ answer: @escaping (String) -> Void) {
    guard let worker = device.worker else { return answer("The device is not connected.") }
    commandNumber += 1
    let number = commandNumber
    device.commands[number] = answer
    worker.send(.command(number: number, name: name, arguments: arguments))
    loop.assumeIsolated().scheduleTask(in: .seconds(10)) {
      device.commands.removeValue(forKey: number)?("The instrument did not answer within 10 seconds.")
    }
  }

  // MARK: End

  /// Closes every instrument in good order, then calls `stopped`.
  func shutDown(_ stopped: @escaping () -> Void) {
    isShuttingDown = true
    whenStopped = stopped
    for device in devices.values { perform(device.lifecycle.shutDown(at: now), device) }
    finishShutDown()
  }

  private func finishShutDown() {
    guard isShuttingDown, !devices.values.contains(where: \.lifecycle.isRunning) else { return }
    let stopped = whenStopped
    whenStopped = nil
    fanOut.closeAll(RequestError(.shuttingDown, "Thenar is being stopped."))
    stopped?()
  }
}
