package import Configuration
package import Manifests

/// The rules by which udev lets Thenar open its instruments, and keeps others from them.
///
/// What they build on: udev(7) (all `ATTRS` of a rule must match the same parent); systemd's `60-serial.rules` (links by
/// id exist for ttyUSB and ttyACM only) and `73-seat-late.rules` (a `uaccess` tag behind it is too late); ModemManager's
/// "Common udev tags" (it writes `AT` into ports that are not marked, which some gauges take for commands); and the
/// attribute `latency_timer` of `ftdi_sio` (16 ms unless set).
package struct UdevRules: Sendable {
  /// The text of `60-thenar.rules`. The same modules and devices give the same text, in whatever order they come.
  ///
  /// Whoever may open a generic USB-serial chip stays as it is unless `configured` names it: its id does not say what is
  /// behind it.
  package static func text(modules: [ModuleManifest], configured: [ConfiguredDevice] = []) -> String {
    var rules = UdevRules(modules: modules.sorted { $0.id < $1.id })
    for module in rules.modules { rules.add(module) }
    if rules.modules.contains(where: { $0.transport == .serial }) { rules.addGenericAdapters() }
    for device in configured where !device.isDisabled { rules.add(device) }
    return rules.head + rules.blocks.map { "\n\($0)" }.joined() + "\nLABEL=\"thenar_end\"\n"
  }

  private let modules: [ModuleManifest]
  private var blocks: [String] = []
  private var seen: Set<UdevMatch> = []

  private init(modules: [ModuleManifest]) { self.modules = modules }

  private let head = """
    # Instruments of Thenar. Written by Thenar from the manifests of its modules: change those, not this file.
    #
    # The number 60 has reasons: systemd acts on the uaccess tag in 73-seat-late.rules and ModemManager on the ID_MM marks
    # in its rules about 80, so a later file would come too late for both.
    #
    # GROUP and MODE are for Thenar's own account; uaccess is for the person who sits at the station.
    #
    # After a change: udevadm control --reload, then plug the instruments in anew. Where only permissions changed,
    # udevadm trigger --subsystem-match=hidraw --subsystem-match=tty does instead.

    ACTION=="remove", GOTO="thenar_end"

    """

  private mutating func add(_ module: ModuleManifest) {
    let ids = Set(module.rules.compactMap(\.usb) + module.instruments.compactMap(\.usb)).sorted()
    for usb in ids {
      let names = module.instruments.filter { $0.usb == usb }.map(\.name)
      let title = "\(names.isEmpty ? module.name : names.joined(separator: ", ")) (module \(module.id))"
      switch module.transport {
      case .hid: addHID(UdevMatch(usb: usb), title)
      case .serial where GenericSerialChip.name(of: usb) == nil: addSerial(UdevMatch(usb: usb), title)
      case .serial: continue
      }
    }
  }

  private mutating func add(_ device: ConfiguredDevice) {
    let title = "\(device.name ?? "a device") of the station's configuration"
    let match: UdevMatch
    switch device.place {
    case .usb(let usb): match = UdevMatch(usb: usb)
    case .serialNumber(let usb, let serial): match = UdevMatch(usb: usb, serialNumber: serial)
    case .port(let port, let usb): match = UdevMatch(usb: usb, port: port)
    case .path(let path):
      blocks.append(
        "# \(title) goes by its path, \(plain(path)),\n# which udev cannot match: see to its permissions by hand.\n")
      return
    }
    switch modules.first(where: { $0.id == device.module })?.transport {
    case .hid: addHID(match, title)
    case .serial: addSerial(match, title)
    // Without a module it is an entry for a device that some manifest's rule matches, perhaps by usage alone.
    case nil: if match.usb.flatMap(GenericSerialChip.name) == nil, device.module == nil { addHID(match, title) }
    }
  }

  private mutating func addHID(_ match: UdevMatch, _ title: String) {
    var match = match
    match.serialNumber = nil
    match.isHID = true
    guard seen.insert(match).inserted else { return }
    let parent =
      if let usb = match.usb, match.port == nil {
        // The HID device's own name, bus:vendor:product.instance. A device that a program emulates has it too, though it
        // has no USB parent to ask for its ids.
        "KERNELS==\"0003:\("\(usb)".uppercased()).*\""
      } else {
        "SUBSYSTEMS==\"usb\", \(match.keys(kernel: "KERNELS", attribute: "ATTRS"))"
      }
    blocks.append("# \(plain(title))\nSUBSYSTEM==\"hidraw\", \(parent), \(Self.access)\n")
  }

  private mutating func addSerial(_ match: UdevMatch, _ title: String) {
    guard seen.insert(match).inserted else { return }
    let parent = match.keys(kernel: "KERNELS", attribute: "ATTRS")
    let own = match.keys(kernel: "KERNEL", attribute: "ATTR")
    blocks.append(
      """
      # \(plain(title))
      # ModemManager would write AT to a new port for some ten seconds; some gauges take the letters for commands.
      SUBSYSTEM=="tty", SUBSYSTEMS=="usb", \(parent), \(Self.access), ENV{ID_MM_PORT_IGNORE}="1"
      SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", \(own), ENV{ID_MM_DEVICE_IGNORE}="1"
      # An FTDI chip keeps what it has read for up to 16 ms unless told otherwise: 1 ms makes times that much better.
      ACTION=="add", SUBSYSTEM=="usb-serial", DRIVER=="ftdi_sio", SUBSYSTEMS=="usb", \(parent), ATTR{latency_timer}="1"

      """)
  }

  /// Adapters that a serial module may be given by the configuration: others are kept off, and readings are not held
  /// back.
  private mutating func addGenericAdapters() {
    var lines = [
      "# Serial adapters and boards. Who may open them stays as it is, because their ids do not say what is behind them:",
      "# thenar udev-rules --config FILE adds rules for those that the station's configuration names.",
      "# ModemManager would write AT to a new port for some ten seconds; some gauges take the letters for commands.",
    ]
    let chips =
      GenericSerialChip.ids.map { UdevMatch(usb: $0) } + GenericSerialChip.vendors.map { UdevMatch(vendor: $0) }
    for chip in chips {
      lines += [
        "SUBSYSTEM==\"tty\", SUBSYSTEMS==\"usb\", \(chip.keys(kernel: "KERNELS", attribute: "ATTRS")), "
          + "ENV{ID_MM_PORT_IGNORE}=\"1\"",
        "SUBSYSTEM==\"usb\", ENV{DEVTYPE}==\"usb_device\", \(chip.keys(kernel: "KERNEL", attribute: "ATTR")), "
          + "ENV{ID_MM_DEVICE_IGNORE}=\"1\"",
      ]
    }
    lines += [
      "# An FTDI chip keeps what it has read for up to 16 ms unless told otherwise: 1 ms makes times that much better.",
      "ACTION==\"add\", SUBSYSTEM==\"usb-serial\", DRIVER==\"ftdi_sio\", ATTR{latency_timer}=\"1\"",
    ]
    blocks.append(lines.map { $0 + "\n" }.joined())
  }

  private static let access = "GROUP=\"thenar\", MODE=\"0660\", TAG+=\"uaccess\""

  /// A comment stays on its line whatever the text is.
  private func plain(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.properties.generalCategory != .control }))
  }
}

/// What a rule asks of a USB device.
private struct UdevMatch: Hashable {
  var usb: USBID?
  /// A vendor id alone, where `usb` is not given.
  var vendor: UInt16?
  var serialNumber: String?
  var port: String?
  var isHID = false

  /// The keys of a rule that all speak of one device.
  func keys(kernel: String, attribute: String) -> String {
    [
      port.map { "\(kernel)==\"\(pattern($0))\"" },
      vendor.map { "\(attribute){idVendor}==\"\($0.fourHexadecimalDigits)\"" },
      usb.map { "\(attribute){idVendor}==\"\($0.vendor.fourHexadecimalDigits)\"" },
      usb.map { "\(attribute){idProduct}==\"\($0.product.fourHexadecimalDigits)\"" },
      serialNumber.map { "\(attribute){serial}==\"\(pattern($0))\"" },
    ].compactMap { $0 }.joined(separator: ", ")
  }

  /// A value that udev takes for the text itself: what it would take for a pattern, a quote or a substitution becomes
  /// `?`, which matches any one character.
  private func pattern(_ text: String) -> String {
    let plain: Set<Character> = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .:_-+/")
    return text.map { plain.contains($0) ? String($0) : "?" }.joined()
  }
}
