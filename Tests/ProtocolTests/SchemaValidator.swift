import StrictJSON

/// Holds values to a JSON Schema. It knows the part of draft 2020-12 that the wire's schema uses, and refuses a schema
/// with any other keyword: what it does not understand could let everything pass.
struct SchemaValidator {
  /// The schema cannot be used.
  struct BadSchema: Error, Equatable {
    let problem: String
  }

  private let root: JSONNode

  init(_ root: JSONNode) throws(BadSchema) {
    self.root = root
    try check(root)
  }

  /// What is wrong with a value, place and reason each; empty when it is valid. `definition` is a name in `$defs`.
  func problems(_ value: JSONNode, as definition: String? = nil) -> [String] {
    guard let definition else { return problems(value, root, "") }
    guard let schema = root["$defs"]?[definition] else { return ["there is no definition \(definition)"] }
    return problems(value, schema, "")
  }

  // MARK: The schema itself

  private func check(_ schema: JSONNode) throws(BadSchema) {
    if schema.bool != nil { return }
    guard let members = schema.members else { throw BadSchema(problem: "a schema is \(schema.kind)") }
    for member in members {
      switch member.key {
      case "$schema", "title", "description", "default", "type", "required", "enum", "const", "minimum", "maximum",
        "minLength", "maxLength", "minItems", "maxItems", "dependentRequired":
        break
      case "$ref":
        if target(of: member.node) == nil { throw BadSchema(problem: "\(member.node.string ?? "$ref") leads nowhere") }
      case "items", "additionalProperties", "propertyNames", "if", "then", "else": try check(member.node)
      case "oneOf", "anyOf", "allOf", "prefixItems":
        for schema in member.node.elements ?? [] { try check(schema) }
      case "properties", "$defs":
        for schema in member.node.members ?? [] { try check(schema.node) }
      default: throw BadSchema(problem: "unknown keyword \(member.key)")
      }
    }
  }

  private func target(of reference: JSONNode) -> JSONNode? {
    let prefix = "#/$defs/"
    guard let text = reference.string, text.hasPrefix(prefix) else { return nil }
    return root["$defs"]?[String(text.dropFirst(prefix.count))]
  }

  // MARK: Values

  private func isValid(_ value: JSONNode, _ schema: JSONNode) -> Bool { problems(value, schema, "").isEmpty }

  private func problems(_ value: JSONNode, _ schema: JSONNode, _ path: String) -> [String] {
    if let allowed = schema.bool { return allowed ? [] : ["\(path) must not be there"] }
    return (schema.members ?? []).flatMap { problems(value, schema, $0.key, $0.node, path) }
  }

  private func problems(
    _ value: JSONNode, _ schema: JSONNode, _ keyword: String, _ rule: JSONNode, _ path: String
  ) -> [String] {
    func unless(_ holds: Bool) -> [String] { holds ? [] : ["\(path) breaks \(keyword)"] }
    func within(_ number: Double?) -> [String] {
      guard let number, let limit = rule.number else { return [] }
      return unless(keyword.hasPrefix("min") ? number >= limit : number <= limit)
    }
    switch keyword {
    case "$ref": return target(of: rule).map { problems(value, $0, path) } ?? ["\(path): \(rule) leads nowhere"]
    case "type": return unless((rule.elements ?? [rule]).contains { isOfType(value, $0.string) })
    case "const": return unless(value == rule)
    case "enum": return unless(rule.elements?.contains(value) == true)
    case "minimum", "maximum": return within(value.number)
    case "minLength", "maxLength": return within(value.string.map { Double($0.unicodeScalars.count) })
    case "minItems", "maxItems": return within(value.elements.map { Double($0.count) })
    case "oneOf", "anyOf", "allOf": return combined(value, keyword, rule.elements ?? [], path)
    case "if":
      return schema[isValid(value, rule) ? "then" : "else"].map { problems(value, $0, path) } ?? []
    case "prefixItems", "items": return itemProblems(value.elements ?? [], schema, keyword, rule, path)
    default: return value.members.map { memberProblems($0, schema, keyword, rule, path) } ?? []
    }
  }

  private func combined(_ value: JSONNode, _ keyword: String, _ schemas: [JSONNode], _ path: String) -> [String] {
    let found = schemas.map { problems(value, $0, path) }
    if keyword == "allOf" { return found.flatMap(\.self) }
    let fitting = found.count(where: \.isEmpty)
    if fitting == 1 || fitting > 1 && keyword == "anyOf" { return [] }
    return fitting > 1 ? ["\(path) fits \(fitting) of oneOf"] : ["\(path) fits none of \(keyword):"] + found.joined()
  }

  private func itemProblems(
    _ elements: [JSONNode], _ schema: JSONNode, _ keyword: String, _ rule: JSONNode, _ path: String
  ) -> [String] {
    let placed = schema["prefixItems"]?.elements ?? []
    return elements.enumerated().flatMap { index, element in
      let isPlaced = index < placed.count
      guard isPlaced == (keyword == "prefixItems") else { return [String]() }
      return problems(element, isPlaced ? placed[index] : rule, "\(path)[\(index)]")
    }
  }

  private func memberProblems(
    _ members: [JSONMember], _ schema: JSONNode, _ keyword: String, _ rule: JSONNode, _ path: String
  ) -> [String] {
    let keys = Set(members.map(\.key))
    func missing(_ required: JSONNode) -> [String] {
      (required.elements ?? []).compactMap(\.string).filter { !keys.contains($0) }.map { "\(path).\($0) is missing" }
    }
    switch keyword {
    case "required": return missing(rule)
    case "dependentRequired": return (rule.members ?? []).filter { keys.contains($0.key) }.flatMap { missing($0.node) }
    case "properties":
      return members.flatMap { member in
        rule[member.key].map { problems(member.node, $0, "\(path).\(member.key)") } ?? []
      }
    case "additionalProperties":
      return members.filter { schema["properties"]?[$0.key] == nil }
        .flatMap { problems($0.node, rule, "\(path).\($0.key)") }
    case "propertyNames":
      return members.flatMap { problems(JSONNode(.string($0.key)), rule, "\(path): the key \($0.key)") }
    default: return []
    }
  }

  private func isOfType(_ value: JSONNode, _ type: String?) -> Bool {
    switch (type, value.value) {
    case ("null", .null), ("boolean", .bool), ("integer", .integer), ("number", .integer), ("number", .number),
      ("string", .string), ("array", .array), ("object", .object):
      true
    default: false
    }
  }
}
