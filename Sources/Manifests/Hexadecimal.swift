extension UInt16 {
  /// The number that exactly four hexadecimal digits say, in either case.
  package init?(fourHexadecimalDigits text: some StringProtocol) {
    guard text.utf8.count == 4 else { return nil }
    self.init(hexadecimalDigits: text)
  }

  /// The number that one to four hexadecimal digits say, in either case; no sign, no prefix.
  package init?(hexadecimalDigits text: some StringProtocol) {
    guard (1...4).contains(text.utf8.count) else { return nil }
    var number: UInt16 = 0
    for byte in text.utf8 {
      guard let digit = hexadecimalDigit(byte) else { return nil }
      number = number << 4 | UInt16(digit)
    }
    self = number
  }

  /// Four digits in lower case: `08f7`.
  package var fourHexadecimalDigits: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 4 - digits.utf8.count) + digits
  }
}

/// Bytes as people write them: two digits each, with or without spaces between the bytes.
package func bytes(hexadecimal text: String) -> [UInt8]? {
  var bytes: [UInt8] = []
  var high: UInt8?
  for byte in text.utf8 {
    if byte == UInt8(ascii: " "), high == nil { continue }
    guard let digit = hexadecimalDigit(byte) else { return nil }
    if let first = high {
      bytes.append(first << 4 | digit)
      high = nil
    } else {
      high = digit
    }
  }
  return high == nil ? bytes : nil
}

private func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}
