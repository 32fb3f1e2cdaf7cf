import DriverTestKit
import StrictJSON
import Testing

@Suite struct JSONParserTests {
  private func parse(_ text: String, _ limits: JSONLimits = .line) throws(JSONError) -> JSONNode {
    try JSONNode(parsing: Array(text.utf8), limits: limits)
  }

  @Test func readsEveryKindOfValue() throws {
    let node = try parse(#"{"a":[1,-2.5e1,"x\u00e9\ud83d\ude00\n",true,false,null],"b":{}}"#)
    #expect(
      node["a"]?.elements?.map(\.value) == [
        .integer(1), .number(-25), .string("xé😀\n"), .bool(true), .bool(false), .null,
      ])
    #expect(node["b"]?.members?.isEmpty == true)
  }

  @Test(arguments: [
    ("", JSONError.Kind.incomplete), ("{", .incomplete), ("[1,", .incomplete), ("\"abc", .incomplete),
    ("tru", .syntax), ("01", .syntax), ("1.", .incomplete), ("[1 2]", .syntax), ("{} {}", .syntax), ("[1,]", .syntax),
    ("// no\n1", .syntax), (#""\ud800""#, .syntax), (#""\x""#, .syntax), ("\"\u{1}\"", .syntax),
    (#"{"a":1,"a":2}"#, .duplicateKey), ("9007199254740993", .numberOutOfRange),
    ("-9007199254740993", .numberOutOfRange), ("1e999", .numberOutOfRange),
    (String(repeating: "[", count: 10_000), .tooDeep), (String(repeating: " ", count: 65_537), .tooLong),
  ])
  func refuses(_ text: String, _ kind: JSONError.Kind) {
    #expect { try parse(text) } throws: { ($0 as? JSONError)?.kind == kind }
  }

  @Test func refusesWhatIsNotUTF8() {
    for bytes: [UInt8] in [[0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22]] {
      #expect { try JSONNode(parsing: bytes, limits: .line) } throws: { ($0 as? JSONError)?.kind == .encoding }
    }
  }

  @Test func aFileMayHaveCommentsAndTrailingCommas() throws {
    let node = try parse("// head\n{ /* why */ \"a\": [1, 2,],\n  \"b\": 3, }", .file)
    #expect(node["b"]?.line == 3)
    #expect(node["b"]?.column == 5 + 3)
    #expect(throws: JSONError.self) { try parse("{ /* open", .file) }
  }

  @Test func errorsNameThePlace() {
    #expect { try parse("{\n \"a\": x }") } throws: {
      ($0 as? JSONError)?.sentence == "Line 2, column 7: a value was expected, not \"x\"."
    }
  }

  @Test func damagedInputNeverTrapsAndGoodInputSurvivesAWriter() throws {
    var input = RandomInput(seeds: [
      Array(
        #"{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"filter":{"device":["grip-*"]},"n":[1,2.5,-3e2]}}"#
          .utf8),
      Array(#"["\u00e9\ud83d\ude00",null,true,false,9007199254740992]"#.utf8),
    ])
    for _ in 0..<20_000 {
      guard let node = try? JSONNode(parsing: input.next(), limits: .line) else { continue }
      var writer = JSONWriter()
      writer.node(node)
      var again = JSONWriter()
      again.node(try JSONNode(parsing: writer.bytes, limits: .line))
      if again.bytes != writer.bytes { Issue.record("\(String(decoding: writer.bytes, as: UTF8.self)) changed") }
    }
  }
}
