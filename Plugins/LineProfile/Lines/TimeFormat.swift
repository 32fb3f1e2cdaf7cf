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
  func microseconds(_ text: Span<UInt8>) -> Microseconds? {
    let colons = self == .hours ? 2 : self == .minutes ? 1 : 0
    var (start, seen, sixties) = (0, 0, Int64(0))
    for index in text.indices where text[index] == UInt8(ascii: ":") {
      guard seen < colons, let part = decimal(text.extracting(start..<index), isWhole: true) else { return nil }
      let number = part / unit
      if number >= (self == .hours && seen == 1 ? 60 : 100_000) { return nil }
      sixties = sixties * 60 + number
      (start, seen) = (index + 1, seen + 1)
    }
    guard seen == colons, let rest = decimal(text.extracting(start..<text.count)) else { return nil }
    return colons > 0 && rest >= 60_000_000 ? nil : sixties * 60_000_000 + rest
  }

  /// A number without a sign, in microseconds.
  private func decimal(_ text: Span<UInt8>, isWhole: Bool = false) -> Int64? {
    var number: Int64 = 0
    var scale = unit
    var (digits, hasPoint, hasEnded) = (0, false, false)
    for index in text.indices {
      switch text[index] {
      case 0x20, 0x09:
        if digits > 0 || hasPoint { hasEnded = true }
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        if hasEnded { return nil }
        digits += 1
        let digit = Int64(text[index] - UInt8(ascii: "0"))
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
