internal import StrictJSON

/// What several kinds of message have in common.
extension JSONFields {
  /// A count: 0 to 2^53.
  mutating func count(_ key: String) throws(JSONMismatch) -> UInt64? {
    try integer(key, in: 0...exactIntegers.upperBound).map { UInt64($0) }
  }

  /// A count that must be there.
  mutating func requiredCount(_ key: String) throws(JSONMismatch) -> UInt64 {
    guard let count = try count(key) else { throw missing(key) }
    return count
  }

  /// A time in microseconds.
  mutating func time(_ key: String) throws(JSONMismatch) -> Int64? { try integer(key, in: exactIntegers) }

  /// A time in microseconds that must be there.
  mutating func requiredTime(_ key: String) throws(JSONMismatch) -> Int64 {
    guard let time = try time(key) else { throw missing(key) }
    return time
  }

  /// Any finite number.
  mutating func anyNumber(_ key: String) throws(JSONMismatch) -> Double? {
    try number(key, in: -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude)
  }

  /// A text, empty where there is none.
  mutating func text(_ key: String) throws(JSONMismatch) -> String { try string(key) ?? "" }

  /// Numbers, `nil` where the list holds none.
  mutating func numbers(_ key: String) throws(JSONMismatch) -> [Double?] { try list(key).map(\.number) }

  private func missing(_ key: String) -> JSONMismatch {
    JSONMismatch(line: line, key: path(of: key), problem: "is missing")
  }
}
