internal import CThenarDriver
internal import ContractCoding
internal import Readings
internal import WorkerLink

/// One instance of a module's driver and the host table that it was given.
final class LoadedDriver {
  private let table: thenar_driver
  private let host: HostCalls
  private let hostTable: UnsafeMutablePointer<thenar_host>
  private let instance: UnsafeMutableRawPointer

  /// Creates an instance; `nil` when the driver makes none. The table has been checked, which is why it can be read.
  init?(_ table: UnsafePointer<thenar_driver>, setup: WorkerSetup, host: HostCalls) {
    guard let table: thenar_driver = try? structure(table) else { return nil }
    self.table = table
    self.host = host
    hostTable = .allocate(capacity: 1)
    hostTable.initialize(to: makeHostTable(host))
    host.isCreating = true
    let (driver, hostTable) = (self.table, self.hostTable)
    let made = withLentSetup(
      usbVendor: setup.usbVendor, usbProduct: setup.usbProduct, serial: setup.serial, settings: setup.settings,
      reportDescriptor: setup.address.isHID ? setup.reportDescriptor : []
    ) { driver.create(driver.context, hostTable, $0) }
    host.isCreating = false
    guard let made else {
      hostTable.deallocate()
      return nil
    }
    instance = made
  }

  /// How the driver wants its serial line, or `nil` when it leaves that to the manifest.
  func serialLine(default line: SerialLine) throws(ContractBreach) -> SerialLine? {
    guard let ask = table.serial_line else { return nil }
    var wanted = thenar_serial_line(line)
    return ask(instance, &wanted) == 0 ? nil : try SerialLine(checking: wanted)
  }

  func start(at now: Int64) { table.start(instance, now) }

  func receive(_ bytes: UnsafeRawBufferPointer, at time: Int64) {
    table.receive(instance, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, time)
  }

  /// An answer to a request of the driver; no bytes: the instrument refused.
  func receiveFeature(_ report: UInt8, _ bytes: UnsafeRawBufferPointer, at time: Int64) {
    let start = bytes.isEmpty ? nil : bytes.bindMemory(to: UInt8.self).baseAddress
    table.feature?(instance, report, start, bytes.count, time)
  }

  func wake(at now: Int64) { table.wake(instance, now) }

  /// False: the module takes no commands.
  func command(_ number: UInt64, name: String, arguments: String, at now: Int64) -> Bool {
    guard let command = table.command else { return false }
    withLentText(name) { name in withLentText(arguments) { command(instance, number, name, $0, now) } }
    return true
  }

  func stop(at now: Int64) { table.stop(instance, now) }

  /// Gives the instance back. Call it once, last.
  func destroy() {
    table.destroy(instance)
    hostTable.deallocate()
  }
}
