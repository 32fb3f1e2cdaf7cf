package import DriverKit

/// The driver for Vernier Go Direct instruments over USB (PROTOCOL.md).
///
/// It asks the instrument who it is and what it measures, starts it, and turns its frames into samples. What it does in
/// each phase is in `GoDirectDriver+Opening`, `+Measuring` and `+Recovery`.
package struct GoDirectDriver: Driver {
  enum Phase {
    /// Before `start`, and after `stop`.
    case closed
    /// The instrument is being asked and set up.
    case opening
    /// It has been told to measure.
    case measuring
    /// A fault has been reported; nothing more is done.
    case ended
  }

  let settings: GoDirectSettings
  var phase = Phase.closed
  var assembler = FrameAssembler()
  var link = CommandLink()
  var opening = Opening()
  var plan: MeasurementPlan?
  /// One per channel that is measured, by the instrument's number.
  var clocks: [UInt8: SampleClock] = [:]
  /// Tries in a row that ended without an answer.
  var failures = 0
  var isReady = false
  var hasToldDrift = false
  /// When measuring began or the last samples came.
  var lastSign: Microseconds = 0
  /// Samples have come since measuring began.
  var hasSamples = false
  /// The wake-up that has been asked for.
  var wakeTime: Microseconds?

  package init(setup: DriverSetup, host: DriverHost) throws(SetupRefusal) {
    settings = try GoDirectSettings(setup.settings)
  }

  package mutating func start(at now: Microseconds, host: DriverHost) {
    beginOpening(at: now, host)
  }

  package mutating func receive(_ bytes: Span<UInt8>, at time: Microseconds, host: DriverHost) {
    let report = bytes.withUnsafeBufferPointer { Array($0) }
    for finding in assembler.take(report) where phase == .opening || phase == .measuring {
      switch finding {
      case .frame(let frame): receive(frame, at: time, host)
      case .badChecksum(let bytes):
        host.tally("checksum_errors")
        lose(bytes, because: "checksum_error", host)
      case .truncated(let bytes):
        host.tally("truncated_frames")
        lose(bytes, because: "truncated_frame", host)
      case .malformedReport: host.tally("malformed_reports")
      }
    }
    watch(host)
  }

  package mutating func wake(at now: Microseconds, host: DriverHost) {
    wakeTime = nil
    checkDeadline(at: now, host)
    watch(host)
  }

  package mutating func stop(at now: Microseconds, host: DriverHost) {
    if phase == .closed { return }
    phase = .closed
    // The line closes at once, so the answer to the first cannot be waited for.
    host.write(link.send(.stopMeasuring, at: now))
    host.write(link.send(.disconnect, at: now))
    host.wake(at: nil)
  }

  private mutating func receive(_ frame: GoDirectFrame, at time: Microseconds, _ host: DriverHost) {
    if frame.isMeasurement { return receiveMeasurement(frame, at: time, host) }
    guard let response = GoDirectResponse(frame), let command = link.settle(response) else {
      return host.tally("unexpected_answers")
    }
    receive(response, to: command, at: time, host)
  }

  /// Sends a command and waits for its answer.
  mutating func send(_ command: GoDirectCommand, at now: Microseconds, _ host: DriverHost) {
    host.write(link.send(command, at: now))
  }

  /// Reports a fault after which this instance does nothing more.
  mutating func end(_ severity: FaultSeverity, _ code: String, _ sentence: String, _ host: DriverHost) {
    phase = .ended
    link.forget()
    host.fault(severity, code, sentence)
  }

  /// What to call the instrument in a sentence.
  var name: String {
    guard let info = opening.info, !info.orderCode.isEmpty else { return "The Go Direct instrument" }
    return "\(info.orderCode) \(info.serial)"
  }
}
