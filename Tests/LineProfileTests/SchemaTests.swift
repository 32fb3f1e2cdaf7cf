import DriverTestKit
import Schemas
import StrictJSON
import Testing

@testable import LineProfile

/// `docs/schemas/profile.schema.json` says what the loader takes.
@Suite struct SchemaTests {
  @Test func theCommittedSchemaIsTheGeneratedOne() throws {
    let isSame = try repositoryFile("docs/schemas/profile.schema.json") == profileSchemaDocument.text
    #expect(isSame, "run scripts/generate")
  }

  private let schema: JSONNode

  init() throws {
    let text = try repositoryFile("docs/schemas/profile.schema.json")
    schema = try JSONNode(parsing: Array(text.utf8), limits: .file)
  }

  /// Keys of a JSON document that its schema does not know, by path.
  private func unknownKeys(_ node: JSONNode, _ schema: JSONNode, _ path: String) -> [String] {
    let choices = alternatives(schema)
    if let elements = node.elements {
      let items = choices.compactMap { $0["items"] }.first
      return elements.flatMap { element in items.map { unknownKeys(element, $0, path + "[]") } ?? [] }
    }
    guard let members = node.members else { return [] }
    guard let object = choices.first(where: { $0["properties"] != nil || $0["additionalProperties"]?.members != nil })
    else { return [path] }
    return members.flatMap { member in
      let inner =
        object["properties"]?[member.key] ?? object["additionalProperties"].flatMap { $0.members == nil ? nil : $0 }
      return inner.map { unknownKeys(member.node, $0, "\(path).\(member.key)") } ?? ["\(path).\(member.key)"]
    }
  }

  /// A schema with its references followed and its choices laid open.
  private func alternatives(_ node: JSONNode) -> [JSONNode] {
    if let reference = node["$ref"]?.string {
      let name = reference.split(separator: "/").last.map(String.init) ?? ""
      return schema["$defs"]?[name].map(alternatives) ?? []
    }
    return node["oneOf"]?.elements?.flatMap(alternatives) ?? [node]
  }

  @Test(arguments: shippedNames) func aShippedProfileUsesKnownKeysOnly(name: String) throws {
    let profile = try JSONNode(parsing: Array(try shipped(name).utf8), limits: .file)
    #expect(unknownKeys(profile, schema, "") == [])
  }

  @Test func theCheckFindsAnUnknownKey() throws {
    let text =
      #"{"rules": [{"regex": "a", "edge": {"delta": {"x": 1}, "when": 1}}], "json": {"map": {"a": {"regex": 1}}}}"#
    let profile = try JSONNode(parsing: Array(text.utf8), limits: .file)
    #expect(unknownKeys(profile, schema, "") == [".rules[].edge.when", ".json.map.a.regex"])
  }

  /// What depends on another key is known only where that key has the right word.
  @Test(arguments: [
    (#""framing": {"zzz": 1}"#, "case_fold, encoding, kind, max_length, terminators, trim"),
    (
      #""framing": {"kind": "fixed", "length": 1, "zzz": 1}"#,
      "case_fold, encoding, gap_ms, kind, length, max_length, trim"
    ),
    (#""clock": {"zzz": 1}"#, "origin, resolution_us, uncertainty_us"),
    (
      #""rules": [{"regex": "a", "edge": {"field": "v", "on": "hand.up", "mode": "drop", "delta": 1, "zzz": 1}}]"#,
      "also_when_equal, delta, field, index, mode, off, on"
    ),
  ]) func keysThatDependOnAnotherAreKnownOnlyThere(members: String, known: String) throws {
    let sentence = try #require(driver(profile(members)).recorder.faults.first?.sentence)
    #expect(sentence.hasSuffix(".zzz\" is not a known key; known here: \(known)."), "\(sentence)")
  }
}
