internal import CThenarDriver
internal import ContractCoding
public import DriverKit

/// One instance of a driver, driven through the C contract as a worker does, with a recorder for a host.
public final class DriverInstance {
  /// Everything that the driver said.
  public let recorder = Recorder()
  private let table: UnsafePointer<thenar_driver>
  private let hostTable: UnsafeMutablePointer<thenar_host>
  private let instance: UnsafeMutableRawPointer?

  /// Creates an instance. When the driver refuses the setup, ``isRefused`` is true and the recorder holds the fault.
  public convenience init(_ module: DriverModule, setup: DriverSetup = DriverSetup(), settings: String = "{}") {
    self.init(table: UnsafeRawPointer(module.table), setup: setup, settings: settings)
  }

  /// Creates an instance from a table that any module's entry function returned.
  public init(table: UnsafeRawPointer, setup: DriverSetup = DriverSetup(), settings: String = "{}") {
    self.table = table.assumingMemoryBound(to: thenar_driver.self)
    hostTable = .allocate(capacity: 1)
    hostTable.initialize(to: makeRecordingHost(recorder))
    let (driver, host) = (self.table, hostTable)
    instance = withSetup(setup, settings: settings) { driver.pointee.create(driver.pointee.context, host, $0) }
  }

  deinit {
    if let instance { table.pointee.destroy(instance) }
    hostTable.deallocate()
  }

  /// The driver refused its setup.
  public var isRefused: Bool { instance == nil }

  /// How the driver wants its serial line, if it says.
  public var serialLine: SerialLine? {
    guard let instance, let ask = table.pointee.serial_line else { return nil }
    var line = thenar_serial_line(SerialLine())
    guard ask(instance, &line) == 1 else { return nil }
    return SerialLine(
      baud: line.baud, dataBits: line.data_bits, parity: SerialLine.Parity(rawValue: line.parity) ?? .none,
      stopBits: line.stop_bits, dtr: line.dtr == 1, rts: line.rts == 1)
  }

  /// The line is open.
  public func start(at now: Microseconds = 0) { table.pointee.start(instance, now) }
  /// Bytes or a report came.
  public func receive(_ bytes: [UInt8], at time: Microseconds = 0) {
    bytes.withUnsafeBufferPointer { table.pointee.receive(instance, $0.baseAddress, $0.count, time) }
  }
  /// The answer to a request for a feature report came, its first byte the report id; empty: it was refused.
  public func receiveFeature(_ report: UInt8, _ bytes: [UInt8], at time: Microseconds = 0) {
    guard let feature: FeatureCall = isOfContract2 ? table.pointee.feature : nil else { return }
    bytes.withUnsafeBufferPointer { feature(instance, report, bytes.isEmpty ? nil : $0.baseAddress, $0.count, time) }
  }
  private typealias FeatureCall =
    @convention(c) @Sendable (UnsafeMutableRawPointer?, UInt8, UnsafePointer<UInt8>?, Int, Int64) -> Void
  private var isOfContract2: Bool { Int(table.pointee.struct_size) >= MemoryLayout<thenar_driver>.size }
  /// The wake-up is due.
  public func wake(at now: Microseconds) {
    recorder.wakeTime = nil
    table.pointee.wake(instance, now)
  }
  /// A command is given; its outcome is in the recorder under `number`.
  public func command(_ name: String, _ arguments: String = "{}", number: UInt64 = 1, at now: Microseconds = 0) {
    withLentText(name) { name in
      withLentText(arguments) { table.pointee.command(instance, number, name, $0, now) }
    }
  }
  /// The line is about to close.
  public func stop(at now: Microseconds = 0) { table.pointee.stop(instance, now) }
}

func withSetup<Result>(
  _ setup: DriverSetup, settings: String, _ body: (UnsafePointer<thenar_setup>) -> Result
) -> Result {
  withLentSetup(
    usbVendor: setup.usbVendor, usbProduct: setup.usbProduct, serial: setup.serial, settings: settings,
    reportDescriptor: setup.reportDescriptor, body)
}
