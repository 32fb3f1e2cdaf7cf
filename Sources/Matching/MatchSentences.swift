import Configuration
import Manifests
import StrictJSON

extension AttachedDevice {
  /// How a sentence names the device: `Vernier Go Direct (08f7:0010, serial number 0B1003F2, port 1-2)`.
  var title: String {
    var name = product ?? ""
    if let manufacturer, !name.hasPrefix(manufacturer) {
      name = name.isEmpty ? manufacturer : "\(manufacturer) \(name)"
    }
    if name.isEmpty { name = devnode }
    let facts = [
      usb.map { "\($0)" }, serialNumber.map { "serial number \($0)" }, port.map { "port \($0)" },
    ].compactMap { $0 }
    return facts.isEmpty ? name : "\(name) (\(facts.joined(separator: ", ")))"
  }

  /// The entry that names exactly this device, as it would stand in the configuration.
  func entry(module: String) -> String {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("module")
    writer.string(module)
    if let usb {
      writer.key("usb")
      writer.string("\(usb)")
    }
    if let serialNumber {
      writer.key("serial")
      writer.string(serialNumber)
    } else if let port {
      writer.key("port")
      writer.string(port)
    }
    if let interface, interface > 0 {
      writer.key("interface")
      writer.integer(interface)
    }
    writer.endObject()
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

extension ConfiguredDevice {
  /// ` on line 7`, to follow "the configuration".
  var onLine: String { line > 0 ? " on line \(line)" : "" }
}

/// `an FTDI FT232`, `a WCH CH340`: the chips whose names begin with the sound of a vowel are few.
func withArticle(_ chip: String) -> String {
  (["A", "F", "R"].contains(chip.prefix(1)) ? "an " : "a ") + chip
}
