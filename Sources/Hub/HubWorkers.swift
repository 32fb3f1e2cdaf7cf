internal import Readings
internal import Stream
internal import Supervision
internal import Wire
internal import WorkerLink

/// A worker whose process is waited for: its link is closed, or its device is not driven any more.
struct EndingWorker {
  /// For how long a process may take once its link is closed.
  static let patience: Microseconds = 500_000

  var process: WorkerProcess
  /// `nil` where there never was one.
  var port: WorkerPort?
  /// Whose it was; `nil` when the device is not driven any more.
  var device: Device?
  /// It is ended when it is not over by then.
  var until: Microseconds
}

/// What workers say, and how they end.
extension Hub: WorkerPortOwner {
  func take(_ frame: (kind: UInt8, payload: ArraySlice<UInt8>), from port: WorkerPort) -> Bool {
    guard let device = device(of: port), device.worker === port else { return false }
    do throws(LinkError) {
      if frame.kind == WorkerMessage.samplesKind {
        take(.samples(try SamplesFrame.samples(in: frame.payload)), from: device)
      } else {
        take(try WorkerMessage(kind: frame.kind, payload: frame.payload), from: device)
      }
    } catch {
      workerMisbehaved(device, code: "rubbish", sentence: error.sentence)
    }
    return device.worker === port && port.isOpen
  }

  /// Whose worker it is. Only ``spawn(_:)`` sets a port's holder, to a device.
  private func device(of port: WorkerPort) -> Device? { port.holder.map { unsafeDowncast($0, to: Device.self) } }

  func tookAll(from port: WorkerPort) {
    guard let device = device(of: port), device.worker === port else { return }
    device.intake.flush()
    do throws(DeviceIntake.Violation) { try device.intake.checkBytes() } catch {
      workerMisbehaved(device, code: error.code, sentence: error.sentence)
    }
    settleIfMuchHasCome()
  }

  func rubbish(_ sentence: String, from port: WorkerPort) {
    guard let device = device(of: port), device.worker === port else { return }
    workerMisbehaved(device, code: "rubbish", sentence: sentence)
  }

  private func take(_ message: WorkerMessage, from device: Device) {
    do throws(DeviceIntake.Violation) {
      switch message {
      case .samples(let samples):
        if device.intake.hasRate(samples.channel) {
          device.wasOverdue = false
          // The first reading comes after the word that readings come.
          let actions = device.lifecycle.reading(at: now)
          if !actions.isEmpty { perform(actions, device) }
        }
        try device.intake.take(samples, at: now)
      case .event(let event): try device.intake.take(event, at: now)
      case .lost(let loss): try device.intake.take(loss, at: now)
      case .channel(let channel):
        try device.intake.declare(channel, at: now)
        try tellIfKnown(device)
      case .identity(let identity):
        try device.intake.identify(identity, at: now)
        try tellIfKnown(device)
      case .tally(let counter, let amount): try device.intake.tally(counter, amount, at: now)
      case .fault(let severity, let code, let sentence):
        try device.intake.take(Self.fault(severity, code, sentence, at: now), at: now)
      default:
        try device.intake.spendRecord(at: now)
        takeControl(message, from: device)
      }
    } catch {
      workerMisbehaved(device, code: error.code, sentence: error.sentence)
    }
  }

  private static func fault(
    _ severity: FaultSeverity, _ code: String, _ sentence: String, at now: Microseconds
  ) -> Event {
    Event(
      EventName.deviceFault, at: now,
      fields: [
        ("code", .text(code)), ("severity", .text(severity == .note ? "note" : "ends_driver")),
        ("text", .text(sentence)),
      ])
  }

  /// What changes after the device is ready is told at once; before, the record of "ready" tells it.
  private func tellIfKnown(_ device: Device) throws(DeviceIntake.Violation) {
    if device.status.state == .starting { return }
    let before = log.tail.endPosition
    device.intake.flush()
    device.sequence = device.records.tell(device.report)
    try device.intake.spendBytes(Int(log.tail.endPosition - before), at: now)
  }

  private func takeControl(_ message: WorkerMessage, from device: Device) {
    switch message {
    case .hello(let version, _) where version != linkVersion:
      perform(
        device.lifecycle.workerClosed(
          .refused, code: "worker_version",
          sentence: "The worker program is of another build than the hub: install both from one build.", at: now),
        device)
      device.worker?.process.kill()
    case .pong(let number): device.worker?.answered(number)
    case .ready: perform(device.lifecycle.ready(at: now), device)
    case .closed(let reason, let code, let sentence):
      perform(device.lifecycle.workerClosed(reason, code: code, sentence: sentence, at: now), device)
    case .outcome(let number, let error): device.commands.take(number)?(error)
    default: break
    }
  }

  // MARK: Ends

  /// What a worker did is not allowed: nothing more of it is read, and its process is ended.
  func workerMisbehaved(_ device: Device, code: String, sentence: String) {
    guard let port = device.worker else { return }
    device.intake.flush()
    perform(device.lifecycle.misbehaved(code, sentence, at: now), device)
    port.process.kill()
    port.close()
    closed(port)
  }

  /// The link is closed: the process is over, or about to be.
  func closed(_ port: WorkerPort) {
    let device = device(of: port)
    port.holder = nil
    device?.intake.flush()
    if endingWorkers.contains(where: { $0.port === port }) { return }
    endingWorkers.append(
      EndingWorker(process: port.process, port: port, device: device, until: now + EndingWorker.patience))
    reapWorkers()
  }

  /// Asks for the end of processes whose link is closed; those that take long are ended.
  func reapWorkers() {
    if endingWorkers.isEmpty { return }
    // What the end of one brings may add others.
    let listed = endingWorkers
    endingWorkers = []
    for ending in listed {
      guard let how = ending.process.reap() else {
        if now > ending.until { ending.process.kill() }
        endingWorkers.append(ending)
        continue
      }
      guard let port = ending.port else { continue }
      port.close()
      port.holder = nil
      if let device = ending.device, device.worker === port { ended(device, how) }
    }
    if endingWorkers.isEmpty { finishShutDown() }
  }

  private func ended(_ device: Device, _ how: String) {
    device.worker = nil
    for answer in device.commands.takeAll() { answer("The driver ended before it answered.") }
    perform(device.lifecycle.workerEnded(how, at: now), device)
    finishShutDown()
  }
}
