/// USB ids that name a USB-serial chip or a maker's board and not the instrument behind it.
///
/// Nothing is ever opened because of such an id: the instrument on the other side can be anything, opening resets some
/// boards, and a single letter zeroes some gauges (Plugins/LineProfile/PROTOCOL.md 8.1 and 8.4).
package enum GenericSerialChip {
  /// What people call the chip or board with that id; `nil` where the id is an instrument's own.
  package static func name(of usb: USBID) -> String? { names[usb] ?? boardVendors[usb.vendor] }

  /// The ids of single chips, in order.
  package static var ids: [USBID] { names.keys.sorted() }
  /// The vendor ids all of whose products are boards, in order.
  package static var vendors: [UInt16] { boardVendors.keys.sorted() }

  private static let names: [USBID: String] = [
    USBID(vendor: 0x0403, product: 0x6001): "FTDI FT232",
    USBID(vendor: 0x0403, product: 0x6010): "FTDI FT2232",
    USBID(vendor: 0x0403, product: 0x6011): "FTDI FT4232",
    USBID(vendor: 0x0403, product: 0x6014): "FTDI FT232H",
    USBID(vendor: 0x0403, product: 0x6015): "FTDI FT-X",
    USBID(vendor: 0x10C4, product: 0xEA60): "Silicon Labs CP210x",
    USBID(vendor: 0x1A86, product: 0x7523): "WCH CH340",
    USBID(vendor: 0x1A86, product: 0x55D4): "WCH CH9102",
    USBID(vendor: 0x067B, product: 0x2303): "Prolific PL2303",
    USBID(vendor: 0x16C0, product: 0x0483): "Teensy board",
    USBID(vendor: 0x2E8A, product: 0x000A): "RP2040 board",
  ]

  /// Arduino's two vendor ids: every product of theirs is a board that runs its owner's program.
  private static let boardVendors: [UInt16: String] = [0x2341: "Arduino board", 0x2A03: "Arduino board"]
}
