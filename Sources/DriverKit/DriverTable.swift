internal import CThenarDriver
internal import ContractCoding

// C function pointers cannot know a generic type, so each instance is a box behind a class that is not generic.

class AnyDriverBox {
  var serialLine: SerialLine? { nil }
  func start(at now: Microseconds) {}
  func receive(_ bytes: Span<UInt8>, at time: Microseconds) {}
  func wake(at now: Microseconds) {}
  func perform(_ command: DriverCommand, at now: Microseconds) {}
  func receiveFeature(_ report: UInt8, _ bytes: Span<UInt8>, at time: Microseconds) {}
  func stop(at now: Microseconds) {}
}

final class DriverBox<D: Driver>: AnyDriverBox {
  private var driver: D
  private let host: DriverHost

  init(setup: DriverSetup, host: DriverHost) throws(SetupRefusal) {
    driver = try D(setup: setup, host: host)
    self.host = host
  }

  override var serialLine: SerialLine? { driver.serialLine }
  override func start(at now: Microseconds) { driver.start(at: now, host: host) }
  override func receive(_ bytes: Span<UInt8>, at time: Microseconds) { driver.receive(bytes, at: time, host: host) }
  override func wake(at now: Microseconds) { driver.wake(at: now, host: host) }
  override func perform(_ command: DriverCommand, at now: Microseconds) {
    driver.perform(command, at: now, host: host)
  }
  override func receiveFeature(_ report: UInt8, _ bytes: Span<UInt8>, at time: Microseconds) {
    driver.receiveFeature(report, bytes, at: time, host: host)
  }
  override func stop(at now: Microseconds) { driver.stop(at: now, host: host) }
}

class AnyDriverFactory {
  func make(setup: DriverSetup, host: DriverHost) throws(SetupRefusal) -> AnyDriverBox { AnyDriverBox() }
}

final class DriverFactory<D: Driver>: AnyDriverFactory {
  override func make(setup: DriverSetup, host: DriverHost) throws(SetupRefusal) -> AnyDriverBox {
    try DriverBox<D>(setup: setup, host: host)
  }
}

private func driver(_ instance: UnsafeMutableRawPointer?) -> AnyDriverBox? {
  instance.map { Unmanaged<AnyDriverBox>.fromOpaque($0).takeUnretainedValue() }
}

func makeDriverTable<D: Driver>(
  _: D.Type, id: StaticString, version: StaticString, emulator: UnsafePointer<thenar_emulator>?
) -> thenar_driver {
  let factory: AnyDriverFactory = DriverFactory<D>()
  return thenar_driver(
    struct_size: UInt32(MemoryLayout<thenar_driver>.size),
    abi_version: THENAR_DRIVER_ABI,
    id: id.lentForEver,
    version: version.lentForEver,
    context: Unmanaged.passRetained(factory).toOpaque(),
    create: { context, hostTable, setup in
      guard let context, let hostTable, let setup else { return nil }
      let factory = Unmanaged<AnyDriverFactory>.fromOpaque(context).takeUnretainedValue()
      let host = DriverHost(table: hostTable)
      do throws(SetupRefusal) {
        let box = try factory.make(setup: try DriverSetup(setup), host: host)
        return Unmanaged.passRetained(box).toOpaque()
      } catch {
        host.fault(.refuse, "setup", error.sentence)
        return nil
      }
    },
    serial_line: { instance, line in
      guard let line, let wanted = driver(instance)?.serialLine else { return 0 }
      line.pointee.baud = wanted.baud
      line.pointee.data_bits = wanted.dataBits
      line.pointee.parity = wanted.parity.rawValue
      line.pointee.stop_bits = wanted.stopBits
      line.pointee.dtr = wanted.dtr ? 1 : 0
      line.pointee.rts = wanted.rts ? 1 : 0
      return 1
    },
    start: { instance, now in driver(instance)?.start(at: now) },
    receive: { instance, bytes, count, time in
      driver(instance)?.receive(UnsafeBufferPointer(start: bytes, count: count).span, at: time)
    },
    wake: { instance, now in driver(instance)?.wake(at: now) },
    command: { instance, number, name, arguments, now in
      driver(instance)?.perform(
        DriverCommand(number: number, name: String(name), arguments: String(arguments)), at: now)
    },
    stop: { instance, now in driver(instance)?.stop(at: now) },
    destroy: { instance in
      if let instance { Unmanaged<AnyDriverBox>.fromOpaque(instance).release() }
    },
    emulator: emulator,
    feature: { instance, report, bytes, count, time in
      driver(instance)?.receiveFeature(report, UnsafeBufferPointer(start: bytes, count: count).span, at: time)
    })
}
