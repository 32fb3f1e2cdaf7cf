internal import CThenarDriver
internal import ContractCoding

/// What is known when a driver or an emulator is created.
public struct DriverSetup: Sendable {
  /// USB vendor id; 0 where it is not a USB device.
  public var usbVendor: UInt16
  /// USB product id; 0 where it is not a USB device.
  public var usbProduct: UInt16
  /// USB serial number, or empty.
  public var serial: String
  /// The station's settings for this device: a JSON object.
  public var settings: JSONNode
  /// The HID report descriptor; empty for serial devices.
  public var reportDescriptor: [UInt8]

  /// A setup for tests and tools.
  public init(
    usbVendor: UInt16 = 0, usbProduct: UInt16 = 0, serial: String = "", settings: JSONNode = .emptyObject,
    reportDescriptor: [UInt8] = []
  ) {
    self.usbVendor = usbVendor
    self.usbProduct = usbProduct
    self.serial = serial
    self.settings = settings
    self.reportDescriptor = reportDescriptor
  }

  /// Copies the setup out of the contract's structure.
  init(_ pointer: UnsafePointer<thenar_setup>) throws(SetupRefusal) {
    let setup: thenar_setup
    do { setup = try structure(pointer) } catch {
      throw SetupRefusal("The host's setup cannot be read: \(error.rule).")
    }
    let text = String(setup.settings)
    let settings: JSONNode
    do {
      settings = text.isEmpty ? .emptyObject : try JSONNode(parsing: Array(text.utf8), limits: .file)
    } catch {
      throw SetupRefusal("The settings cannot be read: \(error.sentence)")
    }
    self.init(
      usbVendor: setup.usb_vendor, usbProduct: setup.usb_product, serial: String(setup.serial), settings: settings,
      reportDescriptor: Array(
        UnsafeBufferPointer(start: setup.report_descriptor, count: setup.report_descriptor_count)))
  }
}
