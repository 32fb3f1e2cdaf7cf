internal import DriverKit

/// How an instrument writes a time.
enum TimeFormat: String, CaseIterable {
  case microseconds = "us"
  case milliseconds = "ms"
  /// Seconds, with decimals or without.
  case seconds = "s"
  /// `15:43:49.8863`
  case hours = "hh:mm:ss.f"
  /// `1:05.27`
  case minutes = "m:ss.cc"

  /// Microseconds in one unit of a plain number.
  var unit: Microseconds {
    switch self {
    case .microseconds: 1
    case .milliseconds: 1000
    case .seconds, .hours, .minutes: 1_000_000
    }
  }

  /// UCUM code of the instrument's own number, where it differs from the seconds that we give.
  var rawUnit: String? {
    switch self {
    case .microseconds: "us"
    case .milliseconds: "ms"
    case .seconds, .hours, .minutes: nil
    }
  }

  /// The time in microseconds, exactly, or `nil` when the text is not such a time. A comma may stand for the point;
  /// blanks around it and decimals beyond the microsecond are dropped.
  func microseconds(_ text: String) -> Microseconds? {
    var parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)[...]
    let count = parts.count
    guard let last = parts.popLast(), var total = decimal(last) else { return nil }
    switch self {
    case .microseconds, .milliseconds, .seconds: return count == 1 ? total : nil
    case .minutes: guard count == 2 else { return nil }
    case .hours: guard count == 3 else { return nil }
    }
    if total >= 60_000_000 { return nil }
    var unit: Int64 = 60_000_000
    while let part = parts.popLast() {
      guard let number = decimal(part, isWhole: true).map({ $0 / self.unit }), number < 100_000 else { return nil }
      if self == .hours, unit == 60_000_000, number >= 60 { return nil }
      total += number * unit
      unit *= 60
    }
    return total
  }

  /// A number without a sign, in microseconds.
  private func decimal(_ text: Substring.UTF8View, isWhole: Bool = false) -> Int64? {
    var number: Int64 = 0
    var scale = unit
    var (digits, hasPoint, hasEnded) = (0, false, false)
    for byte in text {
      switch byte {
      case 0x20, 0x09:
        if digits > 0 || hasPoint { hasEnded = true }
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        if hasEnded { return nil }
        digits += 1
        let digit = Int64(byte - UInt8(ascii: "0"))
        if hasPoint {
          scale /= 10
          number += digit * scale
        } else {
          if number > 900_719_925_474_099 { return nil }
          number = number * 10 + digit * unit
        }
      case UInt8(ascii: "."), UInt8(ascii: ","):
        if hasPoint || hasEnded || isWhole || digits == 0 { return nil }
        hasPoint = true
      default: return nil
      }
    }
    return digits > 0 && number <= 1 << 53 ? number : nil
  }
}
