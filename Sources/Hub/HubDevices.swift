internal import Loop
internal import Readings
internal import Stream
internal import Supervision
internal import Wire
internal import WorkerLink

/// Devices come, change and go.
extension Hub {
  /// A device is there and to be driven.
  func attach(_ assignment: DeviceAssignment) {
    if case .driven(let device)? = station[assignment.key] {
      device.reassign(assignment, hub: self, at: now)
      perform(device.lifecycle.attach(at: now), device)
    } else {
      let device = Device(assignment, hub: self, at: now)
      station[assignment.key] = .driven(device)
      perform(device.lifecycle.begin(at: now), device)
    }
  }

  /// What is to be run for a device changed. One whose worker would get the same goes on without a hole.
  func update(_ assignment: DeviceAssignment) {
    guard case .driven(let device)? = station[assignment.key] else { return attach(assignment) }
    let isSame = device.assignment.setup == assignment.setup && device.assignment.name == assignment.name
    if !isSame {
      interruptForChange(device)
      device.reassign(assignment, hub: self, at: now)
      perform(device.lifecycle.change(at: now), device)
      return
    }
    device.reassign(assignment, hub: self, at: now)
    device.sequence = device.records.tell(device.report)
  }

  /// The stream is told that the device under its old name, or with its old settings, has ended.
  private func interruptForChange(_ device: Device) {
    var report = device.report
    report.previous = report.state
    report.state = .starting
    report.reason = "reconfigured"
    report.sentence = "The configuration of the device changed; it is opened anew."
    report.fix = ""
    report.since = now
    device.sequence = device.records.tell(report)
  }

  /// A device is there and is not driven.
  func show(_ device: IdleDevice) {
    if case .driven(let driven)? = station[device.key] {
      // It was driven until now: its worker ends in good order, and then it is what it is shown as.
      retire(driven)
    }
    var report = DeviceReport(device: device.name, key: device.key, since: now)
    switch device.state {
    case .needsConsent: report.state = .needsConsent
    case .disabled: report.state = .disabled
    case .failed: report.state = .failed
    }
    report.reason = device.reason
    report.sentence = device.sentence
    report.fix = device.fix
    report.node = device.node
    station[device.key] = .idle(report: report, sequence: tell(report))
    say(device.name, device.sentence, device.fix)
  }

  /// A device was unplugged.
  func detach(_ key: DeviceIdentityKey) {
    switch station[key] {
    case .driven(let device)?: perform(device.lifecycle.detach(at: now), device)
    case .idle(let report, _)?: forgetIdle(key, report, "usb_detached", "The device was unplugged.")
    case nil: break
    }
  }

  /// A device is known no longer: an emulator or a path that is no more in the configuration.
  func forget(_ key: DeviceIdentityKey) {
    switch station[key] {
    case .driven(let device)?:
      perform(device.lifecycle.detach(at: now), device)
      retire(device)
    case .idle(let report, _)?: forgetIdle(key, report, "forgotten", "The device is no longer part of the station.")
    case nil: break
    }
    station[key] = nil
  }

  private func forgetIdle(_ key: DeviceIdentityKey, _ report: DeviceReport, _ reason: String, _ sentence: String) {
    var report = report
    report.previous = report.state
    report.state = .lost
    report.reason = reason
    report.sentence = sentence
    report.fix = ""
    report.since = now
    _ = tell(report)
    station[key] = nil
  }

  /// A device's worker ends, and the device is not driven any more. Its process is waited for without it.
  private func retire(_ device: Device) {
    perform(device.lifecycle.shutDown(at: now), device)
    for answer in device.commands.takeAll() { answer("The device is not driven any more.") }
    guard let worker = device.worker else { return }
    device.worker = nil
    endingWorkers.append(
      EndingWorker(process: worker.process, port: worker, device: nil, until: now + DeviceLifecycle.graceToEnd))
  }

  private func tell(_ report: DeviceReport) -> UInt64 {
    let topic = log.topics.number(of: .init(kind: .device, device: report.device))
    _ = log.append(topic) { writer, sequence in
      writer.notification(DeviceRecord(sequence: sequence, report: report))
    }
    return log.head
  }

  // MARK: Lives

  func perform(_ actions: [DeviceLifecycle.Action], _ device: Device) {
    for action in actions {
      switch action {
      case .publish(let status):
        device.intake.flush()
        device.show(status)
        device.sequence = device.records.tell(device.report)
        switch status.state {
        case .streaming, .starting: break
        default: say(device.assignment.name, status.sentence, status.fix)
        }
      case .spawn: spawn(device)
      case .askToStop: device.worker?.send(.stop)
      case .kill: device.worker?.process.kill()
      }
    }
  }

  private func say(_ device: String, _ sentence: String, _ fix: String) {
    options.log("\(device): \(sentence)\(fix.isEmpty ? "" : " \(fix)")")
  }

  private func spawn(_ device: Device) {
    device.intake.beginWorker()
    var failure = ""
    do throws(LaunchFailure) {
      let process = try options.launch(device.assignment.setup)
      do throws(EventLoop.Failure) {
        let port = try WorkerPort(process, owner: self, loop: loop, buffer: readBuffer)
        device.worker = port
        port.holder = device
        port.send(.setup(device.assignment.setup))
        return
      } catch {
        process.kill()
        endingWorkers.append(EndingWorker(process: process, until: now + EndingWorker.patience))
        failure = error.sentence
      }
    } catch {
      failure = error.sentence
    }
    // After the record of "starting" that follows this action.
    let sentence = failure
    mailbox.post { [key = device.assignment.key] hub in
      guard case .driven(let device)? = hub.station[key], device.worker == nil else { return }
      hub.perform(
        device.lifecycle.workerClosed(.unopened, code: "not_started", sentence: sentence, at: hub.now), device)
      hub.perform(device.lifecycle.workerEnded(sentence, at: hub.now), device)
    }
  }

  // MARK: Time

  func look(after device: Device, pings: Bool) {
    if device.intake.isOverdue(at: now) {
      // At the second look: before the first one, the hub may have been too busy to read what had come.
      if device.wasOverdue { perform(device.lifecycle.overdue(at: now), device) }
      device.wasOverdue = true
    }
    perform(device.lifecycle.tick(at: now), device)
    for answer in device.commands.takeOverdue(at: now) { answer("The instrument did not answer within 10 seconds.") }
    guard let worker = device.worker else { return }
    if let since = worker.unansweredSince, now - since > options.driverPatience {
      let seconds = options.driverPatience / 1_000_000
      workerMisbehaved(device, code: "hung", sentence: "The driver has not answered for \(seconds) seconds.")
    } else if worker.process.hasEnded {
      // The link may still be held by a child that the driver left behind: it is not waited for.
      worker.processEnded()
    } else if pings {
      worker.ping(at: now)
    }
  }

  func slept(_ device: Device, from before: Microseconds) {
    device.intake.slept(from: before, to: now)
    device.wasOverdue = false
    device.lifecycle.slept(until: now)
    device.worker?.slept(until: now)
    device.commands.slept(until: now)
  }
}
