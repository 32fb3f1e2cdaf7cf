/// Reads an object key by key, and says by line and key what is wrong with it.
///
/// ```swift
/// var fields = try JSONFields(node, "serial")
/// let baud = try fields.integer("baud", in: 50...4_000_000)
/// try fields.end()   // any key that was not asked for is an error
/// ```
public struct JSONFields {
  private let members: [String: JSONNode]
  private let order: [String]
  private var asked: [String] = []
  /// Where in the document the object stands: `devices[2].serial`.
  public let path: String
  /// Line of the object.
  public let line: Int

  /// Begins to read an object that stands at `path` in its document.
  public init(_ node: JSONNode, _ path: String) throws(JSONMismatch) {
    guard case .object(let members) = node.value else {
      throw JSONMismatch(line: node.line, key: path, problem: "must be an object, not \(node.kind)")
    }
    self.members = [String: JSONNode](members.map { ($0.key, $0.node) }, uniquingKeysWith: { first, _ in first })
    order = members.map(\.key)
    self.path = path
    line = node.line
  }

  /// The path of a key of this object.
  public func path(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  /// The value of a key, or `nil` when the key is absent or `null`.
  public mutating func node(_ key: String) -> JSONNode? {
    asked.append(key)
    guard let node = members[key], node.value != .null else { return nil }
    return node
  }

  /// The value of a key that must be there.
  public mutating func required(_ key: String) throws(JSONMismatch) -> JSONNode {
    guard let node = node(key) else {
      throw JSONMismatch(line: line, key: path(of: key), problem: "is missing")
    }
    return node
  }

  /// A string, or `nil` when absent.
  public mutating func string(_ key: String) throws(JSONMismatch) -> String? {
    guard let node = node(key) else { return nil }
    guard let string = node.string else { throw mismatch(key, node, "must be a string, not \(node.kind)") }
    return string
  }

  /// A string that must be there and not be empty.
  public mutating func requiredString(_ key: String) throws(JSONMismatch) -> String {
    let node = try required(key)
    guard let string = node.string else { throw mismatch(key, node, "must be a string, not \(node.kind)") }
    if string.isEmpty { throw mismatch(key, node, "must not be empty") }
    return string
  }

  /// One of some words, or `nil` when absent.
  public mutating func word<Word: RawRepresentable & CaseIterable>(
    _ key: String, as _: Word.Type
  ) throws(JSONMismatch) -> Word? where Word.RawValue == String {
    guard let node = node(key) else { return nil }
    guard let string = node.string, let word = Word(rawValue: string) else {
      let words = Word.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
      throw mismatch(key, node, "must be one of \(words)")
    }
    return word
  }

  /// A whole number in a range, or `nil` when absent.
  public mutating func integer(_ key: String, in range: ClosedRange<Int64>) throws(JSONMismatch) -> Int64? {
    guard let node = node(key) else { return nil }
    guard let integer = node.integer, range.contains(integer) else {
      throw mismatch(key, node, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return integer
  }

  /// A number in a range, or `nil` when absent.
  public mutating func number(_ key: String, in range: ClosedRange<Double>) throws(JSONMismatch) -> Double? {
    guard let node = node(key) else { return nil }
    guard let number = node.number, range.contains(number) else {
      throw mismatch(key, node, "must be a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A flag, or `nil` when absent.
  public mutating func flag(_ key: String) throws(JSONMismatch) -> Bool? {
    guard let node = node(key) else { return nil }
    guard let flag = node.bool else { throw mismatch(key, node, "must be true or false, not \(node.kind)") }
    return flag
  }

  /// The elements of a list; none when absent.
  public mutating func list(_ key: String) throws(JSONMismatch) -> [JSONNode] {
    guard let node = node(key) else { return [] }
    guard let elements = node.elements else { throw mismatch(key, node, "must be a list, not \(node.kind)") }
    return elements
  }

  /// Strings of a list; none when absent.
  public mutating func strings(_ key: String) throws(JSONMismatch) -> [String] {
    var strings: [String] = []
    for element in try list(key) {
      guard let string = element.string else { throw mismatch(key, element, "must hold strings only") }
      strings.append(string)
    }
    return strings
  }

  /// The fields of an object, or `nil` when absent.
  public mutating func object(_ key: String) throws(JSONMismatch) -> JSONFields? {
    guard let node = node(key) else { return nil }
    return try JSONFields(node, path(of: key))
  }

  /// Every key has been asked for; any other is an error that names it.
  public func end() throws(JSONMismatch) {
    for key in order where !asked.contains(key) {
      let known = Set(asked).subtracting(["$schema"]).sorted().joined(separator: ", ")
      throw JSONMismatch(
        line: members[key]?.line ?? line, key: path(of: key), problem: "is not a known key; known here: \(known)")
    }
  }

  /// An error about the value of a key.
  public func mismatch(_ key: String, _ node: JSONNode, _ problem: String) -> JSONMismatch {
    JSONMismatch(line: node.line, key: path(of: key), problem: problem)
  }
}

/// A value that is not what its reader needs.
public struct JSONMismatch: Error, Equatable {
  /// Line in the document, from 1; 0 where the value stands in no document.
  public let line: Int
  /// Path of the key: `devices[2].serial.baud`.
  public let key: String
  /// What is wrong: `must be a string, not a number`.
  public let problem: String

  /// An error about a key.
  public init(line: Int, key: String, problem: String) {
    self.line = line
    self.key = key
    self.problem = problem
  }

  /// One plain sentence with line and key.
  public var sentence: String {
    (line > 0 ? "Line \(line): " : "") + (key.isEmpty ? "the document" : "\"\(key)\"") + " \(problem)."
  }
}
