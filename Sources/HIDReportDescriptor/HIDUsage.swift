/// What a control or a collection is for: a number on a page of the HID Usage Tables. Written `8d:20`, in hexadecimal.
public struct HIDUsage: Hashable, Sendable, LosslessStringConvertible {
  /// The page: `0x8D` is weighing devices.
  public let page: UInt16
  /// The number on the page: `0x20` there is a scale.
  public let id: UInt16

  /// A usage.
  public init(_ page: UInt16, _ id: UInt16) {
    self.page = page
    self.id = id
  }

  /// Reads `8d:20`; `nil` where the text is not two hexadecimal numbers of at most four digits.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ (1...4).contains($0.count) && $0.allSatisfy(\.isHexDigit) }),
      let page = UInt16(parts[0], radix: 16), let id = UInt16(parts[1], radix: 16)
    else { return nil }
    self.init(page, id)
  }

  /// `8d:20`
  public var description: String {
    "\(String(page, radix: 16)):\(String(id, radix: 16))"
  }
}

/// Neighbouring usages of one page. A descriptor of a few bytes can name 65,536 of them, so they stay a range.
public struct HIDUsageRange: Hashable, Sendable {
  /// The page of all of them.
  public let page: UInt16
  /// The numbers on the page.
  public let ids: ClosedRange<UInt16>

  /// How many usages these are.
  public var count: Int { Int(ids.upperBound) - Int(ids.lowerBound) + 1 }
  /// The last of them.
  public var last: HIDUsage { HIDUsage(page, ids.upperBound) }

  /// The usage is one of these.
  public func contains(_ usage: HIDUsage) -> Bool { usage.page == page && ids.contains(usage.id) }

  /// Some usage is in both.
  public func overlaps(_ other: HIDUsageRange) -> Bool { page == other.page && ids.overlaps(other.ids) }

  /// Usages of a page.
  public init(_ page: UInt16, _ ids: ClosedRange<UInt16>) {
    self.page = page
    self.ids = ids
  }
}
