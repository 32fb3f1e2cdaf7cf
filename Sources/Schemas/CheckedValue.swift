package import StrictJSON

/// A value of a document that is what its description says, so that its reader need not ask again.
package struct CheckedValue {
  /// The value itself.
  package let node: JSONNode
  /// Where in the document it stands: `profile.rules[0].edge`.
  package let path: String
  private let schema: Schema

  /// Checks a value and all within it; a mistake is named by line and key.
  package init(_ node: JSONNode, _ schema: Schema, at path: String) throws(JSONMismatch) {
    self.init(checked: node, schema, path)
    try schema.check(self.node, path, saying: nil)
  }

  init(checked node: JSONNode, _ schema: Schema, _ path: String) {
    (self.schema, self.node) = schema.meant(by: node)
    self.path = path
  }

  /// The value of a key, or `nil` when the key is absent or `null`.
  package subscript(key: String) -> CheckedValue? {
    let inner: Schema
    switch schema.bare {
    case .object(let fields):
      guard let field = fields.first(where: { $0.key == key }) else {
        assertionFailure("the description of \(path) lacks \(key)")
        return nil
      }
      inner = field.value
    case .map(let value, _, _, _): inner = value
    default: return nil
    }
    guard let member = node[key], member.value != .null else { return nil }
    return CheckedValue(checked: member, inner, path.isEmpty ? key : "\(path).\(key)")
  }

  /// The members of an object with keys of its writer's choice, in order.
  package var members: [(key: String, value: CheckedValue)] {
    guard case .map(let inner, _, _, _) = schema.bare else { return [] }
    return (node.members ?? []).map { ($0.key, CheckedValue(checked: $0.node, inner, "\(path).\($0.key)")) }
  }

  /// The elements of a list.
  package var elements: [CheckedValue] {
    guard case .list(let inner, _) = schema.bare else { return [] }
    return (node.elements ?? []).enumerated().map { CheckedValue(checked: $1, inner, inner.path(of: $0, in: path)) }
  }

  /// The text of a key, or `nil` when the key is absent.
  package func text(_ key: String) -> String? { self[key]?.node.string }
  /// The whole number of a key, or `nil` when the key is absent.
  package func integer(_ key: String) -> Int64? { self[key]?.node.integer }
  /// The number of a key, or `nil` when the key is absent.
  package func number(_ key: String) -> Double? { self[key]?.node.number }
  /// The flag of a key, or `nil` when the key is absent.
  package func flag(_ key: String) -> Bool? { self[key]?.node.bool }
  /// The word of a key, of the type that described it, or `nil` when the key is absent.
  package func word<Word: RawRepresentable>(_ key: String) -> Word? where Word.RawValue == String {
    text(key).flatMap(Word.init(rawValue:))
  }

  /// An error about the value.
  package func mismatch(_ problem: String) -> JSONMismatch {
    JSONMismatch(line: node.line, key: path, problem: problem)
  }

  /// An error about a key of the object, at the line of its value if there is one.
  package func mismatch(_ key: String, _ problem: String) -> JSONMismatch {
    JSONMismatch(line: (node[key] ?? node).line, key: path.isEmpty ? key : "\(path).\(key)", problem: problem)
  }
}

extension Schema {
  /// The description that a value of several kinds means, and the value written out.
  fileprivate func meant(by node: JSONNode) -> (Schema, JSONNode) {
    switch bare {
    case .short(let key, let kinds, let whole):
      if !kinds.contains(where: { $0.isKind(of: node) }) { return (whole, node) }
      return (whole, JSONNode(.object([JSONMember(key, node)]), line: node.line))
    case .either(let choices): return (choices.first { $0.isKind(of: node) } ?? self, node)
    default: return (self, node)
    }
  }

  fileprivate func path(of element: Int, in path: String) -> String {
    if case .object = bare { "\(path)[\(element)]" } else { path }
  }

  private func isKind(of node: JSONNode) -> Bool {
    switch bare {
    case .text, .ascii, .fieldName, .words: node.string != nil
    case .integer, .number: node.number != nil
    case .flag: node.bool != nil
    case .scalar: node.string != nil || node.number != nil || node.bool != nil
    case .list: node.elements != nil
    case .object, .map, .short: node.members != nil
    case .either(let choices): choices.contains { $0.isKind(of: node) }
    case .null: node.value == .null
    case .part, .saying: false
    }
  }

  /// What is said of a value of another kind.
  private var demand: String {
    switch self {
    case .flag: "must be true or false"
    case .list: "must be a list"
    case .object, .map, .short: "must be an object"
    default: "must be a string"
    }
  }

  fileprivate func check(_ node: JSONNode, _ path: String, saying sentence: String?) throws(JSONMismatch) {
    func require(_ isRight: Bool, _ problem: @autoclosure () -> String) throws(JSONMismatch) {
      if !isRight { throw JSONMismatch(line: node.line, key: path, problem: sentence ?? problem()) }
    }
    switch self {
    case .part(_, let schema): try schema.check(node, path, saying: sentence)
    case .saying(let sentence, let schema): try schema.check(node, path, saying: sentence)
    case .integer(let range):
      try require(
        node.integer.map(range.contains) ?? false,
        "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    case .number(let range):
      try require(
        node.number.map(range.contains) ?? false, "must be a number from \(range.lowerBound) to \(range.upperBound)")
    case .words(let words):
      try require(
        node.string.map(words.contains) ?? false,
        "must be one of \(words.map { "\"\($0)\"" }.joined(separator: ", "))")
    case .scalar: try require(isKind(of: node), "must be a text, a number, true or false")
    case .either(let choices):
      let meant = choices.first { $0.isKind(of: node) }
      try require(meant != nil, "must be one of several kinds, and is \(node.kind)")
      try meant?.check(node, path, saying: sentence)
    case .short:
      let (whole, node) = meant(by: node)
      try whole.check(node, path, saying: sentence)
    default:
      try require(isKind(of: node), "\(demand), not \(node.kind)")
      try checkInside(node, path, require)
    }
  }

  private func checkInside(
    _ node: JSONNode, _ path: String, _ require: (Bool, @autoclosure () -> String) throws(JSONMismatch) -> Void
  ) throws(JSONMismatch) {
    switch self {
    case .text(let count), .ascii(let count):
      let scalars = (node.string ?? "").unicodeScalars
      if case .ascii = self { try require(scalars.allSatisfy(\.isASCII), "must be ASCII") }
      try require(scalars.count >= count.lowerBound, "must not be empty")
      try require(scalars.count <= count.upperBound, "is longer than \(count.upperBound) characters")
    case .fieldName: try require(isFieldName(node.string ?? ""), "is not small letters, digits and \"_\"")
    case .list(let inner, let least):
      let elements = node.elements ?? []
      try require(elements.count >= least, "must hold at least \(least)")
      for (index, element) in elements.enumerated() {
        try inner.check(element, inner.path(of: index, in: path), saying: nil)
      }
    case .map(let inner, let count, let required, let names):
      let members = node.members ?? []
      try require(count.contains(members.count) && required.allSatisfy { node[$0] != nil }, "must hold other keys")
      for member in members {
        if let names, !isFieldName(member.key) {
          throw JSONMismatch(line: member.node.line, key: "\(path).\(member.key)", problem: names)
        }
        try inner.check(member.node, "\(path).\(member.key)", saying: nil)
      }
    case .object(let fields): try Schema.check(fields, node, path)
    default: break
    }
  }

  private static func check(_ fields: [SchemaField], _ node: JSONNode, _ path: String) throws(JSONMismatch) {
    func place(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
    let known = fields.filter { field in
      field.condition.map { $0.words.contains(node[$0.key]?.string ?? $0.unlessSaid) } ?? true
    }
    for field in known {
      if let member = node[field.key], member.value != .null {
        try field.value.check(member, place(of: field.key), saying: nil)
      } else if let missing = field.missing {
        throw JSONMismatch(line: node.line, key: place(of: field.key), problem: missing)
      }
    }
    for member in node.members ?? [] where !known.contains(where: { $0.key == member.key }) {
      let keys = known.map(\.key).filter { $0 != "$schema" }.sorted().joined(separator: ", ")
      throw JSONMismatch(
        line: member.node.line, key: place(of: member.key), problem: "is not a known key; known here: \(keys)")
    }
  }
}
