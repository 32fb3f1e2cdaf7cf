/// The page of the documentation that lists what the modules speak to.
package enum SupportedInstruments {
  /// The text of `docs/supported-instruments.md`, in order of the modules' ids.
  package static func markdown(modules: [ModuleManifest]) -> String {
    let sections = modules.sorted { $0.id < $1.id }.map(section)
    return """
      # Supported instruments

      Written by Thenar from the manifests (`driver.json`) of its modules: change those, not this page. The last column says
      what each was tried with; an instrument that nobody has tried is not the same as one that works.

      \(sections.joined(separator: "\n"))
      """
  }

  private static func section(_ module: ModuleManifest) -> String {
    var lines = ["## \(escaped(module.name))", ""]
    lines.append("- Module: `\(module.id)`, version \(module.version)")
    lines.append("- Connection: \(connection(module))")
    lines.append("- Found: \(recognition(module))")
    lines.append(
      module.probeWrites
        ? "- Opening it sends bytes to the instrument."
        : "- Opening it sends nothing to the instrument.")
    if !module.channels.isEmpty {
      let channels = module.channels.map { "`\($0.name)`, \(escaped($0.quantity)) in \(escaped($0.unit))" }
      lines.append("- Channels: \(channels.joined(separator: "; "))")
    }
    lines += topics("Command", module.commands) + topics("Setting", module.settings)
    if !module.instruments.isEmpty {
      lines += ["", "| Instrument | USB id | Tried with |", "|---|---|---|"]
      for instrument in module.instruments {
        let usb = instrument.usb.map { "\($0)" } ?? "none of its own"
        lines.append("| \(escaped(instrument.name)) | \(usb) | \(escaped(instrument.evidence)) |")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func connection(_ module: ModuleManifest) -> String {
    switch (module.transport, module.serial) {
    case (.hid, _): return "USB HID"
    case (.serial, nil): return "serial line, as the settings say"
    case (.serial, .some(let line)):
      let parity = line.parity == .none ? "no parity" : "\(line.parity.rawValue) parity"
      let stop = line.stopBits == 1 ? "1 stop bit" : "\(line.stopBits) stop bits"
      return "serial line, \(line.baud) baud, \(line.dataBits) data bits, \(parity), \(stop)"
    }
  }

  private static func recognition(_ module: ModuleManifest) -> String {
    let own = module.rules.filter { rule in
      module.transport == .hid || rule.usb.flatMap(GenericSerialChip.name) == nil
    }
    if own.isEmpty { return "only when the station's configuration names the device" }
    return "by itself, by " + own.map(\.description).joined(separator: ", ")
  }

  private static func topics(_ kind: String, _ topics: [ManifestTopic]) -> [String] {
    topics.map { "- \(kind) `\($0.name)`: \(escaped($0.description))" }
  }

  /// Text that Markdown takes as it stands.
  private static func escaped(_ text: String) -> String {
    text.map { "\\`*_[]<>|#".contains($0) ? "\\\($0)" : String($0) }.joined()
  }
}
