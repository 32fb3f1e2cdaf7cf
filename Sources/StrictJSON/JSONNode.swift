/// A JSON value and where it stands in its text.
public struct JSONNode: Sendable, Equatable {
  /// What a JSON text can hold.
  public enum Value: Sendable, Equatable {
    /// `null`
    case null
    /// `true` or `false`
    case bool(Bool)
    /// A number without fraction and exponent; at most 2^53 in magnitude.
    case integer(Int64)
    /// Any other number; finite.
    case number(Double)
    /// A string.
    case string(String)
    /// An array.
    case array([JSONNode])
    /// An object; keys are unique and keep their order.
    case object([JSONMember])
  }

  /// The value.
  public let value: Value
  /// Line of its first character, from 1.
  public let line: Int
  /// Column of its first character in bytes, from 1.
  public let column: Int

  /// A node; made by hand it stands nowhere: line 0.
  public init(_ value: Value, line: Int = 0, column: Int = 0) {
    self.value = value
    self.line = line
    self.column = column
  }

  /// `{}`
  public static let emptyObject = JSONNode(.object([]))

  /// The member of an object; `nil` when there is none, or this is no object.
  public subscript(_ key: String) -> JSONNode? {
    guard case .object(let members) = value else { return nil }
    return members.first { $0.key == key }?.node
  }

  /// The string, if it is one.
  public var string: String? {
    if case .string(let string) = value { string } else { nil }
  }

  /// The whole number, if it is one.
  public var integer: Int64? {
    if case .integer(let integer) = value { integer } else { nil }
  }

  /// The number, whole or not, if it is one.
  public var number: Double? {
    switch value {
    case .integer(let integer): Double(integer)
    case .number(let number): number
    default: nil
    }
  }

  /// The flag, if it is one.
  public var bool: Bool? {
    if case .bool(let bool) = value { bool } else { nil }
  }

  /// The elements, if it is an array.
  public var elements: [JSONNode]? {
    if case .array(let elements) = value { elements } else { nil }
  }

  /// The members, if it is an object.
  public var members: [JSONMember]? {
    if case .object(let members) = value { members } else { nil }
  }

  /// What a person would call the value: `a string`, `null`.
  public var kind: String {
    switch value {
    case .null: "null"
    case .bool: "true or false"
    case .integer, .number: "a number"
    case .string: "a string"
    case .array: "a list"
    case .object: "an object"
    }
  }

  /// The same values, wherever they stand.
  public static func == (a: JSONNode, b: JSONNode) -> Bool { a.value == b.value }
}

/// A member of a JSON object.
public struct JSONMember: Sendable, Equatable {
  /// Its key.
  public let key: String
  /// Its value.
  public let node: JSONNode

  /// A member.
  public init(_ key: String, _ node: JSONNode) {
    self.key = key
    self.node = node
  }
}
