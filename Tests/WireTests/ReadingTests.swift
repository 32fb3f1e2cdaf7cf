import Readings
import StrictJSON
import Testing
import Wire

private func content(_ json: String) throws -> Notification.Content? {
  guard case .notification(let notification) = try Message(line: Array(json.utf8)) else { return nil }
  return notification.content
}

/// What a reader makes of lines that this build would not write.
@Suite struct ReadingTests {
  @Test func aQualityWordOfALaterVersionMakesASampleSuspect() throws {
    guard
      case .measurement(let record)? = try content(
        #"{"method":"measurement","params":{"seq":1,"device":"d","channel":"c","n0":0,"t0_us":0,"wall0_us":0,"dt_us":1,"#
          + #""v":[1,2,3],"q":[[1,1,"stable","wobbly"],[2,1,"stable"]]}}"#)
    else { return #expect(Bool(false)) }
    #expect(record.samples.quality == [[], [.stable, .suspect], .stable])
    #expect(record.qualityWords(of: 0) == [])
    #expect(record.qualityWords(of: 1) == ["stable", "suspect", "wobbly"])
    guard
      case .event(let event)? = try content(
        #"{"method":"event","params":{"seq":1,"device":"d","event":"a.b","t_us":1,"wall_us":2,"q":["wobbly"],"#
          + #""fields":{"a":null,"b":[1],"c":2}}}"#)
    else { return #expect(Bool(false)) }
    #expect(event.event.quality == .suspect && event.qualityWords == ["suspect", "wobbly"])
    #expect(event.event.fields == [Event.Field("c", .integer(2))])
  }

  @Test func onlyTheWordValidMakesAResultValid() throws {
    guard
      case .result(let record)? = try content(
        #"{"method":"result","params":{"seq":1,"result":"r","device":"d","kind":"effort","state":"doubted","#
          + #""peak_N":3,"at_us":1,"onset_us":1,"release_us":2,"samples":1,"rule":{},"seqs":[1,1]}}"#),
      case .effort(let effort) = record.result.outcome
    else { return #expect(Bool(false)) }
    #expect(record.result.void == "doubted" && effort.peak == nil)
  }

  @Test func whatIsNotKnownIsPassedOver() throws {
    #expect(
      try content(#"{"method":"op","params":{"op":"op-1"}}"#)
        == .other(JSONNode(.object([JSONMember("op", JSONNode(.string("op-1")))]))))
    guard
      case .device(let device)? = try content(
        #"{"new":1,"method":"device","params":{"device":"d","state":"asleep","calibration":{"id":"c"}}}"#)
    else { return #expect(Bool(false)) }
    #expect(device.report.state.rawValue == "asleep" && device.sequence == nil)
    #expect(RequestError.Name(rawValue: "later_word") == nil)
  }

  @Test(arguments: [
    ("x", #"Line 1, column 1: a value was expected, not "x"."#),
    ("[]", "Line 1: the document must be an object, not a list."),
    (#"{"id":1}"#, #"Line 1: "result" is missing."#),
    (#"{"method":"measurement","params":{"seq":1}}"#, #"Line 1: "params.device" is missing."#),
    (measurement(#""v":[1,2],"raw":[1]"#), #""params.raw" must be as long as "v"."#),
    (measurement(#""v":[1,2]"#), #"Line 1: "params.dt_us" is missing."#),
    (measurement(#""v":[]"#), #""params.v" must hold a sample."#),
    (
      measurement(#""v":[1],"t_us":[0.5]"#), #""params.t_us" must hold a whole number for each value of "v"."#
    ),
    (
      measurement(#""v":[1],"t_us":[9007199254740992]"#),
      #""params.t_us" must hold a whole number for each value of "v"."#
    ),
    (
      measurement(#""v":[1],"q":[[1,1]]"#),
      #"Line 1: "params.q" must hold rising runs of samples: [first, count, words]."#
    ),
    (
      measurement(#""dt_us":1,"v":[1,2],"q":[[0,2,"stable"],[1,1,"stable"]]"#),
      #"Line 1: "params.q" must hold rising runs of samples: [first, count, words]."#
    ),
    (measurement(#""v":[1,2],"sub":"s""#), #""params.v" must hold one sample."#),
    (#"{"method":"gap","params":{"after_seq":1}}"#, #"Line 1: "params.next_seq" is missing."#),
  ])
  func whatCannotBeUnderstoodIsAnError(_ line: String, _ problem: String) {
    #expect(throws: MalformedLine(problem: problem)) { try Message(line: Array(line.utf8)) }
  }

  private static func measurement(_ rest: String) -> String {
    #"{"method":"measurement","params":{"seq":1,"device":"d","channel":"c","n0":0,"t0_us":0,"wall0_us":0,\#(rest)}}"#
  }

  @Test func aFilterIsAWordOrAList() throws {
    let request = try Request(
      line: Array(
        #"{"jsonrpc":"2.0","method":"subscribe","params":{"filter":{"device":"grip-*","kind":["event"]}}}"#.utf8))
    let subscription: Subscription = try request.parameters()
    #expect(subscription.filter.devices == ["grip-*"] && subscription.filter.kinds == [.event])
    #expect(subscription.period == 50_000 && subscription.name == "main" && subscription.snapshot)
  }

  @Test(arguments: [
    (#"{"sub":""}"#, #""params.sub" must have 1 to 64 characters."#),
    (#"{"mode":"loud"}"#, #"Line 1: "params.mode" must be one of "all", "latest", "results"."#),
    (
      #"{"filter":{"kind":"noise"}}"#,
      #""params.filter.kind" must hold only measurement, event, result, device, gap, not "noise"."#
    ),
    (#"{"from":3}"#, #""params.from" must be "now", "oldest" or an object with epoch and seq."#),
    (#"{"from":{"epoch":"e"}}"#, #"Line 1: "params.from.seq" is missing."#),
    (
      #"{"queue":{"max_bytes":1000}}"#,
      #"Line 1: "params.queue.max_bytes" must be a whole number from 65536 to 16777216."#
    ),
    (#"{"queue":{"on_full":"drop"}}"#, #"Line 1: "params.queue.on_full" must be one of "gap", "close"."#),
  ])
  func wrongParametersAreRefusedInWords(_ parameters: String, _ sentence: String) {
    #expect {
      try Subscription(JSONFields(JSONNode(parsing: Array(parameters.utf8), limits: .line), "params"))
    } throws: {
      ($0 as? JSONMismatch)?.sentence == sentence
    }
  }

  @Test(arguments: [
    ("{", nil, RequestError.Name.parseError), ("[]", nil, .invalidRequest), ("3", nil, .invalidRequest),
    (#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, nil, .invalidRequest),
    (#"{"id":4,"method":"ping"}"#, 4, .invalidRequest), (#"{"jsonrpc":"2.0","id":4}"#, 4, .invalidRequest),
    (#"{"jsonrpc":"2.0","id":4,"method":"ping","params":[]}"#, 4, .invalidParameters),
  ])
  func whatIsNoRequestIsRefused(_ line: String, _ id: Int64?, _ name: RequestError.Name) {
    #expect { try Request(line: Array(line.utf8)) } throws: {
      guard let refusal = $0 as? Request.Refusal else { return false }
      return refusal.error.name == name && refusal.id?.integer == id
    }
  }
}
