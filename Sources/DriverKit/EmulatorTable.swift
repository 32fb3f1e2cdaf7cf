internal import CThenarDriver
internal import ContractCoding

class AnyEmulatorBox {
  func connected(at now: Microseconds) {}
  func receive(_ bytes: Span<UInt8>, at now: Microseconds) {}
  func wake(at now: Microseconds) {}
  func featureRequested(_ report: UInt8, at now: Microseconds) {}
  func featureWritten(_ bytes: Span<UInt8>, at now: Microseconds) {}
}

final class EmulatorBox<E: Emulator>: AnyEmulatorBox {
  private var emulator: E
  private let host: EmulatorHost

  init(setup: DriverSetup, host: EmulatorHost) throws(SetupRefusal) {
    emulator = try E(setup: setup, host: host)
    self.host = host
  }

  override func connected(at now: Microseconds) { emulator.connected(at: now, host: host) }
  override func receive(_ bytes: Span<UInt8>, at now: Microseconds) { emulator.receive(bytes, at: now, host: host) }
  override func wake(at now: Microseconds) { emulator.wake(at: now, host: host) }
  override func featureRequested(_ report: UInt8, at now: Microseconds) {
    emulator.featureRequested(report, at: now, host: host)
  }
  override func featureWritten(_ bytes: Span<UInt8>, at now: Microseconds) {
    emulator.featureWritten(bytes, at: now, host: host)
  }
}

class AnyEmulatorFactory {
  func make(setup: DriverSetup, host: EmulatorHost) throws(SetupRefusal) -> AnyEmulatorBox { AnyEmulatorBox() }
}

final class EmulatorFactory<E: Emulator>: AnyEmulatorFactory {
  override func make(setup: DriverSetup, host: EmulatorHost) throws(SetupRefusal) -> AnyEmulatorBox {
    try EmulatorBox<E>(setup: setup, host: host)
  }
}

private func emulator(_ instance: UnsafeMutableRawPointer?) -> AnyEmulatorBox? {
  instance.map { Unmanaged<AnyEmulatorBox>.fromOpaque($0).takeUnretainedValue() }
}

func makeEmulatorTable<E: Emulator>(_: E.Type) -> thenar_emulator {
  let factory: AnyEmulatorFactory = EmulatorFactory<E>()
  return thenar_emulator(
    struct_size: UInt32(MemoryLayout<thenar_emulator>.size),
    context: Unmanaged.passRetained(factory).toOpaque(),
    create: { context, hostTable, setup in
      guard let context, let hostTable, let setup else { return nil }
      let factory = Unmanaged<AnyEmulatorFactory>.fromOpaque(context).takeUnretainedValue()
      do throws(SetupRefusal) {
        let box = try factory.make(setup: try DriverSetup(setup), host: EmulatorHost(table: hostTable))
        return Unmanaged.passRetained(box).toOpaque()
      } catch {
        withLentText(error.sentence) { hostTable.pointee.refuse(hostTable.pointee.context, $0) }
        return nil
      }
    },
    connected: { instance, now in emulator(instance)?.connected(at: now) },
    receive: { instance, bytes, count, now in
      emulator(instance)?.receive(UnsafeBufferPointer(start: bytes, count: count).span, at: now)
    },
    wake: { instance, now in emulator(instance)?.wake(at: now) },
    destroy: { instance in
      if let instance { Unmanaged<AnyEmulatorBox>.fromOpaque(instance).release() }
    },
    feature_requested: { instance, report, now in emulator(instance)?.featureRequested(report, at: now) },
    feature_written: { instance, bytes, count, now in
      emulator(instance)?.featureWritten(UnsafeBufferPointer(start: bytes, count: count).span, at: now)
    })
}
