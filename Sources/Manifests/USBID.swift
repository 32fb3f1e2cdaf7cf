/// USB vendor and product id.
package struct USBID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Who made it, or whose chip it is.
  package let vendor: UInt16
  /// Which product of that vendor.
  package let product: UInt16

  /// An id from its halves.
  package init(vendor: UInt16, product: UInt16) {
    self.vendor = vendor
    self.product = product
  }

  /// An id as people write it: `08f7:0010`.
  package init?(_ text: String) {
    let halves = text.split(separator: ":", omittingEmptySubsequences: false)
    guard halves.count == 2, let vendor = UInt16(fourHexadecimalDigits: halves[0]),
      let product = UInt16(fourHexadecimalDigits: halves[1])
    else { return nil }
    self.init(vendor: vendor, product: product)
  }

  /// `08f7:0010`
  package var description: String { "\(vendor.fourHexadecimalDigits):\(product.fourHexadecimalDigits)" }

  package static func < (a: USBID, b: USBID) -> Bool { (a.vendor, a.product) < (b.vendor, b.product) }
}
