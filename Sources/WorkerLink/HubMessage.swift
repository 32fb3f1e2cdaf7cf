package import Readings

/// The version of the messages between hub and worker. Both sides must have the same; they come from one build.
package let linkVersion: UInt16 = 2

/// What the hub tells a worker.
package enum HubMessage: Equatable, Sendable {
  /// What to run: the first message.
  case setup(WorkerSetup)
  /// Close the instrument in good order and exit.
  case stop
  /// Are you there? The worker answers with `pong` from the thread that runs the driver.
  case ping(UInt32)
  /// A command for the driver.
  case command(number: UInt64, name: String, arguments: String)

  /// Appends the message as one frame.
  package func write(to writer: inout ByteWriter) {
    switch self {
    case .setup(let setup):
      writer.frame(1) { setup.write(to: &$0) }
    case .stop:
      writer.frame(2) { _ in }
    case .ping(let number):
      writer.frame(3) { $0.integer(number) }
    case .command(let number, let name, let arguments):
      writer.frame(4) {
        $0.integer(number)
        $0.text(name)
        $0.text(arguments)
      }
    }
  }

  /// Reads a message from a frame.
  package init(kind: UInt8, payload: ArraySlice<UInt8>) throws(LinkError) {
    var reader = ByteReader(payload, kind: kind)
    switch kind {
    case 1: self = .setup(try WorkerSetup(from: &reader))
    case 2: self = .stop
    case 3: self = .ping(try reader.integer())
    case 4:
      self = .command(
        number: try reader.integer(), name: try reader.text(limit: ReadingLimits.nameBytes),
        arguments: try reader.text(limit: 65_536))
    default: throw .unknownKind(kind)
    }
    try reader.end()
  }
}

/// What a worker must know to run one driver for one device.
package struct WorkerSetup: Equatable, Sendable {
  /// The hub's link version.
  package var version: UInt16
  /// The stream's name of the device, for messages.
  package var device: String
  /// The module's id.
  package var module: String
  /// The module's version, as its manifest says.
  package var moduleVersion: String
  /// Path of the shared library.
  package var library: String
  /// How to reach the instrument.
  package var address: TransportAddress
  /// How to open a serial line when the driver does not say.
  package var line: SerialLine
  /// USB vendor id or 0.
  package var usbVendor: UInt16
  /// USB product id or 0.
  package var usbProduct: UInt16
  /// USB serial number or empty.
  package var serial: String
  /// The driver's settings: a JSON object.
  package var settings: String
  /// HID report descriptor or empty.
  package var reportDescriptor: [UInt8]

  /// A setup; see the properties.
  package init(
    device: String, module: String, moduleVersion: String, library: String, address: TransportAddress,
    line: SerialLine = SerialLine(), usbVendor: UInt16 = 0, usbProduct: UInt16 = 0, serial: String = "",
    settings: String = "{}", reportDescriptor: [UInt8] = []
  ) {
    version = linkVersion
    self.device = device
    self.module = module
    self.moduleVersion = moduleVersion
    self.library = library
    self.address = address
    self.line = line
    self.usbVendor = usbVendor
    self.usbProduct = usbProduct
    self.serial = serial
    self.settings = settings
    self.reportDescriptor = reportDescriptor
  }

  func write(to writer: inout ByteWriter) {
    writer.integer(version)
    for text in [device, module, moduleVersion, library] { writer.text(text) }
    let kind: UInt8 =
      switch address {
      case .hid: 0
      case .serial: 1
      case .terminal: 2
      case .hidSocket: 3
      case .serialSocket: 4
      }
    writer.integer(kind)
    writer.text(address.path)
    line.write(to: &writer)
    writer.integer(usbVendor)
    writer.integer(usbProduct)
    writer.text(serial)
    writer.text(settings)
    writer.byteArray(reportDescriptor)
  }

  init(from reader: inout ByteReader) throws(LinkError) {
    version = try reader.integer()
    device = try reader.text(limit: 256)
    module = try reader.text(limit: 256)
    moduleVersion = try reader.text(limit: 256)
    library = try reader.text(limit: 4096)
    let kind = try reader.integer(UInt8.self)
    let path = try reader.text(limit: 4096)
    switch kind {
    case 0: address = .hid(node: path)
    case 1: address = .serial(node: path)
    case 2: address = .terminal(path: path)
    case 3: address = .hidSocket(path: path)
    case 4: address = .serialSocket(path: path)
    default: throw reader.refuse()
    }
    line = try SerialLine(from: &reader)
    usbVendor = try reader.integer()
    usbProduct = try reader.integer()
    serial = try reader.text(limit: 256)
    settings = try reader.text(limit: 200_000)
    reportDescriptor = try reader.byteArray(limit: 4096)
  }
}
