import Manifests
import Matching

/// What the kernel's `HID_ID` says: `0003:000008F7:00000010` (bus, vendor, product).
struct HIDIdentity: Equatable {
  /// 3 is USB, 5 Bluetooth.
  let bus: UInt16
  let vendor: UInt16
  let product: UInt16

  /// Reads `bus:vendor:product` in hexadecimal digits; `nil` where it is something else.
  init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, let bus = Self.number(parts[0]), let vendor = Self.number(parts[1]),
      let product = Self.number(parts[2])
    else { return nil }
    self.bus = bus
    self.vendor = vendor
    self.product = product
  }

  /// The USB id; `nil` on another bus.
  var usb: USBID? { bus == 3 ? USBID(vendor: vendor, product: product) : nil }

  private static func number(_ text: Substring) -> UInt16? {
    guard (4...8).contains(text.utf8.count), text.utf8.dropLast(4).allSatisfy({ $0 == UInt8(ascii: "0") }) else {
      return nil
    }
    return UInt16(fourHexadecimalDigits: text.suffix(4))
  }
}
