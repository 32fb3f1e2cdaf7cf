/// Why a text is not the JSON that we accept.
public struct JSONError: Error, Equatable {
  /// What kind of thing is wrong.
  public enum Kind: String, Sendable {
    /// It does not follow RFC 8259.
    case syntax
    /// It ends too early.
    case incomplete
    /// It is not UTF-8.
    case encoding
    /// Arrays and objects inside each other past the limit.
    case tooDeep
    /// The text is longer than the limit.
    case tooLong
    /// An object has the same key twice.
    case duplicateKey
    /// An integer past 2^53, or a number that is not finite.
    case numberOutOfRange
  }

  /// What kind of thing is wrong.
  public let kind: Kind
  /// Line, from 1.
  public let line: Int
  /// Column in bytes, from 1.
  public let column: Int
  /// What was found or expected, without place and full stop.
  public let detail: String

  /// One plain sentence with the place.
  public var sentence: String { "Line \(line), column \(column): \(detail)." }
}

/// What a parser accepts.
public struct JSONLimits: Sendable {
  /// Arrays and objects inside each other.
  public var depth: Int
  /// Length of the text in bytes.
  public var bytes: Int
  /// `//` and `/* */` comments and a comma after the last element.
  public var comments: Bool

  /// Limits; see the properties.
  public init(depth: Int, bytes: Int, comments: Bool) {
    self.depth = depth
    self.bytes = bytes
    self.comments = comments
  }

  /// One line on a socket: depth 16, 64 KiB, plain JSON.
  public static let line = JSONLimits(depth: 16, bytes: 65_536, comments: false)
  /// A file that a person writes: depth 32, 1 MiB, with comments.
  public static let file = JSONLimits(depth: 32, bytes: 1 << 20, comments: true)
}
