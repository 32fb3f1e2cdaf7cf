import Consumers
import Glibc
import Hub
import HubTestKit
import Readings
import StrictJSON
import Supervision
import Testing
import Wire
import WorkerLink

/// Whatever a consumer does, it gets a clear error or is closed, and the others go on.
@Suite struct HostileConsumerTests {
  private func errorName(_ message: JSONNode?) -> String? { message?["error"]?["data"]?["name"]?.string }

  /// A station with one device and a consumer beside the hostile one that must keep getting readings.
  private func unharmed(_ attack: (TestStation) throws -> Void) throws {
    let station = try TestStation()
    let worker = station.attach("grip-1")
    let witness = station.connect()
    _ = witness.ask("subscribe")
    worker.becomeReady()
    worker.sample(1)
    #expect(witness.next("measurement") != nil)
    try attack(station)
    worker.sample(2)
    #expect(witness.next("measurement")?["v"]?.elements?.first?.number == 2)
  }

  @Test func aLineOfAGigabyte() throws {
    try unharmed { station in
      let hostile = station.connect()
      let piece = [UInt8](repeating: 0x61, count: 1 << 20)
      // The connection is closed long before the gigabyte is over.
      var pieces = 0
      while pieces < 1024, hostile.sendRaw(piece) { pieces += 1 }
      #expect(pieces < 16)
    }
  }

  @Test(arguments: [
    (String(repeating: "[", count: 10_000), "parse_error"),
    (#"{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}"#, "parse_error"),
    (#"{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}"#, "parse_error"),
    (#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#, "invalid_request"),
    ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"nothing\"}", "unknown_method"),
    (#"{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"mode":"loud"}}"#, "invalid_params"),
    (#"{"jsonrpc":"2.0","id":1,"method":"hello","params":{"proto":99}}"#, "proto_unsupported"),
    (#"{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"delivery":"committed"}}"#, "committed_unavailable"),
    (#"{"jsonrpc":"2.0","id":1,"method":"unsubscribe","params":{"sub":"x"}}"#, "unknown_sub"),
  ])
  func wrongLines(_ line: String, _ name: String) throws {
    try unharmed { station in
      let hostile = station.connect()
      _ = hostile.next("welcome")
      hostile.send(line)
      #expect(errorName(hostile.next { $0["error"] != nil }) == name)
    }
  }

  @Test func bytesThatAreNotUTF8() throws {
    try unharmed { station in
      let hostile = station.connect()
      hostile.sendRaw([0x22, 0xFF, 0xFE, 0x22, 0x0A])
      #expect(errorName(hostile.next { $0["error"] != nil }) == "parse_error")
      #expect(hostile.ask("ping")?["result"]?["t_us"] != nil, "the connection itself goes on")
    }
  }

  @Test func halfALineAndThenNothing() throws {
    try unharmed { station in
      let hostile = station.connect()
      hostile.sendRaw(Array(#"{"jsonrpc":"2.0","id":1,"#.utf8))
      hostile.endSending()
      _ = hostile.next("welcome")
      #expect(hostile.next() == nil)
    }
  }

  @Test func aConsumerThatSaysNothingIsClosed() throws {
    let station = try TestStation { $0.consumerLimits.arrival = 20_000 }
    let silent = station.connect()
    _ = silent.next("welcome")
    #expect(errorName(silent.next()) == "hello_timeout")
    #expect(silent.next() == nil)
  }

  @Test func aThousandConnections() throws {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = min(limit.rlim_max, 8192)
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    try unharmed { station in
      let crowd = (0..<1000).map { _ in station.connect() }
      for consumer in crowd { #expect(consumer.ask("ping")?["result"] != nil) }
    }
  }

  @Test func moreThanThereIsRoomFor() throws {
    let station = try TestStation { $0.consumerLimits.consumers = 2 }
    let kept = [station.connect(), station.connect()]
    for consumer in kept { #expect(consumer.ask("ping")?["result"] != nil) }
    let refused = station.connect()
    #expect(errorName(refused.next { $0["error"] != nil }) == "too_many_connections")
    #expect(refused.next() == nil)
  }

  @Test func askingWithoutReading() throws {
    let station = try TestStation { $0.consumerLimits.patience = 50_000 }
    let hostile = station.connect()
    let request = Array((#"{"jsonrpc":"2.0","id":1,"method":"describe"}"# + "\n").utf8)
    let many = Array(repeatElement(request, count: 1000).joined())
    // Once its answers wait, no more of its requests are read; when it has taken none for a while, it is closed.
    while hostile.sendRaw(many) {}
    #expect(station.connect().ask("ping")?["result"] != nil)
  }

  @Test func aHundredWrongLinesAreEnough() throws {
    try unharmed { station in
      let hostile = station.connect()
      for _ in 0..<101 { hostile.send("{") }
      var last: JSONNode?
      while let message = hostile.next() { last = message }
      #expect(errorName(last) == "too_many_errors")
    }
  }
}
