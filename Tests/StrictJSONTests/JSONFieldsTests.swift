import StrictJSON
import Testing

@Suite struct JSONFieldsTests {
  private enum Colour: String, CaseIterable { case red, blue }

  private func fields(_ text: String) throws -> JSONFields {
    try JSONFields(JSONNode(parsing: Array(text.utf8), limits: .file), "serial")
  }

  @Test func readsWhatIsThere() throws {
    var fields = try fields(#"{"baud": 9600, "name": "x", "on": true, "colour": "blue", "list": ["a"], "gain": 2}"#)
    #expect(try fields.integer("baud", in: 50...115_200) == 9600)
    #expect(try fields.requiredString("name") == "x")
    #expect(try fields.flag("on") == true)
    #expect(try fields.word("colour", as: Colour.self) == .blue)
    #expect(try fields.strings("list") == ["a"])
    #expect(try fields.number("gain", in: 0...10) == 2)
    #expect(try fields.string("absent") == nil)
    try fields.end()
  }

  @Test func namesLineAndKey() throws {
    var fields = try fields("{\n  \"baud\": \"fast\",\n  \"buad\": 1\n}")
    #expect { try fields.integer("baud", in: 50...115_200) } throws: {
      ($0 as? JSONMismatch)?.sentence == "Line 2: \"serial.baud\" must be a whole number from 50 to 115200."
    }
    #expect { try fields.requiredString("name") } throws: {
      ($0 as? JSONMismatch)?.sentence == "Line 1: \"serial.name\" is missing."
    }
    // A key that was asked for twice is still one key.
    #expect(fields.node("name") == nil)
    #expect { try fields.end() } throws: {
      ($0 as? JSONMismatch)?.sentence == "Line 3: \"serial.buad\" is not a known key; known here: baud, name."
    }
  }
}
