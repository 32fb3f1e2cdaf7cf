import FakeHub
import StrictJSON
import Testing
import ThenarClient

@Suite struct LineSocketTests {
  private let hub = HubInHand()

  private func text(_ line: [UInt8]?) -> String? { line.map { String(decoding: $0, as: UTF8.self) } }

  @Test func linesAreWholeWhereverTheHubsWritesAreCut() throws {
    let transcript = Array("{\"jsonrpc\":\"2.0\"}\n{\"k\":\"Handkraft, 312,5 N – gültig\"}\n".utf8)
    for cut in 0...transcript.count {
      let socket = try LineSocket(connectingTo: hub.path)
      let connection = hub.accepted()
      var lines: [String] = []
      for piece in [transcript[..<cut], transcript[cut...]] {
        connection.send(bytes: piece)
        while let line = text(try socket.next(timeout: .zero)) { lines.append(line) }
      }
      if lines != ["{\"jsonrpc\":\"2.0\"}", "{\"k\":\"Handkraft, 312,5 N – gültig\"}"] {
        Issue.record("cut at \(cut): \(lines)")
      }
    }
  }

  @Test func wholeLinesComeBeforeTheEndAndHalfALineIsNone() throws {
    let socket = try LineSocket(connectingTo: hub.path)
    do {
      let connection = hub.accepted()
      connection.send("one")
      connection.send("two")
      connection.send(bytes: "half".utf8)
    }
    #expect(text(try socket.next(timeout: nil)) == "one")
    #expect(text(try socket.next(timeout: nil)) == "two")
    #expect(throws: ClientError.closed) { try socket.next(timeout: nil) }
    #expect(throws: ClientError.closed) { try socket.send(Array("x".utf8)) }
  }

  @Test func sendsLines() throws {
    let socket = try LineSocket(connectingTo: hub.path)
    let connection = hub.accepted()
    try socket.send(HubClient.request("ping", id: 7))
    #expect(connection.request()?["method"]?.string == "ping")
    #expect(try socket.next(timeout: .milliseconds(1)) == nil)
  }

  @Test func aHubThatDoesNotReadIsNotWaitedForForever() throws {
    let socket = try LineSocket(connectingTo: hub.path)
    let connection = hub.accepted()
    #expect(throws: ClientError.timedOut("sending")) {
      try socket.send([UInt8](repeating: 0x20, count: 16 << 20), timeout: .milliseconds(1))
    }
    connection.send("still open")
  }

  @Test func whyThereIsNoConnection() {
    let long = "/" + String(repeating: "x", count: 107)
    withAbandonedSocket { path in
      #expect(throws: ClientError.notRunning(tried: [path])) { try LineSocket(connectingTo: path) }
    }
    #expect(throws: ClientError.notRunning(tried: [missingSocket])) { try LineSocket(connectingTo: missingSocket) }
    #expect(throws: ClientError.pathTooLong(long)) { try LineSocket(connectingTo: long) }
  }

  @Test(arguments: [
    (
      ClientError.notRunning(tried: ["/a", "/b"]),
      "Thenar is not running: start it with `thenar serve`. Tried /a, /b."
    ),
    (
      .notAllowed(path: "/a", group: "thenar"),
      "You may not open /a. It is open to the group thenar: add your user with `sudo usermod -aG thenar USER`, then "
        + "log in again."
    ),
    (.notAllowed(path: "/a", group: ""), "You may not open /a. Ask the technician for access to it."),
    (.closed, "The hub closed the connection."),
    (.timedOut("ping"), "The hub did not answer in time (ping): it may be overloaded."),
    (
      .malformed(problem: "Line 1, column 1: a value was expected, not \"x\".", line: Array("x\u{1B}[2J".utf8)),
      "A line from the hub could not be understood. Line 1, column 1: a value was expected, not \"x\". It begins: x?[2J"
    ),
    (.system(call: "poll", errno: 12), "The system refused poll: Cannot allocate memory."),
  ])
  func errorsSayWhatToDo(_ error: ClientError, _ sentence: String) {
    #expect(error.sentence == sentence)
  }
}
