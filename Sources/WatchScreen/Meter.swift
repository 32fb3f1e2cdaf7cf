/// Bars and curves, in characters.
struct Meter {
  let unicode: Bool

  /// A bar for `value` of `scale`, with a mark at `peak`: `█████▌    │   ` or `#####     |   `.
  func bar(_ value: Double, peak: Double?, scale: Double, width: Int) -> String {
    guard width > 0, scale > 0 else { return "" }
    func position(_ value: Double) -> Double { min(max(value.magnitude / scale, 0), 1) * Double(width) }
    let eighths = Int((position(value) * 8).rounded())
    var cells = [Character](repeating: unicode ? "█" : "#", count: eighths / 8)
    if cells.count < width, eighths % 8 > 0 {
      cells.append(unicode ? Self.eighths[eighths % 8 - 1] : eighths % 8 >= 4 ? "#" : " ")
    }
    cells += [Character](repeating: " ", count: width - cells.count)
    if let peak, peak.magnitude > 0 {
      let mark = min(Int(position(peak)), width - 1)
      if cells[mark] == " " { cells[mark] = unicode ? "│" : "|" }
    }
    return String(cells)
  }

  /// A curve of one character for each value: `▁▂▃▅▇█▆▃▁`, blank where there is none.
  func curve(_ values: [Double?], scale: Double) -> String {
    let steps = unicode ? Self.levels : Self.plainLevels
    return String(
      values.map { value in
        guard let value, scale > 0 else { return " " }
        return steps[min(Int(min(value / scale, 1) * Double(steps.count)), steps.count - 1)]
      })
  }

  private static let eighths: [Character] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"]
  private static let levels: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
  private static let plainLevels: [Character] = ["_", ".", ":", "-", "=", "+", "*", "#"]
}
