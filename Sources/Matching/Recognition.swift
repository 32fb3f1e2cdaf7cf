package import Configuration
package import Manifests

extension MatchRule {
  /// Whether the rule recognises the device.
  package func accepts(_ device: AttachedDevice) -> Bool {
    if let usb, usb != device.usb { return false }
    guard let usagePage else { return usb != nil }
    return device.usages.contains { $0.page == usagePage && (usage == nil || usage == $0.usage) }
  }
}

extension ConfiguredDevice {
  /// Whether the entry speaks of the device.
  package func covers(_ device: AttachedDevice) -> Bool {
    if let interface, interface != device.interface { return false }
    return switch place {
    case .usb(let usb): device.usb == usb
    case .serialNumber(let usb, let serial): device.usb == usb && device.serialNumber == serial
    case .port(let port, let usb): device.port == port && (usb == nil || device.usb == usb)
    case .path(let path): device.devnode == path || device.links.contains(path)
    }
  }
}
