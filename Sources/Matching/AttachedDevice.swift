package import Manifests

/// What a top-level collection of a HID device is for.
package struct HIDUsage: Hashable, Sendable {
  /// The usage page: `0x8D` for weighing devices.
  package let page: UInt16
  /// The usage within the page.
  package let usage: UInt16

  /// A usage of a page.
  package init(page: UInt16, usage: UInt16) {
    self.page = page
    self.usage = usage
  }
}

/// A device node that is there now, with all that the system says of it.
package struct AttachedDevice: Equatable, Sendable {
  /// HID or serial.
  package var transport: Transport
  /// Its place in sysfs: the one thing that a remove event can be told by. Observed with kernel devices: when the event
  /// comes, looking for the USB parent finds the root hub, 1d6b:0002.
  package var syspath: String
  /// Its node, `/dev/hidraw3`. Says nothing about identity: the next plug-in gets another.
  package var devnode: String
  /// Links to the node that udev made, such as those in `/dev/serial/by-id`.
  package var links: [String]
  /// Vendor and product; `nil` where the device is not on USB.
  package var usb: USBID?
  /// The USB serial number, or `nil` where it has none.
  package var serialNumber: String?
  /// The maker's name as the device gives it.
  package var manufacturer: String?
  /// The product's name as the device gives it.
  package var product: String?
  /// Number of the USB interface, from 0.
  package var interface: Int?
  /// The socket that it is plugged into: `1-1.2`.
  package var port: String?
  /// Bus and address on it, `1:5`: another at every plug-in, so it tells a device that came back from one that stayed.
  package var busAddress: String?
  /// Top-level usages of a HID device.
  package var usages: [HIDUsage]
  /// The HID report descriptor; empty for serial devices, or where it could not be read.
  package var reportDescriptor: [UInt8]
  /// The kernel driver: `ftdi_sio`, `cdc_acm`, `hid-generic`.
  package var kernelDriver: String?

  /// A device node; what is not given is not known.
  package init(
    transport: Transport, syspath: String, devnode: String, links: [String] = [], usb: USBID? = nil,
    serialNumber: String? = nil, manufacturer: String? = nil, product: String? = nil, interface: Int? = nil,
    port: String? = nil, busAddress: String? = nil, usages: [HIDUsage] = [], reportDescriptor: [UInt8] = [],
    kernelDriver: String? = nil
  ) {
    self.transport = transport
    self.syspath = syspath
    self.devnode = devnode
    self.links = links
    self.usb = usb
    self.serialNumber = serialNumber
    self.manufacturer = manufacturer
    self.product = product
    self.interface = interface
    self.port = port
    self.busAddress = busAddress
    self.usages = usages
    self.reportDescriptor = reportDescriptor
    self.kernelDriver = kernelDriver
  }
}
