import CThenarDriver
import DriverKit
import StrictJSON

/// A driver that does what the first byte of each report tells it.
struct ProbeDriver: Driver {
  enum Order {
    static let sample: UInt8 = 1
    static let wakeForEver: UInt8 = 2
    static let breakContract: UInt8 = 3
    static let askForRestart: UInt8 = 4
    static let refuse: UInt8 = 5
    static let wakeOnce: UInt8 = 6
  }

  private var wakesForEver = false

  init(setup: DriverSetup, host: DriverHost) throws(SetupRefusal) {
    if setup.settings["refuse"]?.bool == true { throw SetupRefusal("The setting \"refuse\" is true: make it false.") }
  }

  var serialLine: SerialLine? { SerialLine(baud: 1200) }

  mutating func start(at now: Microseconds, host: DriverHost) {
    host.declare(Channel(number: 1, name: "force", quantity: "force", unit: "N"))
    host.write([0, 0x10])
    host.ready()
  }

  mutating func receive(_ bytes: Span<UInt8>, at time: Microseconds, host: DriverHost) {
    switch bytes[0] {
    case Order.sample: host.sample(channel: 1, value: Double(bytes[1]), at: time)
    case Order.wakeForEver:
      wakesForEver = true
      host.wake(at: time)
    case Order.wakeOnce: host.wake(at: time + 2000)
    case Order.breakContract: host.sample(channel: 9, value: 1, at: time)
    case Order.askForRestart: host.fault(.restart, "silent", "The instrument stopped answering.")
    case Order.refuse: host.fault(.refuse, "too_old", "The firmware is too old: bring it to version 2.")
    default: break
    }
  }

  mutating func wake(at now: Microseconds, host: DriverHost) {
    if wakesForEver { host.wake(at: 0) } else { host.tally("wakes") }
  }

  mutating func perform(_ command: DriverCommand, at now: Microseconds, host: DriverHost) {
    if command.name == "zero" { host.finish(command) } else { host.fail(command, because: "No \(command.name).") }
  }

  mutating func stop(at now: Microseconds, host: DriverHost) { host.write([0, 0x99]) }
}

/// An instrument that greets, counts what it hears, and floods when told to.
struct ProbeEmulator: Emulator {
  static let flood: UInt8 = 0xF0
  static let tick: UInt8 = 0xF1
  private var heard: UInt8 = 0

  init(setup: DriverSetup, host: EmulatorHost) throws(SetupRefusal) {
    if setup.settings["refuse"]?.bool == true { throw SetupRefusal("The setting \"refuse\" is true: make it false.") }
  }

  mutating func connected(at now: Microseconds, host: EmulatorHost) { host.send([0xAA]) }

  mutating func receive(_ bytes: Span<UInt8>, at now: Microseconds, host: EmulatorHost) {
    heard &+= 1
    switch bytes[0] {
    case Self.flood:
      for _ in 0..<10_000 { host.send([UInt8](repeating: 0xF0, count: 64)) }
    case Self.tick: host.wake(at: now + 1000)
    default: host.send([0x80 | heard, bytes[0]])
    }
  }

  mutating func wake(at now: Microseconds, host: EmulatorHost) { host.send([Self.tick, heard]) }
}

let probeModule = DriverModule(
  id: "probe-driver", version: "1.0.0", driver: ProbeDriver.self, emulator: ProbeEmulator.self)
