/// Numbers in characters three rows high, to be read from across the treatment table.
enum BigDigits {
  /// The three rows of a number; what is not in `0123456789.-` is left out.
  static func rows(_ number: String, unicode: Bool) -> [String] {
    var rows = ["", "", ""]
    for character in number {
      guard let shape = (unicode ? blocks : segments)[character] else { continue }
      for row in 0..<3 { rows[row] += (rows[row].isEmpty ? "" : " ") + shape[row] }
    }
    return rows
  }

  private static let blocks: [Character: [String]] = [
    "0": ["█▀█", "█ █", "▀▀▀"], "1": ["▀█ ", " █ ", "▀▀▀"], "2": ["▀▀█", "█▀▀", "▀▀▀"], "3": ["▀▀█", " ▀█", "▀▀▀"],
    "4": ["█ █", "▀▀█", "  ▀"], "5": ["█▀▀", "▀▀█", "▀▀▀"], "6": ["█▀▀", "█▀█", "▀▀▀"], "7": ["▀▀█", "  █", "  ▀"],
    "8": ["█▀█", "█▀█", "▀▀▀"], "9": ["█▀█", "▀▀█", "▀▀▀"], ".": [" ", " ", "▀"], "-": ["  ", "▀▀", "  "],
  ]

  private static let segments: [Character: [String]] = [
    "0": [" _ ", "| |", "|_|"], "1": ["   ", "  |", "  |"], "2": [" _ ", " _|", "|_ "], "3": [" _ ", " _|", " _|"],
    "4": ["   ", "|_|", "  |"], "5": [" _ ", "|_ ", " _|"], "6": [" _ ", "|_ ", "|_|"], "7": [" _ ", "  |", "  |"],
    "8": [" _ ", "|_|", "|_|"], "9": [" _ ", "|_|", " _|"], ".": [" ", " ", "."], "-": ["   ", " _ ", "   "],
  ]
}
