internal import CThenarDriver
public import DriverKit

/// One instance of a module's emulator, driven through the C contract.
public final class EmulatorInstance {
  final class Sink {
    var sent: [[UInt8]] = []
    var wakeTime: Microseconds?
    var refusal: String?
  }

  private let sink = Sink()
  private let table: UnsafePointer<thenar_emulator>
  private let hostTable: UnsafeMutablePointer<thenar_emulator_host>
  private let instance: UnsafeMutableRawPointer?

  /// Creates an instance of the module's emulator; `nil` when the module brings none.
  public convenience init?(_ module: DriverModule, setup: DriverSetup = DriverSetup(), settings: String = "{}") {
    self.init(table: UnsafeRawPointer(module.table), setup: setup, settings: settings)
  }

  /// Creates an instance from a table that any module's entry function returned; `nil` when it brings no emulator.
  public init?(table driver: UnsafeRawPointer, setup: DriverSetup = DriverSetup(), settings: String = "{}") {
    guard let emulator = driver.assumingMemoryBound(to: thenar_driver.self).pointee.emulator else { return nil }
    table = emulator
    hostTable = .allocate(capacity: 1)
    hostTable.initialize(
      to: thenar_emulator_host(
        struct_size: UInt32(MemoryLayout<thenar_emulator_host>.size),
        context: Unmanaged.passUnretained(sink).toOpaque(),
        send: { context, bytes, count in
          Unmanaged<Sink>.fromOpaque(context!).takeUnretainedValue().sent.append(
            Array(UnsafeBufferPointer(start: bytes, count: count)))
        },
        wake_at: { context, time in
          Unmanaged<Sink>.fromOpaque(context!).takeUnretainedValue().wakeTime = time == THENAR_NO_TIME ? nil : time
        },
        refuse: { context, text in
          Unmanaged<Sink>.fromOpaque(context!).takeUnretainedValue().refusal = String(
            decoding: UnsafeRawBufferPointer(start: text.bytes, count: text.count), as: UTF8.self)
        }))
    let (made, host) = (table, hostTable)
    instance = withSetup(setup, settings: settings) { made.pointee.create(made.pointee.context, host, $0) }
  }

  deinit {
    if let instance { table.pointee.destroy(instance) }
    hostTable.deallocate()
  }

  /// Why the emulator refused its setup, if it did.
  public var refusal: String? { sink.refusal }
  /// The pending wake-up.
  public var wakeTime: Microseconds? { sink.wakeTime }
  /// What the emulator sent since the last call, one element per send.
  public func takeSent() -> [[UInt8]] {
    defer { sink.sent = [] }
    return sink.sent
  }
  /// Somebody opened the line.
  public func connected(at now: Microseconds = 0) { table.pointee.connected(instance, now) }
  /// Bytes or a report came from the driver's side.
  public func receive(_ bytes: [UInt8], at now: Microseconds = 0) {
    bytes.withUnsafeBufferPointer { table.pointee.receive(instance, $0.baseAddress, $0.count, now) }
  }
  /// The wake-up is due.
  public func wake(at now: Microseconds) {
    sink.wakeTime = nil
    table.pointee.wake(instance, now)
  }
}
