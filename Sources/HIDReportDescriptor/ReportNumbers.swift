// Numbers in reports: Plugins/HIDForce/PROTOCOL.md 1.2, steps 3 to 8.

extension ReportField {
  /// The number in an element, sign and all. `nil` where the report is too short, there is no such element, or it is
  /// wider than 32 bits, which HID does not allow for data.
  ///
  /// `report` must be the field's own, with its id byte where reports are numbered.
  public func number(_ element: Int = 0, in report: Span<UInt8>) -> Int64? {
    guard let bits = bits(of: element, inReportOf: report.count) else { return nil }
    var number: UInt64 = 0
    for index in stride(from: (bits.upperBound - 1) / 8, through: bits.lowerBound / 8, by: -1) {
      number = number << 8 | UInt64(report[index])
    }
    number = number >> UInt64(bits.lowerBound % 8) & (1 << UInt64(bitSize) - 1)
    let isNegative = logicalMinimum < 0 && number >> UInt64(bitSize - 1) == 1
    return Int64(number) - (isNegative ? 1 << Int64(bitSize) : 0)
  }

  /// Puts a number into an element, cut to its bits; false where ``number(_:in:)`` could not read it back.
  public func put(_ number: Int64, into element: Int = 0, of report: inout [UInt8]) -> Bool {
    guard let bits = bits(of: element, inReportOf: report.count) else { return false }
    for (index, bit) in bits.enumerated() {
      let mask: UInt8 = 1 << UInt8(bit % 8)
      if number >> Int64(index) & 1 == 1 { report[bit / 8] |= mask } else { report[bit / 8] &= ~mask }
    }
    return true
  }

  /// The number is outside the logical range. With the flag ``Flags/nullState`` that means that there is no data.
  public func isOutside(_ number: Int64) -> Bool { number < logicalMinimum || number > logicalMaximum }

  /// What a number stands for, in `unit` times ten to `unitExponent`.
  public func physical(_ number: Int64) -> Double {
    let span = logicalMaximum - logicalMinimum
    if span == 0 || (physicalMinimum == 0 && physicalMaximum == 0) { return Double(number) }
    return Double(number - logicalMinimum) * Double(physicalMaximum - physicalMinimum) / Double(span)
      + Double(physicalMinimum)
  }

  private func bits(of element: Int, inReportOf byteCount: Int) -> Range<Int>? {
    guard (1...32).contains(bitSize), (0..<count).contains(element) else { return nil }
    let start = bitOffset + element * bitSize
    return start + bitSize <= byteCount * 8 ? start..<start + bitSize : nil
  }
}

/// A number times ten to a power. Up to ten to the 22nd the result is the closest to the decimal number.
public func timesTen(_ number: Double, toThe exponent: Int) -> Double {
  var power = 1.0
  for _ in 0..<min(exponent.magnitude, 400) { power *= 10 }
  return exponent < 0 ? number / power : number * power
}
