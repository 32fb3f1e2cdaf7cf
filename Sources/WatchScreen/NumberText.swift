/// Numbers as a person reads them.
enum NumberText {
  /// A number with so many decimals.
  static func fixed(_ value: Double, decimals: Int) -> String {
    let scale = powersOfTen[min(max(decimals, 0), powersOfTen.count - 1)]
    let scaled = (Double(scale) * value.magnitude).rounded()
    guard scaled < 9_007_199_254_740_992 else { return "\(value)" }
    let digits = UInt64(scaled)
    let sign = value < 0 && digits > 0 ? "-" : ""
    if decimals <= 0 { return "\(sign)\(digits)" }
    let fraction = String(digits % scale)
    return "\(sign)\(digits / scale)." + String(repeating: "0", count: decimals - fraction.count) + fraction
  }

  /// A number with at most three decimals and no zero at the end.
  static func short(_ value: Double) -> String {
    var text = fixed(value, decimals: 3)
    guard text.contains("."), !text.contains("e") else { return text }
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }

  /// Decimals that show the channel's smallest step; where that is not known, tenths of a newton, thousandths of
  /// anything else.
  static func decimals(resolution: Double?, unit: String) -> Int {
    guard let resolution, resolution > 0 else { return unit == "N" ? 1 : 3 }
    for decimals in 0..<4 {
      let step = resolution * Double(powersOfTen[decimals])
      if step >= 0.999, (step - step.rounded()).magnitude < 0.001 { return decimals }
    }
    // A step that few decimals cannot show, such as 0.0980665 N for 0.01 kgf: as many as tell two steps apart.
    return (0..<4).first { resolution * Double(powersOfTen[$0]) >= 1 } ?? 4
  }

  /// A unit's name for a person, from its UCUM code.
  static func unit(_ code: String) -> String {
    switch code {
    case "[lbf_av]": "lbf"
    case "[lb_av]": "lb"
    default: code.filter { !"{}[]".contains($0) }
    }
  }

  /// How long ago: `3 s`, `4 min`, `2 h`.
  static func age(_ microseconds: Int64) -> String {
    let seconds = max(0, microseconds / 1_000_000)
    return seconds < 120 ? "\(seconds) s" : seconds < 7200 ? "\(seconds / 60) min" : "\(seconds / 3600) h"
  }

  private static let powersOfTen: [UInt64] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000]
}
