package import StrictJSON

/// Which records. An empty list lets everything through.
public struct RecordFilter: Hashable, Sendable {
  /// Names of devices; `*` stands for any characters.
  public var devices: [String] = []
  /// Kinds of records.
  public var kinds: [RecordKind] = []
  /// Quantities of channels (`force`); records without a channel pass.
  public var quantities: [String] = []
  /// Names of channels; records without a channel pass.
  public var channels: [String] = []

  /// Lets everything through.
  public init() {}
}

extension RecordFilter: WireObject {
  package func write(to writer: inout JSONWriter) {
    for (key, words) in [
      ("device" as StaticString, devices), ("kind", kinds.map(\.rawValue)), ("quantity", quantities),
      ("channel", channels),
    ] where !words.isEmpty {
      writer.list(key, words) { $0.string($1) }
    }
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    devices = try fields.oneOrMore("device")
    quantities = try fields.oneOrMore("quantity")
    channels = try fields.oneOrMore("channel")
    for kind in try fields.oneOrMore("kind") {
      guard let known = RecordKind(rawValue: kind) else {
        let kinds = RecordKind.allCases.map(\.rawValue).joined(separator: ", ")
        throw JSONMismatch(
          line: 0, key: fields.path(of: "kind"), problem: "must hold only \(kinds), not \"\(kind)\"")
      }
      kinds.append(known)
    }
  }
}

extension JSONFields {
  /// A string, or a list of strings; at most 64 of them.
  fileprivate mutating func oneOrMore(_ key: String) throws(JSONMismatch) -> [String] {
    guard let node = node(key) else { return [] }
    let words = if let word = node.string { [word] } else { try strings(key) }
    if words.count > 64 { throw mismatch(key, node, "must not hold more than 64") }
    return words
  }
}
