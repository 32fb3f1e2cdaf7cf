import CUdev
import Glibc
import HIDReportDescriptor
import Manifests
import Matching

/// A device of libudev, read into plain values. Attributes and properties may all be missing.
struct UdevDevice {
  private let pointer: OpaquePointer

  /// Borrows a device; the caller keeps it alive.
  init(borrowing pointer: OpaquePointer) { self.pointer = pointer }

  var syspath: String? { text(udev_device_get_syspath(pointer)) }
  var action: String? { text(udev_device_get_action(pointer)) }

  /// The device as it is now; `nil` where it is none of ours: no node, or a tty that is not on USB.
  func sighting() -> Sighting? {
    attachedDevice().map { Sighting(device: $0, isSettled: udev_device_get_is_initialized(pointer) > 0) }
  }

  private func attachedDevice() -> AttachedDevice? {
    guard let syspath, let devnode = text(udev_device_get_devnode(pointer)) else { return nil }
    switch text(udev_device_get_subsystem(pointer)) {
    case "hidraw": return hid(AttachedDevice(transport: .hid, syspath: syspath, devnode: devnode))
    case "tty": return serial(AttachedDevice(transport: .serial, syspath: syspath, devnode: devnode))
    default: return nil
    }
  }

  private func hid(_ device: AttachedDevice) -> AttachedDevice {
    var device = withUSB(device)
    // The parents belong to the device and live as long as it does.
    if let parent = udev_device_get_parent_with_subsystem_devtype(pointer, "hid", nil) {
      if let identity = property(parent, "HID_ID").flatMap(HIDIdentity.init) { device.usb = identity.usb }
      device.serialNumber = property(parent, "HID_UNIQ") ?? device.serialNumber
      device.product = device.product ?? property(parent, "HID_NAME")
      device.kernelDriver = property(parent, "DRIVER")
    }
    device.reportDescriptor = readReportDescriptor(device.syspath + "/device/report_descriptor")
    let applications = (try? ReportDescriptor(parsing: device.reportDescriptor))?.applications ?? []
    device.usages = applications.map { Matching.HIDUsage(page: $0.page, usage: $0.id) }
    return device
  }

  private func serial(_ device: AttachedDevice) -> AttachedDevice? {
    var device = withUSB(device)
    if device.usb == nil { return nil }
    let driver =
      udev_device_get_parent_with_subsystem_devtype(pointer, "usb-serial", nil)
      ?? udev_device_get_parent_with_subsystem_devtype(pointer, "usb", "usb_interface")
    device.kernelDriver = driver.flatMap { property($0, "DRIVER") }
    return device
  }

  /// Adds what the USB device and interface above it say.
  private func withUSB(_ device: AttachedDevice) -> AttachedDevice {
    var device = device
    device.links = property(pointer, "DEVLINKS")?.split(separator: " ").map(String.init) ?? []
    if let interface = udev_device_get_parent_with_subsystem_devtype(pointer, "usb", "usb_interface") {
      device.interface = attribute(interface, "bInterfaceNumber").flatMap { Int($0, radix: 16) }
    }
    guard let usb = udev_device_get_parent_with_subsystem_devtype(pointer, "usb", "usb_device") else { return device }
    device.usb = attribute(usb, "idVendor").flatMap { vendor in
      attribute(usb, "idProduct").flatMap { USBID("\(vendor):\($0)") }
    }
    device.serialNumber = attribute(usb, "serial")
    device.manufacturer = attribute(usb, "manufacturer")
    device.product = attribute(usb, "product")
    device.port = text(udev_device_get_sysname(usb))
    device.busAddress = attribute(usb, "busnum").flatMap { bus in attribute(usb, "devnum").map { "\(bus):\($0)" } }
    return device
  }

  private func attribute(_ device: OpaquePointer, _ name: String) -> String? {
    text(udev_device_get_sysattr_value(device, name))
  }

  private func property(_ device: OpaquePointer, _ name: String) -> String? {
    text(udev_device_get_property_value(device, name))
  }
}

/// A text of libudev without the space around it; `nil` where there is none.
private func text(_ pointer: UnsafePointer<CChar>?) -> String? {
  guard let pointer else { return nil }
  let trimmed = trimmingSpace(String(cString: pointer))
  return trimmed.isEmpty ? nil : trimmed
}

/// A text without spaces and control characters at its ends: some instruments fill their strings up with them.
func trimmingSpace(_ text: String) -> String {
  let isSpace = { (scalar: Unicode.Scalar) in scalar.value <= 0x20 || scalar.value == 0x7F }
  let scalars = text.unicodeScalars.drop(while: isSpace)
  guard let last = scalars.lastIndex(where: { !isSpace($0) }) else { return "" }
  return String(scalars[...last])
}

/// The report descriptor in sysfs, at most 4096 bytes, which is the kernel's limit; empty where it cannot be read.
private func readReportDescriptor(_ path: String) -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  if descriptor < 0 { return [] }
  defer { _ = close(descriptor) }
  var bytes = [UInt8](repeating: 0, count: 4096)
  var length = 0
  while length < bytes.count {
    let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress.map { $0 + length }, $0.count - length) }
    if count < 0, errno == EINTR { continue }
    if count <= 0 { break }
    length += count
  }
  return Array(bytes[..<length])
}
