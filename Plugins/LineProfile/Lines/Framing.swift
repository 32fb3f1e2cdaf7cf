internal import DriverKit
internal import StrictJSON

/// How bytes become lines.
struct Framing {
  enum Kind: String, CaseIterable { case line, fixed, startEnd = "start_end" }
  enum Encoding: String, CaseIterable { case asciiLossy = "ascii-lossy" }

  var kind = Kind.line
  /// Bytes that end a line; for `start_end` also the one that begins it.
  var delimiters = ByteSet([0x0A, 0x0D])
  /// Bytes of a line of fixed length.
  var length = 0
  /// Byte that begins a frame of kind `start_end`.
  var start: UInt8 = 0x02
  /// A pause that ends an incomplete line of fixed length.
  var gap: Microseconds = 50_000
  /// Longest line in bytes.
  var maximumLength = 256
  /// Blanks at both ends are dropped.
  var trims = true
  /// Letters become capitals before the rules see them.
  var foldsCase = false

  init() {}

  init(_ fields: inout JSONFields) throws(JSONMismatch) {
    kind = try fields.word("kind", as: Kind.self) ?? .line
    _ = try fields.word("encoding", as: Encoding.self)
    trims = try fields.flag("trim") ?? true
    foldsCase = try fields.flag("case_fold") ?? false
    maximumLength = Int(try fields.integer("max_length", in: 1...4096) ?? 256)
    switch kind {
    case .line:
      if let bytes = try fields.singleBytes("terminators") { delimiters = ByteSet(bytes) }
    case .fixed:
      guard let length = try fields.integer("length", in: 1...4096) else {
        throw JSONMismatch(line: fields.line, key: fields.path(of: "length"), problem: "is missing")
      }
      self.length = Int(length)
      gap = 1000 * (try fields.integer("gap_ms", in: 1...10_000) ?? 50)
    case .startEnd:
      if let byte = try fields.singleByte("start") { start = byte }
      delimiters = ByteSet([start, try fields.singleByte("end") ?? 0x03])
    }
    try fields.end()
  }
}

extension JSONFields {
  /// A text of one ASCII character, as its byte.
  fileprivate mutating func singleByte(_ key: String) throws(JSONMismatch) -> UInt8? {
    guard let node = node(key) else { return nil }
    return try singleByte(key, node)
  }

  fileprivate mutating func singleBytes(_ key: String) throws(JSONMismatch) -> [UInt8]? {
    guard let node = node(key) else { return nil }
    guard let elements = node.elements, !elements.isEmpty else {
      throw mismatch(key, node, "must be a list of one or more characters")
    }
    var bytes: [UInt8] = []
    for element in elements { bytes.append(try singleByte(key, element)) }
    return bytes
  }

  private func singleByte(_ key: String, _ node: JSONNode) throws(JSONMismatch) -> UInt8 {
    guard let text = node.string, text.utf8.count == 1, let byte = text.utf8.first else {
      throw mismatch(key, node, "must be one ASCII character; for lines that end CR LF write \"\\n\"")
    }
    return byte
  }
}
