import Manifests
import StrictJSON

/// Reads the list `devices`, and refuses entries that contradict each other.
func readDevices(_ fields: inout JSONFields) throws(JSONMismatch) -> [ConfiguredDevice] {
  var devices: [ConfiguredDevice] = []
  for var entry in try fields.objects("devices") {
    let device = try readDevice(&entry)
    for other in devices {
      if let name = device.name, name == other.name {
        throw entry.fault("name", "is that of the entry on line \(other.line) too; give each device its own name")
      }
      if device.place == other.place, device.interface == other.interface {
        throw JSONMismatch(
          line: entry.line, key: entry.path,
          problem: "is about the same device as the entry on line \(other.line); make them one")
      }
    }
    devices.append(device)
  }
  return devices
}

private func readDevice(_ entry: inout JSONFields) throws(JSONMismatch) -> ConfiguredDevice {
  let place = try readPlace(&entry)
  var device = ConfiguredDevice(place, line: entry.line)
  device.interface = try entry.integer("interface", in: 0...255).map(Int.init)
  device.name = try entry.string(
    "name", isDeviceName, "must be 1 to 48 lower-case letters and digits, words joined by \"-\"")
  device.module = try entry.moduleID("module")
  device.settings = entry.node("settings") ?? .emptyObject
  if device.settings.members == nil {
    throw entry.fault("settings", "must be an object, not \(device.settings.kind)")
  }
  device.isDisabled = try entry.flag("disabled") ?? false
  try entry.end()

  switch place {
  case .path:
    if device.interface != nil { throw entry.fault("interface", "has no meaning beside \"path\"; take it out") }
    if device.module == nil, !device.isDisabled {
      throw entry.fault("module", "is missing: a path does not say what is behind it; name the module")
    }
  case .usb(let usb):
    if device.name != nil {
      throw entry.fault(
        "name", "is for one device and \"usb\" alone can mean several; add \"serial\", or \"port\" where it has none")
    }
    // Consent for "every FTDI chip" is consent for whatever somebody plugs in next.
    if let chip = GenericSerialChip.name(of: usb), device.module != nil {
      throw entry.fault(
        "usb", "is that of any \(chip), whatever is behind it; add \"serial\", or \"port\" where it has none")
    }
  case .serialNumber, .port: break
  }
  return device
}

private func readPlace(_ entry: inout JSONFields) throws(JSONMismatch) -> ConfiguredDevice.Place {
  let usb = try entry.usbID("usb")
  let serial = try entry.text("serial")
  let port = try entry.string(
    "port", isPortPath, "must be a USB port as the kernel writes it, such as \"1-1.2\"")
  let path = try entry.absolutePath("path")
  switch (usb, serial, port, path) {
  case (nil, nil, nil, .some(let path)): return .path(path)
  case (let usb, nil, .some(let port), nil): return .port(port, usb)
  case (.some(let usb), .some(let serial), nil, nil): return .serialNumber(usb, serial)
  case (.some(let usb), nil, nil, nil): return .usb(usb)
  case (_, _, _, .some):
    throw entry.fault("path", "stands beside another way to name the device; keep one of them")
  case (_, .some, .some, nil):
    throw entry.fault("serial", "stands beside \"port\"; keep the one by which the device is to be known")
  case (nil, .some, nil, nil):
    throw entry.fault("serial", "needs the USB id that it belongs to; add \"usb\"")
  case (nil, nil, nil, nil):
    throw JSONMismatch(
      line: entry.line, key: entry.path,
      problem: "does not say which device it is about; add \"usb\", \"port\" or \"path\"")
  }
}

/// Whether a text is a USB port path: a bus, a hyphen and port numbers joined by dots.
private func isPortPath(_ text: String) -> Bool {
  let halves = text.split(separator: "-", omittingEmptySubsequences: false)
  guard halves.count == 2, isNumber(halves[0]) else { return false }
  return halves[1].split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isNumber)
}

private func isNumber(_ text: Substring) -> Bool {
  (1...3).contains(text.utf8.count)
    && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
}
