import DriverTestKit
import StrictJSON
import Testing
import Wire

@Suite struct RequestTests {
  @Test(arguments: [
    #"{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}"#, #"{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}"#,
  ])
  func whatCannotBeReadExactlyIsNotRead(_ line: String) {
    #expect { try Request(line: Array(line.utf8)) } throws: { ($0 as? Request.Refusal)?.error.name == .parseError }
  }

  @Test(arguments: [
    (#"{"max_hz":0}"#, "params.max_hz"), (#"{"delivery":"later"}"#, "params.delivery"),
    (#"{"filter":7}"#, "params.filter"), (#"{"filter":{"device":[1]}}"#, "params.filter.device"),
  ])
  func whatIsWrongIsNamed(_ text: String, _ key: String) {
    #expect { try Subscription(JSONFields(JSONNode(parsing: Array(text.utf8), limits: .line), "params")) } throws: {
      ($0 as? JSONMismatch)?.key == key
    }
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
      if let request = try? Request(line: input.next()) { let _: Subscription? = try? request.parameters() }
    }
  }
}
