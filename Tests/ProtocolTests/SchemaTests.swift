import Hub
import Manifests
import Platform
import Readings
import StrictJSON
import Testing
import Wire

@Suite struct WireSchemaTests {
  private let schema = WireSchema.node

  @Test func thePublishedFileIsWhatDescribeSends() throws {
    let file = try readSmallFile(repositoryPath("docs/schemas/wire.schema.json"))
    #expect(file == WireSchema.text)
    #expect(schema["$defs"] != nil)
    #expect(try JSONNode(parsing: WireSchema.line, limits: .line) == schema)
    #expect(!WireSchema.line.contains(0x0A))
  }

  @Test(arguments: [
    ("device_state", DeviceState.allCases.map(\.rawValue)), ("record_kind", RecordKind.allCases.map(\.rawValue)),
    ("quality_word", Quality.words), ("error_name", RequestError.Name.allCases.map(\.rawValue)),
    ("mode", Subscription.Mode.allCases.map(\.rawValue)), ("delivery", Subscription.Delivery.allCases.map(\.rawValue)),
    ("on_full", SubscriptionQueue.WhenFull.allCases.map(\.rawValue)),
  ])
  func wordsAreThoseOfTheCode(_ definition: String, _ words: [String]) {
    #expect(schema["$defs"]?[definition]?["enum"]?.elements?.compactMap(\.string) == words)
  }

  @Test func methodsAreThoseOfTheCode() {
    let requests = (schema["$defs"]?["request"]?["oneOf"]?.elements ?? [])
      .compactMap { $0["properties"]?["method"]?["const"]?.string }
    #expect(requests.sorted() == Wire.Method.allCases.map(\.rawValue).sorted())
    for method in requests { #expect(schema["$defs"]?["result.\(method)"] != nil, "\(method)") }
  }

  /// A subscription made of the schema's defaults is the one that `{}` makes.
  @Test func defaultsAreThoseOfTheCode() throws {
    let properties = schema["$defs"]?["request.subscribe"]?["properties"]?.members ?? []
    let defaults = properties.compactMap { property in
      property.node["default"].map { JSONMember(property.key, $0) }
    }
    let stated = try Subscription(JSONFields(JSONNode(.object(defaults)), "params"))
    #expect(try stated == Subscription(JSONFields(.emptyObject, "params")))
    #expect(stated == Subscription())
    #expect(properties.map(\.key).filter { key in !defaults.contains { $0.key == key } } == ["filter"])
  }

  @Test func aKeywordThatTheValidatorDoesNotKnowIsRefused() {
    for text in [
      #"{"pattern":"x"}"#, #"{"properties":{"a":{"items":{"format":"uri"}}}}"#, ##"{"$ref":"#/$defs/none"}"##,
    ] {
      #expect(throws: SchemaValidator.BadSchema.self) {
        try SchemaValidator(JSONNode(parsing: Array(text.utf8), limits: .file))
      }
    }
  }

  /// Valid lines, and what makes each of them invalid.
  @Test(arguments: WrongLines.all) func whatIsWrongIsFound(_ wrong: WrongLines) throws {
    var check = try WireCheck()
    check.expect(Array(wrong.line.utf8))
    for (part, replacement) in wrong.changes {
      let changed = wrong.line.replacing(part, with: replacement, maxReplacements: 1)
      #expect(changed != wrong.line, "\(part)")
      #expect(!check.problems(Array(changed.utf8)).isEmpty, "\(changed)")
    }
  }
}

/// A valid line and changes that each make it invalid.
struct WrongLines: Sendable, CustomTestStringConvertible {
  let line: String
  let changes: [(part: String, replacement: String)]
  var testDescription: String { String(line.prefix(60)) }

  static let all = [
    WrongLines(
      line: #"{"jsonrpc":"2.0","method":"measurement","params":{"seq":7,"device":"grip","channel":"force","n0":3,"#
        + #""unit":"N","t0_us":5,"dt_us":10,"wall0_us":6,"v":[1.5,null],"raw":[1,2],"raw_unit":"kgf","#
        + #""q":[[1,1,"over_range"]]}}"#,
      changes: [
        (#""seq":7"#, #""seq":0"#), (#""seq":7"#, #""seq":7.5"#), (#""seq":7,"#, ""), (#""dt_us":10,"#, ""),
        (#""raw_unit":"kgf","#, ""), ("over_range", "broken"), ("[[1,1,", "[[1,0,"), (#","over_range""#, ""),
        ("null", #""1""#), ("measurement", "measure"), (#""seq":7"#, #""sub":"main","seq":7"#), (#""2.0""#, "2.0"),
      ]),
    WrongLines(
      line: #"{"jsonrpc":"2.0","method":"result","params":{"seq":9,"result":"r-1","device":"timer","kind":"time","#
        + #""state":"valid","elapsed_s":18.42,"elapsed_us":18420000,"at_us":5,"seqs":[3,8],"engine":"e","#
        + #""final":true,"supersedes":null}}"#,
      changes: [
        (#""valid""#, #""void""#), (#""valid","elapsed_s":18.42"#, #""void","reason":"x","elapsed_s":18.42"#),
        (#""time""#, #""effort""#), ("[3,8]", "[3]"), (#""elapsed_s":18.42,"#, ""),
      ]),
    WrongLines(
      line: #"{"jsonrpc":"2.0","method":"device","params":{"seq":5,"device":"grip","state":"lost","reason":"x","#
        + #""text":"Gone.","since_us":12,"key":{"kind":"path","value":"/x"}}}"#,
      changes: [(#""lost""#, #""gone""#), (#""path""#, #""bus""#), (#""text":"Gone.","#, "")]),
    WrongLines(
      line: #"{"jsonrpc":"2.0","method":"gap","params":{"after_seq":5,"next_seq":9,"lost_records":3,"#
        + #""lost_samples":30,"reason":"consumer_slow","recoverable":true}}"#,
      changes: [(#""lost_samples":30,"#, ""), ("consumer_slow", "tired"), (#""after_seq":5,"#, "")]),
    WrongLines(
      line: #"{"jsonrpc":"2.0","id":4,"error":{"code":-32004,"message":"Begin anew.","data":{"name":"epoch_changed","#
        + #""retry":false,"epoch":"9f2c61d0"}}}"#,
      changes: [(#","epoch":"9f2c61d0""#, ""), ("epoch_changed", "epoch_over"), (#""id":4,"#, ""), ("-32004", "4")]),
    WrongLines(
      line: #"{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"mode":"latest","max_hz":20,"#
        + #""filter":{"kind":["measurement"]},"from":"now"}}"#,
      changes: [
        ("latest", "newest"), ("20", "1000"), (#"["measurement"]"#, #"["noise"]"#), (#""now""#, #"{"seq":1}"#),
        (#""id":1"#, #""id":1.5"#), (#""from":"now""#, #""from":"now","queue":{"max_bytes":1000}"#),
        (#""from":"now""#, #""from":"now","queue":{"on_full":"drop"}"#),
      ]),
    WrongLines(
      line: #"{"jsonrpc":"2.0","method":"measurement","params":{"sub":"big","seq":7,"device":"grip","channel":"force","#
        + #""n0":3,"unit":"N","t0_us":5,"v":[1.5],"skipped":2,"lo":null,"hi":3}}"#,
      changes: [
        (#""lo":null,"#, ""), (#","hi":3"#, ""), (#""hi":3"#, #""hi":[3]"#), ("[1.5]", "[1.5,2]"),
        (#""skipped":2,"#, ""),
      ]),
    WrongLines(
      line: #"{"jsonrpc":"2.0","id":2,"method":"device.command","params":{"device":"grip","command":"zero"}}"#,
      changes: [(#","params":{"device":"grip","command":"zero"}"#, ""), (#","command":"zero""#, "")]),
  ]
}

/// Path of a file of this repository.
func repositoryPath(_ path: String) -> String {
  #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/" + path
}
