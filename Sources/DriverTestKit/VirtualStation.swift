public import DriverKit

/// A driver and its own emulator, joined by a perfect line, in time that passes only when the test says so.
public final class VirtualStation {
  /// The driver's side.
  public let driver: DriverInstance
  /// The instrument's side.
  public let emulator: EmulatorInstance
  /// What was said by the driver.
  public var recorder: Recorder { driver.recorder }
  /// The present.
  public private(set) var now: Microseconds
  /// Serial lines: cuts what the emulator sends into pieces of at most this many bytes. `nil`: as sent.
  public var pieceSize: Int?
  /// A chance to damage what the instrument sends. `nil` drops it.
  public var onWire: (([UInt8]) -> [UInt8]?)?

  private let isHID: Bool
  private let numberedReports: Bool

  /// Joins a module's driver and emulator. Both get the same setup, each its own settings.
  public convenience init(
    _ module: DriverModule, setup: DriverSetup = DriverSetup(), driverSettings: String = "{}",
    emulatorSettings: String = "{}", hid: Bool, numberedReports: Bool = false,
    startingAt start: Microseconds = 1_000_000
  ) {
    self.init(
      table: UnsafeRawPointer(module.table), setup: setup, driverSettings: driverSettings,
      emulatorSettings: emulatorSettings, hid: hid, numberedReports: numberedReports, startingAt: start)
  }

  /// Joins the driver and the emulator of a table that any module's entry function returned.
  public init(
    table: UnsafeRawPointer, setup: DriverSetup = DriverSetup(), driverSettings: String = "{}",
    emulatorSettings: String = "{}", hid: Bool, numberedReports: Bool = false,
    startingAt start: Microseconds = 1_000_000
  ) {
    driver = DriverInstance(table: table, setup: setup, settings: driverSettings)
    guard let emulator = EmulatorInstance(table: table, setup: setup, settings: emulatorSettings) else {
      preconditionFailure("this module brings no emulator")
    }
    precondition(emulator.refusal == nil, "the emulator refused: \(emulator.refusal ?? "")")
    self.emulator = emulator
    isHID = hid
    self.numberedReports = numberedReports
    now = start
  }

  /// Opens the line: the instrument is told first, then the driver starts.
  public func open() {
    emulator.connected(at: now)
    driver.start(at: now)
    exchange()
  }

  /// Lets time pass; every wake-up and every byte in between is handled at its own time.
  public func run(for duration: Microseconds) {
    let end = now + duration
    exchange()  // what a command that was given in between has written
    while true {
      let due = [driver.recorder.wakeTime, emulator.wakeTime].compactMap { $0 }.min()
      guard let due, due <= end else { break }
      now = max(now, due)
      if let wake = emulator.wakeTime, wake <= now { emulator.wake(at: now) }
      exchange()
      if let wake = driver.recorder.wakeTime, wake <= now { driver.wake(at: now) }
      exchange()
    }
    now = end
  }

  /// Closes the line in good order.
  public func close() {
    driver.stop(at: now)
    exchange()
  }

  private func exchange() {
    while true {
      let sent = emulator.takeSent()
      let writes = recorder.onTheLine
      recorder.onTheLine = []
      let features = recorder.featuresOnTheLine
      recorder.featuresOnTheLine = []
      let answers = emulator.takeFeatures()
      if sent.isEmpty, writes.isEmpty, features.isEmpty, answers.isEmpty { return }
      for feature in features {
        switch feature {
        case .request(let report): emulator.requestFeature(report, at: now)
        case .write(let bytes): emulator.receiveFeature(bytes, at: now)
        }
      }
      for answer in answers { driver.receiveFeature(answer.report, answer.bytes, at: now) }
      for write in writes { emulator.receive(isHID && !numberedReports ? Array(write.dropFirst()) : write, at: now) }
      for bytes in sent {
        guard let bytes = onWire.map({ $0(bytes) }) ?? bytes else { continue }
        for piece in pieces(bytes) { driver.receive(piece, at: now) }
      }
    }
  }

  private func pieces(_ bytes: [UInt8]) -> [[UInt8]] {
    guard let pieceSize, !isHID else { return [bytes] }
    return stride(from: 0, to: bytes.count, by: pieceSize).map { Array(bytes[$0..<min($0 + pieceSize, bytes.count)]) }
  }
}
