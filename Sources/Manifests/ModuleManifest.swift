package import StrictJSON

/// What a module's `driver.json` says: all that must be known of a module without loading its code.
package struct ModuleManifest: Equatable, Sendable {
  /// The version of the contract (`thenar_driver.h`) that this Thenar speaks.
  package static let supportedABI: Int64 = 1

  /// The module's id, lower-case kebab: `go-direct`.
  package let id: String
  /// What people call it.
  package let name: String
  /// The module's own version.
  package let version: String
  /// File of the shared library, relative to the module's folder or to a directory of libraries.
  package let library: String
  /// How its instruments are spoken to.
  package let transport: Transport
  /// Which devices it is for. Empty: only those that the station's configuration names.
  package let rules: [MatchRule]
  /// How the line is opened; `nil` leaves it to the driver.
  package let serial: SerialSettings?
  /// Opening a device sends bytes to the instrument.
  package let probeWrites: Bool
  /// Channels that it can declare.
  package let channels: [ManifestChannel]
  /// Commands that it takes.
  package let commands: [ManifestTopic]
  /// Settings that it takes.
  package let settings: [ManifestTopic]
  /// Settings whose text names a JSON file in a folder of the module: setting to folder.
  package let settingFiles: [String: String]
  /// Instruments that it is known to speak to.
  package let instruments: [ManifestInstrument]
  /// How an emulated instrument shows itself; `nil`: the module brings no emulator.
  package let emulator: ManifestEmulator?
}

/// How a serial line is opened.
package struct SerialSettings: Equatable, Sendable {
  /// Parity of each byte on the line.
  package enum Parity: String, CaseIterable, Sendable { case none, odd, even }

  /// Bits per second, 50 to 4 000 000.
  package let baud: Int
  /// 5 to 8.
  package let dataBits: Int
  /// The parity bit, if any.
  package let parity: Parity
  /// 1 or 2.
  package let stopBits: Int
  /// Level of the DTR line after opening.
  package let dtr: Bool
  /// Level of the RTS line after opening.
  package let rts: Bool
}

/// A channel that a module can declare.
package struct ManifestChannel: Equatable, Sendable {
  /// `force`
  package let name: String
  /// What is measured: `force`, `time`.
  package let quantity: String
  /// UCUM code: `N`, `s`.
  package let unit: String
}

/// A command or a setting of a module.
package struct ManifestTopic: Equatable, Sendable {
  /// Its name.
  package let name: String
  /// What it does, for a person.
  package let description: String
}

/// An instrument that a module is known to speak to.
package struct ManifestInstrument: Equatable, Sendable {
  /// Maker and model.
  package let name: String
  /// USB id; `nil` where it has none of its own.
  package let usb: USBID?
  /// What it was tried with, in one sentence.
  package let evidence: String
}

/// How an emulated instrument shows itself.
package struct ManifestEmulator: Equatable, Sendable {
  /// USB id.
  package let usb: USBID
  /// The maker's name.
  package let manufacturer: String
  /// The product's name.
  package let product: String
  /// USB serial number; `nil`: it has none.
  package let serialNumber: String?
  /// HID report descriptor; empty for serial modules.
  package let reportDescriptor: [UInt8]
  /// Driver settings to use with it: an object.
  package let settings: JSONNode
}
