/// How a device is spoken to.
package enum Transport: String, CaseIterable, Sendable {
  /// HID reports through a hidraw node.
  case hid
  /// Bytes through a tty.
  case serial
}
