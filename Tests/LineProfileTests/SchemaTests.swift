import DriverTestKit
import StrictJSON
import Testing

@testable import LineProfile

/// `docs/schemas/profile.schema.json` says what the loader takes.
@Suite struct SchemaTests {
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

  /// The keys that the loader knows at a place, as its own refusal of an unknown one lists them.
  private func loaderKeys(_ members: String) throws -> Set<String> {
    let sentence = try #require(driver(profile(members)).recorder.faults.first?.sentence)
    let list = try #require(sentence.split(separator: "known here: ").last)
    return Set(list.dropLast().split(separator: ", ").map(String.init))
  }

  @Test(arguments: [
    ("identity", #""identity": {"zzz": 1}"#), ("open", #""open": {"zzz": 1}"#),
    ("checksum", #""checksum": {"zzz": 1}"#), ("poll", #""poll": {"send": "?", "zzz": 1}"#),
    ("watchdog", #""watchdog": {"zzz": 1}"#), ("limits", #""limits": {"zzz": 1}"#),
    ("clock", #""clock": {"origin": "free_running", "field": "t", "zzz": 1}"#),
    ("field", #""fields": {"a": {"zzz": 1}}"#), ("json", #""json": {"type": "a", "map": {"a": null}, "zzz": 1}"#),
    ("rule", #""rules": [{"regex": "a", "event": null, "zzz": 1}]"#),
    ("actions", #""json": {"type": "a", "map": {"a": {"event": null, "zzz": 1}}}"#),
    (
      "sample",
      #""fields": {"v": {"type": "int", "unit": "N"}}, "rules": [{"regex": "a", "sample": {"channel": "f", "quantity": "force", "field": "v", "zzz": 1}}]"#
    ),
    (
      "bits",
      #""rules": [{"regex": "(?<v>a)", "bits": {"field": "v", "set": "hand.up", "clear": "hand.up", "zzz": 1}}]"#
    ),
    ("command", #""rules": [{"regex": "a", "event": null}], "commands": {"a": {"send": "a", "zzz": 1}}"#),
  ]) func theSchemaHasTheKeysOfTheLoader(place: String, members: String) throws {
    let named = schema["properties"]?[place]
    let object = try #require(named?["properties"] == nil ? schema["$defs"]?[place] : named)
    #expect(try loaderKeys(members) == keys(object))
  }

  @Test func theSchemaHasTheKeysOfAProfileAndOfItsLine() throws {
    #expect(
      try loaderKeys(#""rules": [{"regex": "a", "event": null}], "zzz": 1"#) == keys(schema).subtracting(["$schema"]))
    let sentence = driver(profile("\"rules\": []"), #""serial": {"zzz": 1}"#).recorder.faults.first?.sentence
    let known = sentence?.split(separator: "known here: ").last?.dropLast().split(separator: ", ").map(String.init)
    #expect(Set(known ?? []) == keys(try #require(schema["properties"]?["serial"])))
  }

  /// Keys that depend on a kind are known in one of the kinds.
  @Test(arguments: [
    (
      "framing",
      [
        #""framing": {"zzz": 1}"#, #""framing": {"kind": "fixed", "length": 1, "zzz": 1}"#,
        #""framing": {"kind": "start_end", "zzz": 1}"#,
      ]
    ),
    (
      "edge",
      [
        #""rules": [{"regex": "(?<v>a)", "edge": {"field": "v", "on": "hand.up", "on_above": 1, "zzz": 1}}]"#,
        #""rules": [{"regex": "(?<v>a)", "edge": {"field": "v", "on": "hand.up", "mode": "drop", "delta": 1, "zzz": 1}}]"#,
      ]
    ),
  ]) func theSchemaHasTheKeysOfEachKind(name: String, kinds: [String]) throws {
    let object = try #require(schema["properties"]?[name] ?? schema["$defs"]?[name])
    #expect(try kinds.map(loaderKeys).reduce([]) { $0.union($1) } == keys(object))
  }

  @Test func theSchemaHasTheEventsAndChecksumsOfTheLoader() throws {
    func words(_ node: JSONNode?) -> [String] { node?["enum"]?.elements?.compactMap(\.string) ?? [] }
    #expect(Set(words(schema["$defs"]?["event"])) == EventNames.all)
    #expect(words(schema["properties"]?["checksum"]?["properties"]?["kind"]) == ChecksumKind.allCases.map(\.rawValue))
    #expect(words(schema["$defs"]?["field"]?["properties"]?["format"]) == TimeFormat.allCases.map(\.rawValue))
  }

  private func keys(_ object: JSONNode) -> Set<String> { Set(object["properties"]?.members?.map(\.key) ?? []) }
}
