internal import StrictJSON

/// A description as a document of JSON Schema, draft 2020-12.
package struct SchemaDocument {
  private var parts: [JSONMember] = []
  private let members: [JSONMember]

  /// The document that describes a file.
  package init(file: String, title: String, about: String, _ schema: Schema) {
    var parts: [JSONMember] = []
    let body = Self.node(schema, about: about, &parts).members ?? []
    members =
      [
        JSONMember("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
        JSONMember("$id", .text(file)), JSONMember("title", .text(title)),
      ] + body + (parts.isEmpty ? [] : [JSONMember("$defs", .object(parts))])
  }

  /// The document's text.
  package var text: String {
    var text = ""
    Self.write(.object(members), indent: "", to: &text)
    return text + "\n"
  }

  private static func node(_ schema: Schema, about: String = "", _ parts: inout [JSONMember]) -> JSONNode {
    var members: [JSONMember] = []
    func type(_ name: String) { members.append(JSONMember("type", .text(name))) }
    func count(_ range: ClosedRange<Int>, _ least: String, _ most: String) {
      if range.lowerBound > 0 { members.append(JSONMember(least, .whole(range.lowerBound))) }
      if range.upperBound < .max { members.append(JSONMember(most, .whole(range.upperBound))) }
    }
    switch schema {
    case .saying(_, let inner): return node(inner, about: about, &parts)
    case .part(let name, let inner):
      if !parts.contains(where: { $0.key == name }) {
        // Its place is kept before the parts within it.
        let place = parts.count
        parts.append(JSONMember(name, .object([])))
        parts[place] = JSONMember(name, node(inner, &parts))
      }
      members.append(JSONMember("$ref", .text("#/$defs/\(name)")))
    case .text(let range), .ascii(let range):
      type("string")
      count(range, "minLength", "maxLength")
    case .fieldName:
      type("string")
      members.append(JSONMember("pattern", .text("^[a-z][a-z0-9_]{0,31}$")))
    case .integer(let range):
      if range.lowerBound == range.upperBound {
        members.append(JSONMember("const", .whole(Int(range.lowerBound))))
      } else {
        type("integer")
        members.append(JSONMember("minimum", .whole(Int(range.lowerBound))))
        members.append(JSONMember("maximum", .whole(Int(range.upperBound))))
      }
    case .number(let range):
      type("number")
      members.append(JSONMember("minimum", .number(range.lowerBound)))
      members.append(JSONMember("maximum", .number(range.upperBound)))
    case .flag: type("boolean")
    case .words(let words): members.append(JSONMember("enum", .list(words.map(JSONNode.text))))
    case .scalar: members.append(JSONMember("type", .list(["string", "number", "boolean"].map(JSONNode.text))))
    case .list(let inner, let least):
      type("array")
      count(least...Int.max, "minItems", "")
      members.append(JSONMember("items", node(inner, &parts)))
    case .object(let fields):
      type("object")
      members.append(
        JSONMember("properties", .object(fields.map { JSONMember($0.key, node($0.value, about: $0.about, &parts)) })))
      members.append(JSONMember("additionalProperties", .flag(false)))
      let required = fields.filter { $0.missing != nil && $0.condition == nil }.map { JSONNode.text($0.key) }
      if !required.isEmpty { members.append(JSONMember("required", .list(required))) }
    case .map(let inner, let range, let required, let names):
      type("object")
      count(range, "minProperties", "maxProperties")
      if names != nil { members.append(JSONMember("propertyNames", node(.fieldName, &parts))) }
      members.append(JSONMember("additionalProperties", node(inner, &parts)))
      if !required.isEmpty { members.append(JSONMember("required", .list(required.map(JSONNode.text)))) }
    case .either(let choices): members.append(JSONMember("oneOf", .list(choices.map { node($0, &parts) })))
    case .short(_, let kinds, let whole):
      members.append(JSONMember("oneOf", .list((kinds + [whole]).map { node($0, &parts) })))
    case .null: type("null")
    }
    if !about.isEmpty {
      let place = members.first?.key == "type" ? 1 : members.count
      members.insert(JSONMember("description", .text(about)), at: place)
    }
    return .object(members)
  }

  /// One value to a line, but lists of words on one where they fit.
  private static func write(_ node: JSONNode, indent: String, to text: inout String) {
    let inner = indent + "  "
    var writer = JSONWriter()
    writer.node(node)
    let isSmall = writer.bytes.count + indent.utf8.count <= 100
    switch node.value {
    case .object(let members) where !members.isEmpty && !(isSmall && members.allSatisfy(\.node.isPlain)):
      text += "{\n"
      for (index, member) in members.enumerated() {
        text += "\(inner)\"\(member.key)\": "
        write(member.node, indent: inner, to: &text)
        text += index < members.count - 1 ? ",\n" : "\n"
      }
      text += indent + "}"
    case .object(let members):
      text += "{"
      for (index, member) in members.enumerated() {
        text += "\(index > 0 ? "," : "") \"\(member.key)\": "
        write(member.node, indent: inner, to: &text)
      }
      text += members.isEmpty ? "}" : " }"
    case .array(let elements):
      let isShort = isSmall && elements.allSatisfy(\.isPlain)
      text += isShort ? "[" : "[\n"
      for (index, element) in elements.enumerated() {
        if !isShort { text += inner }
        write(element, indent: inner, to: &text)
        if index < elements.count - 1 { text += isShort ? ", " : "," }
        if !isShort { text += "\n" }
      }
      text += isShort ? "]" : indent + "]"
    default: text += String(decoding: writer.bytes, as: UTF8.self)
    }
  }
}

extension JSONNode {
  fileprivate static func text(_ text: String) -> JSONNode { JSONNode(.string(text)) }
  fileprivate static func whole(_ number: Int) -> JSONNode { JSONNode(.integer(Int64(number))) }
  fileprivate static func number(_ number: Double) -> JSONNode { JSONNode(.number(number)) }
  fileprivate static func flag(_ flag: Bool) -> JSONNode { JSONNode(.bool(flag)) }
  fileprivate static func list(_ nodes: [JSONNode]) -> JSONNode { JSONNode(.array(nodes)) }
  fileprivate static func object(_ members: [JSONMember]) -> JSONNode { JSONNode(.object(members)) }

  fileprivate var isPlain: Bool { elements == nil && members == nil }
}
