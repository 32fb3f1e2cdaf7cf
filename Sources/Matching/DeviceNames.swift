import Manifests

/// Gives devices their names in the stream: `go-direct-0b1003f2`.
///
/// A key keeps its name for as long as this value lives, also when its device comes back, unless the configuration gives
/// it another. Where the plain name does not say the whole serial number, or another device has it, a code made from the
/// key follows it; so no two devices share a name.
package struct DeviceNames: Sendable {
  /// Most characters of a name.
  package static let longest = longestDeviceName

  /// Names that the configuration gives: they are kept for the devices that it gives them to.
  private var configured: Set<String>
  /// Names that were made here.
  private var made: [DeviceKey: String] = [:]
  /// Who has a configured name.
  private var holders: [String: DeviceKey] = [:]

  /// No device has a name yet.
  package init(configured: [String] = []) { self.configured = Set(configured) }

  /// The configuration has changed: it gives these names now, and of the devices that are there these.
  package mutating func reload(configured: [String], given: [DeviceKey: String]) {
    self.configured = Set(configured)
    holders = holders.filter { given[$0.value] == $0.key }
  }

  /// The name of a device: the configured one, or one made from the module's id and the key.
  package mutating func name(of key: DeviceKey, module: String, configured name: String? = nil) -> String {
    if let name, holders[name, default: key] == key {
      holders[name] = key
      return name
    }
    if let name = made[key], !configured.contains(name) { return name }
    let name = freeName(key, module, name)
    made[key] = name
    return name
  }

  private func isTaken(_ name: String) -> Bool { configured.contains(name) || made.values.contains(name) }

  private func freeName(_ key: DeviceKey, _ module: String, _ configured: String?) -> String {
    let (plain, isWhole) = configured.map { ($0, false) } ?? plainName(key, module)
    if isWhole, !isTaken(plain) { return plain }
    var salt = 0
    while true {
      let code = fnv1a("\(key.kind):\(key.value)" + (salt == 0 ? "" : "#\(salt)"))
      let name = "\(trimmed(plain, to: Self.longest - 9))-\(code)"
      if !isTaken(name) { return name }
      salt += 1
    }
  }

  /// The name without a code, and whether it says all that distinguishes the key.
  private func plainName(_ key: DeviceKey, _ module: String) -> (String, isWhole: Bool) {
    let (text, interface) =
      switch key {
      case .usbSerial(_, let serial, let interface): (serial, interface)
      // Dots of a port path become hyphens, and port paths have no other hyphen than the first.
      case .usbPort(_, let port, let interface):
        ("port-" + port.map { $0 == "." ? "-" : String($0) }.joined(), interface)
      case .path(let path): (path.hasPrefix("/dev/") ? String(path.dropFirst(5)) : path, 0)
      case .emulator(_, let serial): (serial, 0)
      }
    let slug = slug(text)
    let name = [module, slug, interface > 0 ? "if\(interface)" : ""].filter { !$0.isEmpty }.joined(separator: "-")
    let isWhole = !slug.isEmpty && slug == text.lowercased() && name.utf8.count <= Self.longest
    return (trimmed(name, to: Self.longest), isWhole)
  }
}

/// Lower-case letters and digits of a text, with one hyphen wherever anything else stands between them.
private func slug(_ text: String) -> String {
  text.utf8.split { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      false
    default: true
    }
  }.map { String(decoding: $0, as: UTF8.self).lowercased() }.joined(separator: "-")
}

private func trimmed(_ name: String, to length: Int) -> String {
  var name = name.utf8.prefix(length)
  while name.last == UInt8(ascii: "-") { name.removeLast() }
  return String(decoding: name, as: UTF8.self)
}

/// FNV-1a of 32 bits, in eight hexadecimal digits: the same on every machine and in every run.
private func fnv1a(_ text: String) -> String {
  var hash: UInt32 = 2_166_136_261
  for byte in text.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
  return UInt16(hash >> 16).fourHexadecimalDigits + UInt16(hash & 0xFFFF).fourHexadecimalDigits
}
