/// The way of a report between instrument and station.
public enum ReportKind: UInt8, Hashable, Sendable {
  /// From the instrument, by itself.
  case input
  /// To the instrument.
  case output
  /// Either way, on request.
  case feature
}

/// A group of fields in a descriptor, named by a usage.
public struct ReportCollection: Hashable, Sendable {
  /// What the group is for; `nil` where the descriptor does not say.
  public let usage: HIDUsage?
  /// 0 physical, 1 application, 2 logical, 3 report, 4 named array, …
  public let type: UInt8

  /// The type of a collection that is a whole instrument, or a part that stands for itself.
  public static let applicationType: UInt8 = 1
}

/// One Input, Output or Feature item: `count` elements of `bitSize` bits (USB HID 1.11, 6.2.2.5).
public struct ReportField: Equatable, Sendable {
  /// What a field holds; the bits of the main item.
  public struct Flags: OptionSet, Hashable, Sendable {
    /// The bits of the item.
    public let rawValue: UInt32
    /// Flags from the bits of the item.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Not data: padding, or a value that never changes.
    public static let constant = Flags(rawValue: 1 << 0)
    /// Each element is a control of its own. Without it, each element is an index into the usages: an array.
    public static let variable = Flags(rawValue: 1 << 1)
    /// A change since the last report, not a value.
    public static let relative = Flags(rawValue: 1 << 2)
    /// A value outside the logical range means that there is no data.
    public static let nullState = Flags(rawValue: 1 << 6)
  }

  /// Input, output or feature.
  public let kind: ReportKind
  /// The id of its report; 0 where reports are not numbered.
  public let reportID: UInt8
  /// Where its first element begins, counted from the report's first byte; a report id is part of the report.
  public internal(set) var bitOffset: Int
  /// Bits of one element.
  public let bitSize: Int
  /// How many elements.
  public let count: Int
  /// What it holds.
  public let flags: Flags
  /// The smallest number that an element carries.
  public let logicalMinimum: Int64
  /// The largest number that an element carries.
  public let logicalMaximum: Int64
  /// What the smallest number stands for, in `unit` times ten to `unitExponent`; 0 with a maximum of 0: the number itself.
  public let physicalMinimum: Int64
  /// What the largest number stands for.
  public let physicalMaximum: Int64
  /// The unit in nibbles, as the descriptor has it; 0: none.
  public let unit: UInt32
  /// The power of ten of the unit.
  public let unitExponent: Int
  /// What the elements are for, in order.
  public let usages: [HIDUsageRange]
  /// The collections around it, the outermost first.
  public let path: [ReportCollection]

  /// What an element of a variable field is for; the last usage goes for all further elements.
  public func usage(of element: Int) -> HIDUsage? { listedUsage(element) ?? usages.last?.last }

  /// What a number in an array field selects; `nil` where it selects nothing.
  public func selection(of number: Int64) -> HIDUsage? {
    guard !flags.contains(.variable), !isOutside(number) else { return nil }
    return listedUsage(Int(number - logicalMinimum))
  }

  /// The elements of a variable field that are for a usage, in runs.
  public func elements(for usage: HIDUsage) -> [Range<Int>] {
    guard flags.contains(.variable) else { return [] }
    var runs: [Range<Int>] = []
    var start = 0
    for (index, range) in usages.enumerated() where start < count {
      if range.contains(usage) {
        let first = start + Int(usage.id - range.ids.lowerBound)
        let repeats = index == usages.count - 1 && usage == range.last
        if first < count { runs.append(first..<(repeats ? count : first + 1)) }
      }
      start += range.count
    }
    return runs
  }

  private func listedUsage(_ index: Int) -> HIDUsage? {
    if index < 0 { return nil }
    var rest = index
    for range in usages {
      if rest < range.count { return HIDUsage(range.page, range.ids.lowerBound + UInt16(rest)) }
      rest -= range.count
    }
    return nil
  }
}
