/// What holds for all fields that follow, until it is said anew.
struct GlobalItems {
  /// A maximum whose sign depends on its minimum: devices write `25 ff` where they mean 255.
  struct Maximum {
    var signed: Int64 = 0
    var unsigned: Int64 = 0

    func value(above minimum: Int64) -> Int64 { minimum < 0 ? signed : unsigned }
  }

  var page: UInt16 = 0
  var logicalMinimum: Int64 = 0
  var logicalMaximum = Maximum()
  var physicalMinimum: Int64 = 0
  var physicalMaximum = Maximum()
  var unit: UInt32 = 0
  var unitExponent = 0
  var reportSize: UInt32 = 0
  var reportCount: UInt32 = 0
  var reportID: UInt8 = 0

  mutating func take(_ item: Item) {
    switch item.prefix {
    case 0x04: page = UInt16(truncatingIfNeeded: item.unsigned)
    case 0x14: logicalMinimum = item.signed
    case 0x24: logicalMaximum = Maximum(signed: item.signed, unsigned: Int64(item.unsigned))
    case 0x34: physicalMinimum = item.signed
    case 0x44: physicalMaximum = Maximum(signed: item.signed, unsigned: Int64(item.unsigned))
    // The exponent is a nibble of two's complement, but some devices write it as a whole signed byte.
    case 0x54: unitExponent = (8...15).contains(item.unsigned) ? Int(item.unsigned) - 16 : Int(item.signed)
    case 0x64: unit = item.unsigned
    case 0x74: reportSize = item.unsigned
    case 0x94: reportCount = item.unsigned
    default: break
    }
  }
}

/// What holds for the next field or collection only.
struct LocalItems {
  /// A usage as written; without a page of its own it gets the page that holds at its main item.
  private struct WrittenUsage {
    var number: UInt32
    var hasPage: Bool

    init(_ item: Item) {
      number = item.unsigned
      hasPage = item.size == 4
    }

    func usage(page: UInt16) -> HIDUsage {
      HIDUsage(hasPage ? UInt16(number >> 16) : page, UInt16(truncatingIfNeeded: number))
    }
  }

  private var written: [(first: WrittenUsage, last: WrittenUsage)] = []
  private var minimum: WrittenUsage?
  private var maximum: WrittenUsage?
  private var isInDelimiter = false
  private var delimiterHasUsage = false

  mutating func take(_ item: Item) {
    switch item.prefix {
    case 0x08:
      let usage = WrittenUsage(item)
      add(usage, usage)
    case 0x18: minimum = WrittenUsage(item)
    case 0x28: maximum = WrittenUsage(item)
    case 0xA8:
      isInDelimiter = item.unsigned == 1
      delimiterHasUsage = false
    default: return
    }
    if let first = minimum, let last = maximum {
      add(first, last)
      (minimum, maximum) = (nil, nil)
    }
  }

  /// The usages between a pair of delimiters are other names of one control, the preferred one first.
  private mutating func add(_ first: WrittenUsage, _ last: WrittenUsage) {
    if isInDelimiter, delimiterHasUsage { return }
    delimiterHasUsage = isInDelimiter
    written.append((first, last))
  }

  /// The usages for a main item; none are left for the next one.
  mutating func takeUsages(page: UInt16, at offset: Int) throws(ReportDescriptorError) -> [HIDUsageRange] {
    var ranges: [HIDUsageRange] = []
    ranges.reserveCapacity(written.count)
    for pair in written {
      let (first, last) = (pair.first.usage(page: page), pair.last.usage(page: page))
      guard first.page == last.page, first.id <= last.id else { throw ReportDescriptorError(.usageRange, at: offset) }
      ranges.append(HIDUsageRange(first.page, first.id...last.id))
    }
    self = LocalItems()
    return ranges
  }
}
