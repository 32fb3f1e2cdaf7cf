import HIDReportDescriptor

/// Bytes from `05 8d 09 20`.
func bytes(_ hex: String) -> [UInt8] {
  hex.split(whereSeparator: \.isWhitespace).map { UInt8($0, radix: 16)! }
}

/// Descriptors of Plugins/HIDForce/PROTOCOL.md.
enum KnownDescriptors {
  /// 2.3: a Pitney Bowes scale.
  static let pitneyBowes = bytes(
    """
    05 8d 09 20 a1 01
    09 30 a1 02 85 01 75 08 95 01 15 01 09 27 a1 02 25 0a 19 21 29 2a b1 00 c0 09 50 a1 02 25 0c 19 51 29 5c b1 00 c0 c0
    09 31 a1 02 85 02 75 01 95 02 15 00 25 01 09 81 09 80 91 02 75 06 95 01 91 03 c0
    09 32 a1 02 85 03 75 08 15 01 09 70 a1 02 25 08 19 71 29 78 81 00 c0 09 50 a1 02 25 0c 19 51 29 5c 81 00 c0 15 81 25
    7f 09 41 81 02 75 10 15 00 27 ff ff 00 00 09 40 81 02 c0
    09 34 a1 02 85 05 75 08 95 01 09 50 a1 02 15 01 25 0c 19 51 29 5c b1 00 c0 15 81 25 7f 09 41 b1 02 75 10 15 00 27 ff
    ff 00 00 09 40 b1 03 c0
    09 35 a1 02 85 06 75 10 95 02 15 00 27 ff ff 00 00 09 60 09 61 b1 03 c0
    09 30 a1 02 85 07 75 08 95 0f 15 00 25 7f 09 40 b1 02 c0
    c0
    """)

  /// 2.7: a minimal scale.
  static let scale = bytes(
    """
    05 8d 09 20 a1 01
    09 30 a1 02 85 01 75 08 95 01 15 01 09 21 a1 02 25 0a 19 21 29 2a b1 00 c0 09 50 a1 02 25 0c 19 51 29 5c b1 00 c0 c0
    09 31 a1 02 85 02 75 01 95 02 15 00 25 01 09 81 09 80 91 02 75 06 95 01 91 03 c0
    09 32 a1 02 85 03 75 08 95 01 15 01 09 70 a1 02 25 08 19 71 29 78 81 00 c0 09 50 a1 02 25 0c 19 51 29 5c 81 00 c0 15
    81 25 7f 09 41 81 02 75 10 15 00 27 ff ff 00 00 09 40 81 02 c0
    c0
    """)

  /// 3.2: a force sensor.
  static let sensor = bytes(
    """
    05 20 09 64 a1 01 85 01
    0a 16 03 15 00 25 05 75 08 95 01 a1 02 0a 40 08 0a 41 08 0a 42 08 0a 43 08 0a 44 08 0a 45 08 b1 00 c0
    0a 19 03 15 00 25 05 75 08 95 01 a1 02 0a 50 08 0a 51 08 0a 52 08 0a 53 08 0a 54 08 0a 55 08 b1 00 c0
    0a 0e 03 15 00 27 ff ff ff 7f 75 20 95 01 55 00 65 00 b1 02
    0a 01 02 15 00 25 06 75 08 95 01 a1 02 0a 00 08 0a 01 08 0a 02 08 0a 03 08 0a 04 08 0a 05 08 0a 06 08 81 00 c0
    0a 02 02 15 00 25 05 75 08 95 01 a1 02 0a 10 08 0a 11 08 0a 12 08 0a 13 08 0a 14 08 0a 15 08 81 00 c0
    0a 94 04 17 f0 d8 ff ff 27 a0 86 01 00 75 20 95 01 55 0e 66 11 e1 81 02 c0
    """)

  /// 4.4: a joystick whose Y axis is in dynes.
  static let joystick = bytes(
    """
    05 01 09 04 a1 01 85 01 a1 00
    09 31 15 00 26 ff 03 35 00 46 f4 01 55 05 66 11 e1 75 10 95 01 81 02
    55 00 65 00 35 00 45 00 c0
    05 09 19 01 29 02 15 00 25 01 75 01 95 02 81 02 75 06 95 01 81 03 c0
    """)

  static let all = [pitneyBowes, scale, sensor, joystick]
}

extension ReportDescriptor {
  /// The fields, one line each: `input 3 @8 1x8 array 1...8 [8d:71-78]`.
  var summary: [String] { fields.map(\.summary) }
}

extension ReportField {
  /// `#expect` cannot hold a span.
  func number(_ element: Int = 0, in report: [UInt8]) -> Int64? { number(element, in: report.span) }

  var summary: String {
    let meaning = flags.contains(.constant) ? "constant" : flags.contains(.variable) ? "variable" : "array"
    let used = usages.map { range in
      let first = "\(HIDUsage(range.page, range.ids.lowerBound))"
      return range.count == 1 ? first : "\(first)-\(String(range.ids.upperBound, radix: 16))"
    }
    var line = "\(kind) \(reportID) @\(bitOffset) \(count)x\(bitSize) \(meaning) \(logicalMinimum)...\(logicalMaximum)"
    if physicalMaximum != 0 { line += " (\(physicalMinimum)...\(physicalMaximum))" }
    if unit != 0 { line += " \(String(unit, radix: 16))e\(unitExponent)" }
    return line + " [\(used.joined(separator: " "))]"
  }
}
