package import DriverKit

/// A Go Direct instrument in software (PROTOCOL.md 7).
///
/// Commands wait in line until their answer is due; only then do they take effect, so a slow instrument goes on measuring
/// while it thinks.
package struct GoDirectEmulator: Emulator {
  private struct Waiting {
    var command: ReceivedCommand
    var id: UInt8
    var counter: UInt8
    var due: Microseconds
  }

  private static let initContent: [UInt8] = [
    0x55, 0xAA, 0x56, 0xA9, 0x57, 0xA8, 0x58, 0xA7, 0x59, 0xA6, 0x5A, 0xA5, 0x5B, 0xA4, 0x5C, 0xA3, 0x5D, 0xA2, 0x5E,
    0xA1,
  ]
  private static let mostWaiting = 16

  private let faults: EmulatorFaults
  private let instrument: EmulatedInstrument
  private var signal: EmulatedSignal
  private var counter: UInt8 = 0
  private var period: Microseconds
  private var stream: EmulatedStream?
  private var waiting: [Waiting] = []
  private var infoToTruncate: Bool

  package init(setup: DriverSetup, host: EmulatorHost) throws(SetupRefusal) {
    let settings = try EmulatorSettings(setup)
    faults = settings.faults
    instrument = EmulatedInstrument(settings)
    signal = EmulatedSignal(settings)
    period = Microseconds(instrument.sensors[0].typicalPeriod)
    infoToTruncate = faults.truncateInfo
  }

  package mutating func receive(_ bytes: Span<UInt8>, at now: Microseconds, host: EmulatorHost) {
    advance(to: now, host)
    if let (command, id, counter) = ReceivedCommand.read(bytes.withUnsafeBufferPointer { Array($0) }),
      waiting.count < Self.mostWaiting
    {
      let delay = 1000 * (faults.responseDelay + (command == .deviceInfo ? faults.infoDelay : 0))
      let ready = max(now + delay, waiting.last?.due ?? now)
      let due = faults.interleave ? max(ready, stream?.due ?? ready) : ready
      waiting.append(Waiting(command: command, id: id, counter: counter, due: due))
    }
    wake(at: now, host: host)
  }

  package mutating func wake(at now: Microseconds, host: EmulatorHost) {
    advance(to: now, host)
    host.wake(at: [waiting.first?.due, stream?.due].compactMap { $0 }.min())
  }

  /// Does all that is due, in order; of a sample and a command at the same time, the sample comes first.
  private mutating func advance(to now: Microseconds, _ host: EmulatorHost) {
    while true {
      while let body = stream?.overflow(at: now) { sendMeasurement(body, host) }
      let answer = waiting.first.map(\.due) ?? .max
      let frame = stream?.due ?? .max
      if min(answer, frame) > now { return }
      if frame <= answer {
        sendNextFrame(host)
      } else {
        carryOut(waiting.removeFirst(), host)
      }
    }
  }

  // MARK: Commands

  private mutating func carryOut(_ waiting: Waiting, _ host: EmulatorHost) {
    switch waiting.command {
    case .initialize:
      stream = nil
      counter = 0
      answer(waiting, Self.initContent, header: GoDirectFrame.initResponseHeader, host)
    case .status: answer(waiting, instrument.status.payload, host)
    case .deviceInfo: answer(waiting, instrument.info.payload, host)
    case .defaultMask: answer(waiting, mask: instrument.defaultMask, host)
    case .availableMask: answer(waiting, mask: instrument.availableMask, host)
    case .sensorInfo(let channel):
      guard let sensor = instrument.sensors.first(where: { $0.channel == channel }) else {
        return answer(waiting, .invalidParameter, host)
      }
      answer(waiting, sensor.payload, host)
    case .setPeriod(let wanted): answer(waiting, setPeriod(wanted), host)
    case .start(let mask, let sampleAtOnce): start(waiting, mask, sampleAtOnce: sampleAtOnce, host)
    case .stop, .disconnect:
      if let body = stream?.remainder(at: waiting.due, &signal) { sendMeasurement(body, host) }
      stream = nil
      answer(waiting, .success, host)
    case .unknown: answer(waiting, .notSupported, host)
    }
  }

  private mutating func setPeriod(_ wanted: UInt64) -> AnswerStatus {
    if stream != nil { return .periodWhileMeasuring }
    guard instrument.periods.contains(wanted) else { return .invalidParameter }
    period = Microseconds(wanted)
    return .success
  }

  private mutating func start(_ waiting: Waiting, _ mask: UInt32, sampleAtOnce: Bool, _ host: EmulatorHost) {
    let mask = mask & instrument.availableMask
    if mask == 0 { return answer(waiting, .invalidParameter, host) }
    let start = waiting.due + (sampleAtOnce ? 0 : period)
    stream = EmulatedStream(mask: mask, period: period, start: start)
    if faults.interleave, stream?.due == waiting.due { sendNextFrame(host) }
    answer(waiting, .success, host)
  }

  // MARK: Frames

  private mutating func answer(_ waiting: Waiting, _ status: AnswerStatus, _ host: EmulatorHost) {
    answer(waiting, [status.code], host)
  }

  private mutating func answer(_ waiting: Waiting, mask: UInt32, _ host: EmulatorHost) {
    var payload: [UInt8] = []
    payload.append(littleEndian: mask)
    answer(waiting, payload, host)
  }

  private mutating func answer(
    _ waiting: Waiting, _ payload: [UInt8], header: UInt8 = GoDirectFrame.responseHeader, _ host: EmulatorHost
  ) {
    var reports = makeFrame(header: header, [waiting.id, waiting.counter] + payload).reports
    if waiting.command == .deviceInfo, infoToTruncate {
      infoToTruncate = false
      reports.removeLast()
    }
    for report in reports { host.send(report) }
  }

  private mutating func sendNextFrame(_ host: EmulatorHost) {
    guard let number = stream.map({ $0.frames + 1 }) else { return }
    if isNext(number, of: faults.droppedFrameEvery) {
      if let body = stream?.dropFrame() { sendMeasurement(body, host) }
      return
    }
    guard let body = stream?.nextFrame(&signal) else { return }
    let frame = makeFrame(header: GoDirectFrame.measurementHeader, body)
    if isNext(number, of: faults.dropEvery) { return }
    if isNext(number, of: faults.badChecksumEvery) {
      var bytes = frame.bytes
      bytes[3] ^= 0x01
      return host.send(GoDirectReport.carrying(bytes))
    }
    for report in frame.reports { host.send(report) }
  }

  private mutating func sendMeasurement(_ body: [UInt8], _ host: EmulatorHost) {
    for report in makeFrame(header: GoDirectFrame.measurementHeader, body).reports { host.send(report) }
  }

  private mutating func makeFrame(header: UInt8, _ body: [UInt8]) -> GoDirectFrame {
    defer { counter &+= 1 }
    return GoDirectFrame(header: header, counter: counter, body: body)
  }

  private func isNext(_ number: Int64, of every: Int64?) -> Bool { every.map { number % $0 == 0 } ?? false }
}
