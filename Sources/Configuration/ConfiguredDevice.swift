package import Manifests
package import StrictJSON

/// An entry under `devices` in the station's configuration.
package struct ConfiguredDevice: Equatable, Sendable {
  /// By what the entry knows its device.
  package enum Place: Hashable, Sendable {
    /// Any device with that USB id.
    case usb(USBID)
    /// The device with that USB id and serial number.
    case serialNumber(USBID, String)
    /// What is plugged into that USB port, `1-1.2`, where given only with that USB id.
    case port(String, USBID?)
    /// A node or a link to one; also a pseudo-terminal.
    case path(String)
  }

  /// By what it knows its device.
  package var place: Place
  /// Only that USB interface of the device; `nil`: whichever.
  package var interface: Int?
  /// The device's name in the stream.
  package var name: String?
  /// The module to use. Where absent, the manifests decide.
  package var module: String?
  /// The driver's settings: an object.
  package var settings: JSONNode
  /// Leave the device alone.
  package var isDisabled: Bool
  /// Line in the configuration, from 1; 0 where it stands in none.
  package var line: Int

  /// An entry.
  package init(
    _ place: Place, interface: Int? = nil, name: String? = nil, module: String? = nil,
    settings: JSONNode = .emptyObject, isDisabled: Bool = false, line: Int = 0
  ) {
    self.place = place
    self.interface = interface
    self.name = name
    self.module = module
    self.settings = settings
    self.isDisabled = isDisabled
    self.line = line
  }

  /// How narrowly the entry names its device. Of several that cover one device the narrowest alone counts; the serial
  /// number goes before the port, because it names the instrument and not the place where somebody plugged it in.
  package var specificity: Int {
    let place =
      switch place {
      case .usb: 1
      case .port(_, nil): 2
      case .port: 3
      case .serialNumber: 4
      case .path: 5
      }
    return 2 * place + (interface == nil ? 0 : 1)
  }
}
