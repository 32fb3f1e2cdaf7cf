/// One way to recognise a module's devices. All that it states must hold.
package struct MatchRule: Hashable, Sendable, CustomStringConvertible {
  /// The USB id, where the rule states one.
  package let usb: USBID?
  /// The usage page of a top-level HID collection, where the rule states one.
  package let usagePage: UInt16?
  /// The usage within the page, where the rule states one.
  package let usage: UInt16?

  /// A rule.
  package init(usb: USBID?, usagePage: UInt16? = nil, usage: UInt16? = nil) {
    self.usb = usb
    self.usagePage = usagePage
    self.usage = usage
  }

  /// How much the rule says: a USB id names a product and outweighs any usage, which names a kind of product.
  package var specificity: Int { (usb == nil ? 0 : 4) + (usagePage == nil ? 0 : 1) + (usage == nil ? 0 : 1) }

  /// `USB id 08f7:0010`, `HID usage 8d:20`
  package var description: String {
    let usageText = usagePage.map { page in
      let page = String(page, radix: 16)
      return usage.map { "HID usage \(page):\(String($0, radix: 16))" } ?? "HID usage page \(page)"
    }
    return [usb.map { "USB id \($0)" }, usageText].compactMap { $0 }.joined(separator: " and ")
  }
}
