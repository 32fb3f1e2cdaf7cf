import DriverTestKit
import Hub
import MeasurementStream
import StrictJSON
import Testing

private func subscription(_ text: String) throws -> Subscription {
  try Subscription(parameters: JSONNode(parsing: Array(text.utf8), limits: .line))
}

@Suite struct SubscriptionTests {
  @Test func everyParameterHasADefault() throws {
    let all = try subscription("{}")
    #expect(all.name == "main" && all.mode == .all && all.start == .now && all.snapshot && all.filter == RecordFilter())
    for kind in RecordKind.allCases { #expect(all.wants(Topic(kind: kind, device: "x"))) }
  }

  @Test func filtersAreConjunctions() throws {
    let wanted = try subscription(
      #"{"filter":{"device":["grip-*","peg"],"kind":["measurement","event"],"quantity":"force"}}"#)
    let cases: [(Topic, Bool)] = [
      (Topic(kind: .measurement, device: "grip-1", channel: "force", quantity: "force"), true),
      (Topic(kind: .measurement, device: "grip-1", channel: "x", quantity: "acceleration"), false),
      (Topic(kind: .event, device: "peg"), true),
      (Topic(kind: .event, device: "pegs"), false),
      (Topic(kind: .result, device: "grip-1", channel: "force", quantity: "force"), false),
    ]
    for (topic, expected) in cases { #expect(wanted.wants(topic) == expected, "\(topic)") }
  }

  @Test func resultsModeIsEventsAndResults() throws {
    let results = try subscription(#"{"mode":"results"}"#)
    #expect(RecordKind.allCases.filter { results.wants(Topic(kind: $0, device: "x")) } == [.event, .result])
  }

  @Test(arguments: [
    (#"{"mode":"some"}"#, "params.mode"), (#"{"from":"then"}"#, "params.from"),
    (#"{"from":{"epoch":"x"}}"#, "params.from.seq"), (#"{"filter":{"kind":["noise"]}}"#, "params.filter.kind"),
    (#"{"filter":{"device":[1]}}"#, "params.filter.device"), (#"{"max_hz":0}"#, "params.max_hz"),
    (#"{"sub":""}"#, "params.sub"), (#"{"delivery":"later"}"#, "params.delivery"), (#"{"filter":7}"#, "params.filter"),
  ])
  func whatIsWrongIsNamed(_ text: String, _ key: String) {
    #expect { try subscription(text) } throws: { ($0 as? JSONMismatch)?.key == key }
  }

  @Test(arguments: [
    ("*", "", true), ("a*c", "abc", true), ("a*c", "abcd", false), ("*-1", "grip-11", false),
    ("g*p*1", "grip-p1", true),
    ("", "a", false), ("**", "x", true), ("a*b*c*d", "aXbXcX", false),
  ])
  func globs(_ pattern: String, _ text: String, _ expected: Bool) { #expect(globMatches(pattern, text) == expected) }
}

@Suite struct RequestTests {
  @Test(arguments: [
    ("{", RequestError.Name.parseError), ("[]", .invalidRequest), ("7", .invalidRequest),
    (#"{"jsonrpc":"2.0","id":1}"#, .invalidRequest), (#"{"id":1,"method":"ping"}"#, .invalidRequest),
    (#"{"jsonrpc":"2.0","id":[1],"method":"ping"}"#, .invalidRequest),
    (#"{"jsonrpc":"2.0","id":1,"method":"ping","params":[1]}"#, .invalidParameters),
    (#"{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}"#, .parseError),
    (#"{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}"#, .parseError),
  ])
  func badRequestsAreNamed(_ line: String, _ name: RequestError.Name) {
    #expect { try Request(line: Array(line.utf8)) } throws: { ($0 as? Request.Refusal)?.error.name == name }
  }

  @Test func everyErrorHasItsOwnCode() {
    let codes = RequestError.Name.allCases.map(\.code)
    #expect(Set(codes).count == codes.count)
    #expect(codes.allSatisfy { (-32099 ... -32000).contains($0) || [-32700, -32600, -32601, -32602].contains($0) })
  }

  @Test func damagedRequestsNeverTrap() {
    var input = RandomInput(seeds: [
      Array(
        #"{"jsonrpc":"2.0","id":2,"method":"subscribe","params":{"sub":"live","filter":{"device":["grip-*"]},"from":{"epoch":"9f","seq":4}}}"#
          .utf8)
    ])
    for _ in 0..<20_000 {
      if let request = try? Request(line: input.next()) { _ = try? Subscription(parameters: request.parameters) }
    }
  }

  @Test(arguments: [1, 2, 5, 100]) func linesAreTheSameCutAnywhere(_ piece: Int) throws {
    let text = Array("one\r\n\ntwo\nthr".utf8)
    var splitter = LineSplitter(limit: 4)
    var lines: [String] = []
    for start in stride(from: 0, to: text.count, by: piece) {
      try splitter.take(text[start..<min(start + piece, text.count)]) { line in
        lines.append(String(decoding: line, as: UTF8.self))
        return true
      }
    }
    #expect(lines == ["one", "two"])
    #expect(throws: LineSplitter.TooLong.self) { try splitter.take(Array("ee".utf8)) { _ in true } }
  }
}
