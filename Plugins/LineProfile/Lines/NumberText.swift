/// Numbers as instruments write them, with blanks around them.
enum NumberText {
  /// A whole number of at most 2^53.
  static func integer(_ text: Span<UInt8>) -> Int64? {
    guard let plain = Plain(text), plain.decimals == nil else { return nil }
    return plain.isNegative ? -plain.digits : plain.digits
  }

  /// A finite number.
  static func number(_ text: Span<UInt8>) -> Double? {
    if let plain = Plain(text), plain.decimals ?? 0 <= 22 {
      // Both are exact as floating-point numbers, so their quotient is the number that is nearest to the text.
      var scale = 1.0
      for _ in 0..<(plain.decimals ?? 0) { scale *= 10 }
      let number = Double(plain.digits) / scale
      return plain.isNegative ? -number : number
    }
    let range = bounds(text)
    // Double's own reading also takes "nan", "inf" and hexadecimal.
    for index in range where !"0123456789+-.eE".utf8.contains(text[index]) { return nil }
    let string = text.extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    return Double(string).flatMap { $0.isFinite ? $0 : nil }
  }

  /// Digits with a sign and a point, if any: all that most instruments ever send.
  private struct Plain {
    var isNegative = false
    /// The number without its point; at most 2^53.
    var digits: Int64 = 0
    /// Digits behind the point; `nil`: no point.
    var decimals: Int?

    init?(_ text: Span<UInt8>) {
      let range = bounds(text)
      var index = range.lowerBound
      if index < range.upperBound, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
        isNegative = text[index] == UInt8(ascii: "-")
        index += 1
      }
      let first = index
      while index < range.upperBound {
        let digit = text[index] &- UInt8(ascii: "0")
        if digit <= 9 {
          digits = digits * 10 + Int64(digit)
          if digits > 1 << 53 { return nil }
          if let places = decimals { decimals = places + 1 }
        } else if text[index] == UInt8(ascii: "."), decimals == nil, index > first {
          decimals = 0
        } else {
          return nil
        }
        index += 1
      }
      if index == first || decimals == 0 { return nil }
    }
  }

  private static func bounds(_ text: Span<UInt8>) -> Range<Int> {
    var (start, end) = (0, text.count)
    while start < end, text[start] == 0x20 { start += 1 }
    while end > start, text[end - 1] == 0x20 { end -= 1 }
    return start..<end
  }
}
