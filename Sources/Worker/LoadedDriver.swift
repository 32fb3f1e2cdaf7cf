internal import CThenarDriver
internal import Readings
internal import WorkerLink

/// One instance of a module's driver and the host table that it was given.
final class LoadedDriver {
  private let table: thenar_driver
  private let host: HostCalls
  private let hostTable: UnsafeMutablePointer<thenar_host>
  private let instance: UnsafeMutableRawPointer

  /// Creates an instance; `nil` when the driver makes none.
  init?(_ table: UnsafePointer<thenar_driver>, setup: WorkerSetup, host: HostCalls) {
    self.table = table.pointee
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
    var wanted = thenar_serial_line(
      struct_size: UInt32(MemoryLayout<thenar_serial_line>.size), baud: line.baud, data_bits: line.dataBits,
      parity: line.parity.rawValue, stop_bits: line.stopBits, dtr: line.dtr ? 1 : 0, rts: line.rts ? 1 : 0)
    return ask(instance, &wanted) == 0 ? nil : try SerialLine(checking: wanted)
  }

  func start(at now: Int64) { table.start(instance, now) }

  func receive(_ bytes: UnsafeRawBufferPointer, at time: Int64) {
    table.receive(instance, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, time)
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

/// Lends a string to C for the length of a call.
func withLentText<Result>(_ string: String, _ body: (thenar_text) -> Result) -> Result {
  var string = string
  return string.withUTF8 { utf8 in
    utf8.withMemoryRebound(to: CChar.self) { body(thenar_text(bytes: $0.baseAddress, count: $0.count)) }
  }
}

/// Lends a setup to C for the length of a call.
func withLentSetup<Result>(
  usbVendor: UInt16, usbProduct: UInt16, serial: String, settings: String, reportDescriptor: [UInt8],
  _ body: (UnsafePointer<thenar_setup>) -> Result
) -> Result {
  withLentText(serial) { serial in
    withLentText(settings) { settings in
      reportDescriptor.withUnsafeBufferPointer { descriptor in
        var setup = thenar_setup(
          struct_size: UInt32(MemoryLayout<thenar_setup>.size), usb_vendor: usbVendor, usb_product: usbProduct,
          serial: serial, settings: settings, report_descriptor: descriptor.isEmpty ? nil : descriptor.baseAddress,
          report_descriptor_count: descriptor.count)
        return body(&setup)
      }
    }
  }
}
