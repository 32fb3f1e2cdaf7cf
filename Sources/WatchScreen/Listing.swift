package import ThenarClient

/// Devices and modules as a person reads them, once.
package enum Listing {
  /// The devices of a station.
  package static func devices(_ devices: [DeviceRecord]) -> [String] {
    if devices.isEmpty {
      return ["No device yet. Plug an instrument in; `thenar drivers` lists what this station knows."]
    }
    return table(
      devices.map(\.report).sorted { $0.device < $1.device }.map { device in
        let state = Words.plain(device.state.rawValue) + (device.emulated ? "  EMULATED" : "")
        return (device.device, state, details(of: device))
      })
  }

  /// The driver modules of a station.
  package static func drivers(_ drivers: [DriverReport]) -> [String] {
    if drivers.isEmpty { return ["The hub found no driver module: is Thenar installed completely?"] }
    return table(
      drivers.sorted { $0.id < $1.id }.map { driver in
        (driver.id, [driver.version, driver.transport, driver.state].joined(separator: "  "), details(of: driver))
      })
  }

  private static func details(of device: DeviceReport) -> [String] {
    let identity = device.identity
    let serial = identity.serial.isEmpty ? "" : "serial number \(identity.serial)"
    let firmware = identity.firmware.isEmpty ? "" : "firmware \(identity.firmware)"
    let model = [identity.vendor, identity.model].filter { !$0.isEmpty }.joined(separator: " ")
    let channels = device.channels.map { "\($0.name) in \(NumberText.unit($0.unit))" }.joined(separator: ", ")
    return [
      [model, serial, firmware].filter { !$0.isEmpty }.joined(separator: ", "),
      device.driver.id.isEmpty ? "" : "Module: \(device.driver.id) \(device.driver.version)",
      channels.isEmpty ? "" : "Measures: \(channels)",
      device.sentence,
      device.fix.isEmpty ? "" : "To do: \(device.fix)",
      Words.health(device).map { "Health: \($0)" } ?? "",
    ]
  }

  private static func details(of driver: DriverReport) -> [String] {
    [
      driver.name,
      driver.sentence,
      driver.instruments.isEmpty ? "" : "Knows: \(driver.instruments.map(\.name).joined(separator: "; "))",
      driver.channels.isEmpty ? "" : "Measures: \(driver.channels.map(\.name).joined(separator: ", "))",
      driver.file.isEmpty ? "" : "File: \(driver.file)",
    ]
  }

  private static func table(_ rows: [(name: String, about: String, details: [String])]) -> [String] {
    let column = (rows.map { SafeText.width($0.name) }.max() ?? 0) + 2
    return rows.flatMap { row in
      var line = ScreenLine(row.name)
      line.pad(to: column)
      let details = row.details.filter { !$0.isEmpty }.map { "    \($0)" }
      return (["\(line.rendered(TerminalKind(unicode: true, colour: false)))\(row.about)"] + details)
        .map(SafeText.of)
    }
  }
}
