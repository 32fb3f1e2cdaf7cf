/// A driver for one family of instruments.
///
/// A driver does no input or output: it is told what happened and answers through `host`. It never reads a clock, opens
/// a file or starts a thread, so the same code runs in a worker process, in virtual time and under a fuzzer. The rules
/// are those of `thenar_driver.h`, which this protocol is the Swift face of.
public protocol Driver {
  /// Takes the setup, or says in one sentence what is wrong with it and how to mend it.
  init(setup: DriverSetup, host: DriverHost) throws(SetupRefusal)

  /// How a serial line is to be opened. `nil` leaves it to `driver.json`; HID drivers need not answer.
  var serialLine: SerialLine? { get }

  /// The line is open. Called once, before `receive` and `wake`.
  mutating func start(at now: Microseconds, host: DriverHost)

  /// HID: exactly one input report, beginning with its id only when reports are numbered. Serial: one or more bytes, cut
  /// anywhere. `time` was taken when the read returned.
  mutating func receive(_ bytes: Span<UInt8>, at time: Microseconds, host: DriverHost)

  /// The wake-up that was asked for with ``DriverHost/wake(at:)`` is due.
  mutating func wake(at now: Microseconds, host: DriverHost)

  /// HID: the answer to ``DriverHost/requestFeature(_:)``, its first byte the report id (0 where reports are not
  /// numbered). Empty: the instrument refused, or has no such report.
  mutating func receiveFeature(_ report: UInt8, _ bytes: Span<UInt8>, at time: Microseconds, host: DriverHost)

  /// A person or a program gave a command. Answer it exactly once with ``DriverHost/finish(_:)`` or
  /// ``DriverHost/fail(_:because:)``, now or later.
  mutating func perform(_ command: DriverCommand, at now: Microseconds, host: DriverHost)

  /// The line is about to close: the last chance to write. Not called when the device is already gone.
  mutating func stop(at now: Microseconds, host: DriverHost)
}

extension Driver {
  /// `nil`: `driver.json` says how the line is opened.
  public var serialLine: SerialLine? { nil }
  /// Does nothing.
  public mutating func start(at now: Microseconds, host: DriverHost) {}
  /// Does nothing.
  public mutating func wake(at now: Microseconds, host: DriverHost) {}
  /// Does nothing.
  public mutating func stop(at now: Microseconds, host: DriverHost) {}
  /// Does nothing.
  public mutating func receiveFeature(_ report: UInt8, _ bytes: Span<UInt8>, at time: Microseconds, host: DriverHost) {}
  /// Refuses every command.
  public mutating func perform(_ command: DriverCommand, at now: Microseconds, host: DriverHost) {
    host.fail(command, because: "This instrument has no command named \"\(command.name)\".")
  }
}

/// An instrument in software: the other side of a driver's protocol. The same rules hold as for a driver.
public protocol Emulator {
  /// Takes the setup, or says in one sentence what is wrong with it and how to mend it.
  init(setup: DriverSetup, host: EmulatorHost) throws(SetupRefusal)

  /// Somebody opened the line: an instrument that talks by itself begins here.
  mutating func connected(at now: Microseconds, host: EmulatorHost)

  /// HID: one output report as it arrives on the wire, with its id only when reports are numbered. Serial: bytes.
  mutating func receive(_ bytes: Span<UInt8>, at now: Microseconds, host: EmulatorHost)

  /// The wake-up that was asked for with ``EmulatorHost/wake(at:)`` is due.
  mutating func wake(at now: Microseconds, host: EmulatorHost)

  /// HID: a feature report is asked for; answer with ``EmulatorHost/sendFeature(_:)`` or
  /// ``EmulatorHost/refuseFeature(_:)``, now or later.
  mutating func featureRequested(_ report: UInt8, at now: Microseconds, host: EmulatorHost)

  /// HID: a feature report came, its first byte the report id (0 where reports are not numbered).
  mutating func featureWritten(_ bytes: Span<UInt8>, at now: Microseconds, host: EmulatorHost)
}

extension Emulator {
  /// Does nothing.
  public mutating func connected(at now: Microseconds, host: EmulatorHost) {}
  /// Does nothing.
  public mutating func receive(_ bytes: Span<UInt8>, at now: Microseconds, host: EmulatorHost) {}
  /// Refuses: this instrument has no feature reports.
  public mutating func featureRequested(_ report: UInt8, at now: Microseconds, host: EmulatorHost) {
    host.refuseFeature(report)
  }
  /// Does nothing.
  public mutating func featureWritten(_ bytes: Span<UInt8>, at now: Microseconds, host: EmulatorHost) {}
}

/// A setup that a driver or an emulator cannot work with.
public struct SetupRefusal: Error, Equatable {
  /// One plain sentence that names the setting and the fix.
  public var sentence: String

  /// Refuses with one plain sentence that names the setting and the fix.
  public init(_ sentence: String) { self.sentence = sentence }
}

/// A command for an instrument.
public struct DriverCommand: Sendable {
  /// The host's number for it.
  public let number: UInt64
  /// What to do, as named in `driver.json`.
  public let name: String
  /// A JSON object, as text.
  public let arguments: String
}
