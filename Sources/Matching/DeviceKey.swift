package import Configuration
package import Manifests

/// What a device is known by, at every plug-in and in every record. Never its node, which changes.
package enum DeviceKey: Hashable, Sendable {
  /// USB id, serial number and interface: stays with the instrument.
  case usbSerial(USBID, serial: String, interface: Int)
  /// USB id, port and interface: stays with the socket, for instruments without a serial number.
  case usbPort(USBID, port: String, interface: Int)
  /// A path that the configuration names.
  case path(String)
  /// An emulated instrument of a module.
  case emulator(module: String, serial: String)

  /// The key of a device that the configuration does not place.
  package init(_ device: AttachedDevice) {
    let interface = device.interface ?? 0
    if let usb = device.usb, let serial = device.serialNumber {
      self = .usbSerial(usb, serial: serial, interface: interface)
    } else if let usb = device.usb, let port = device.port {
      self = .usbPort(usb, port: port, interface: interface)
    } else {
      self = .path(device.devnode)
    }
  }

  /// The key of a device that an entry of the configuration covers. An entry that goes by port or path says that the
  /// place is the identity; so two adapters whose makers gave them the same serial number can be told apart.
  package init(_ device: AttachedDevice, configuredBy entry: ConfiguredDevice) {
    switch (entry.place, device.usb) {
    case (.path(let path), _): self = .path(path)
    case (.port(let port, _), .some(let usb)): self = .usbPort(usb, port: port, interface: device.interface ?? 0)
    default: self.init(device)
    }
  }

  /// What kind of key it is: `usb-serial`, `usb-port`, `path`, `emulator`.
  package var kind: String {
    switch self {
    case .usbSerial: "usb-serial"
    case .usbPort: "usb-port"
    case .path: "path"
    case .emulator: "emulator"
    }
  }

  /// The key without its kind, `08f7:0010:0B1003F2`; the interface follows where it is not 0. Different keys of one
  /// kind have different values: in a serial number `:` and `%` are written `%3a` and `%25`.
  package var value: String {
    switch self {
    case .usbSerial(let usb, let serial, let interface): "\(usb):\(escaped(serial))\(suffix(interface))"
    case .usbPort(let usb, let port, let interface): "\(usb):\(escaped(port))\(suffix(interface))"
    case .path(let path): path
    case .emulator(let module, let serial): "\(module):\(escaped(serial))"
    }
  }
}

private func escaped(_ text: String) -> String {
  text.map { $0 == ":" ? "%3a" : $0 == "%" ? "%25" : String($0) }.joined()
}

private func suffix(_ interface: Int) -> String { interface > 0 ? ":\(interface)" : "" }
