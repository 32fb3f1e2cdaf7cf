internal import CThenarDriver
public import DriverKit

/// One instance of a module's emulator, driven through the C contract.
public final class EmulatorInstance {
  final class Sink {
    var sent: [[UInt8]] = []
    var features: [(report: UInt8, bytes: [UInt8])] = []
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
        },
        send_feature: { context, report, bytes, count in
          Unmanaged<Sink>.fromOpaque(context!).takeUnretainedValue().features.append(
            (report, Array(UnsafeBufferPointer(start: bytes, count: count))))
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
  /// Answers to requests for feature reports since the last call: the report with its id in front; empty: refused.
  public func takeFeatures() -> [(report: UInt8, bytes: [UInt8])] {
    defer { sink.features = [] }
    return sink.features
  }
  /// A feature report is asked for. An emulator without any refuses.
  public func requestFeature(_ report: UInt8, at now: Microseconds = 0) {
    guard isOfContract2, let ask = table.pointee.feature_requested else { return sink.features.append((report, [])) }
    ask(instance, report, now)
  }
  /// A feature report came, its first byte the report id.
  public func receiveFeature(_ bytes: [UInt8], at now: Microseconds = 0) {
    guard isOfContract2, let take = table.pointee.feature_written else { return }
    bytes.withUnsafeBufferPointer { take(instance, $0.baseAddress, $0.count, now) }
  }
  private var isOfContract2: Bool { Int(table.pointee.struct_size) >= MemoryLayout<thenar_emulator>.size }
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
