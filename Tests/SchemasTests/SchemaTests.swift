import Schemas
import StrictJSON
import Testing

/// A description refuses what it does not describe, and is written as the JSON Schema that refuses the same.
@Suite struct SchemaTests {
  private enum Word: String, CaseIterable { case slow, fast }

  private let schema = Schema.object([
    .required("id", .name, "Its name."),
    SchemaField("speed", .word(Word.self)),
    SchemaField("limit", .integer(1...9), "Only when fast.", only: .init("speed", ["fast"], unlessSaid: "slow")),
    SchemaField("share", .saying("must be a share", .number(0...1))),
    SchemaField("on", .flag),
    SchemaField("texts", .list(.ascii(1...3), least: 1)),
    SchemaField("parts", .list(.part("part", .object([.required("x", .scalar)])))),
    SchemaField("names", .map(.fieldName, count: 1...2, names: "is no name")),
    SchemaField("falls", .either([.number(0...9), .map(.number(0...9), required: ["default"])])),
    SchemaField("event", .short(key: "name", [.anyText, .null], .object([SchemaField("name", .anyText)]))),
  ])

  private func value(_ json: String) throws -> CheckedValue {
    try CheckedValue(JSONNode(parsing: Array(json.utf8), limits: .file), schema, at: "top")
  }

  @Test(arguments: [
    (#"[]"#, "Line 1: \"top\" must be an object, not a list."), (#"{}"#, "Line 1: \"top.id\" is missing."),
    (#"{"id": null}"#, "Line 1: \"top.id\" is missing."), (#"{"id": ""}"#, "Line 1: \"top.id\" must not be empty."),
    (#"{"id": 1}"#, "Line 1: \"top.id\" must be a string, not a number."),
    (#"{"id": "a", "speed": "fest"}"#, "Line 1: \"top.speed\" must be one of \"slow\", \"fast\"."),
    (#"{"id": "a", "speed": "fast", "limit": 10}"#, "Line 1: \"top.limit\" must be a whole number from 1 to 9."),
    (
      "{\"id\": \"a\",\n\"limit\": 2}", "Line 2: \"top.limit\" is not a known key; known here: event, falls, id, names,"
    ),
    (#"{"id": "a", "share": 1.5}"#, "Line 1: \"top.share\" must be a share."),
    (#"{"id": "a", "on": 1}"#, "Line 1: \"top.on\" must be true or false, not a number."),
    (#"{"id": "a", "texts": []}"#, "Line 1: \"top.texts\" must hold at least 1."),
    (#"{"id": "a", "texts": ["abcd"]}"#, "Line 1: \"top.texts\" is longer than 3 characters."),
    (#"{"id": "a", "texts": ["é"]}"#, "Line 1: \"top.texts\" must be ASCII."),
    (#"{"id": "a", "parts": [{"x": 1}, {}]}"#, "Line 1: \"top.parts[1].x\" is missing."),
    (#"{"id": "a", "parts": [{"x": []}]}"#, "Line 1: \"top.parts[0].x\" must be a text, a number, true or false."),
    (#"{"id": "a", "names": {"A": "a"}}"#, "Line 1: \"top.names.A\" is no name."),
    (#"{"id": "a", "names": {"a": "A"}}"#, "Line 1: \"top.names.a\" is not small letters, digits and \"_\"."),
    (#"{"id": "a", "names": {}}"#, "Line 1: \"top.names\" must hold other keys."),
    (#"{"id": "a", "falls": {"x": 1}}"#, "Line 1: \"top.falls\" must hold other keys."),
    (#"{"id": "a", "falls": 10}"#, "Line 1: \"top.falls\" must be a number from 0.0 to 9.0."),
    (#"{"id": "a", "falls": true}"#, "Line 1: \"top.falls\" must be one of several kinds, and is true or false."),
    (#"{"id": "a", "event": 1}"#, "Line 1: \"top.event\" must be an object, not a number."),
    (#"{"id": "a", "event": {"nome": 1}}"#, "Line 1: \"top.event.nome\" is not a known key; known here: name."),
  ]) func whatIsNotDescribedIsRefused(json: String, sentence: String) throws {
    let mismatch = #expect(throws: JSONMismatch.self) { _ = try value(json) }
    #expect(mismatch?.sentence.hasPrefix(sentence) == true, "\(mismatch?.sentence ?? "accepted")")
  }

  @Test func whatIsDescribedIsRead() throws {
    let value = try value(
      #"""
      {"id": "a", "speed": "fast", "limit": 3, "share": 0.5, "on": true, "texts": ["b", "c"], "parts": [{"x": 1}, {"x": "y"}],
       "names": {"b": "c"}, "falls": {"default": 1, "é": 2}, "event": "go"}
      """#)
    #expect(value.text("id") == "a" && value.word("speed") == Word.fast && value.integer("limit") == 3)
    #expect(value.number("share") == 0.5 && value.flag("on") == true && value["texts"]?.elements.count == 2)
    #expect(value["parts"]?.elements.map(\.path) == ["top.parts[0]", "top.parts[1]"])
    #expect(value["names"]?.members.map(\.value.node.string) == ["c"])
    #expect(value["falls"]?.number("default") == 1 && value["event"]?.text("name") == "go")
    #expect(try self.value(#"{"id": "a"}"#)["parts"] == nil)
  }

  @Test func aDocumentSaysTheSame() {
    let document = SchemaDocument(
      file: "x.json", title: "X", about: "What it is.",
      .object([.required("id", .name, "Its name."), SchemaField("speed", .part("speed", .word(Word.self)))]))
    #expect(
      document.text == #"""
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "$id": "x.json",
          "title": "X",
          "type": "object",
          "description": "What it is.",
          "properties": {
            "id": { "type": "string", "description": "Its name.", "minLength": 1 },
            "speed": { "$ref": "#/$defs/speed" }
          },
          "additionalProperties": false,
          "required": ["id"],
          "$defs": {
            "speed": {
              "enum": ["slow", "fast"]
            }
          }
        }

        """#)
  }
}
