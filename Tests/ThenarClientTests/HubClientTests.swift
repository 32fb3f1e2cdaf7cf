import FakeHub
import StrictJSON
import Testing
import ThenarClient
import Wire

private func event(_ sequence: Int) -> String {
  #"{"jsonrpc":"2.0","method":"event","params":{"seq":\#(sequence),"device":"pegs","event":"peg.inserted","t_us":1,"wall_us":2}}"#
}

private let subscribed =
  #"{"sub":"live","epoch":"9f2c61d0","oldest_seq":1,"head_seq":90,"start_seq":91,"replay":false,"delivery":"live","#
  + #""queue":{"max_bytes":4194304,"on_full":"gap"}}"#

@Suite struct HubClientTests {
  @Test func aReplyIsFoundAmongTheNotificationsAndNoneIsLost() throws {
    try withFakeHub { connection, _ in
      connection.welcome()
      guard let request = connection.request() else { return }
      connection.send(event(1))
      connection.send("not JSON")
      connection.send(#"{"jsonrpc":"2.0","id":99,"result":{}}"#)
      connection.send(event(2))
      connection.answer(request, subscribed)
      connection.send(event(3))
      connection.waitForEnd()
    } _: { path in
      let client = try HubClient(connectingTo: path)
      #expect(client.welcome.epoch == "9f2c61d0" && client.welcome.server == "thenar")
      let answer = try client.subscribe(Subscription())
      #expect(answer.startSequence == 91 && answer.headSequence == 90 && !answer.replay)
      #expect(answer.queue == SubscriptionQueue(maxBytes: 4_194_304, onFull: .gap))
      #expect(try client.next(timeout: nil)?.sequence == 1)
      #expect(
        throws: ClientError.malformed(
          problem: "Line 1, column 1: a value was expected, not \"n\".", line: Array("not JSON".utf8))
      ) { try client.next(timeout: nil) }
      #expect(try client.next(timeout: nil)?.sequence == 2)
      #expect(try client.next(timeout: nil)?.sequence == 3)
      #expect(try client.next(timeout: .zero) == nil)
    }
  }

  @Test func aRefusedRequestSaysWhy() throws {
    try withFakeHub { connection, _ in
      connection.welcome()
      _ = connection.request()
      connection.send(
        #"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"There is no method \"devices.list\".","#
          + #""data":{"name":"unknown_method","retry":false}}}"#)
      _ = connection.request()
      connection.send(#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"That is not JSON."}}"#)
      connection.waitForEnd()
    } _: { path in
      let client = try HubClient(connectingTo: path)
      #expect { try client.devices() } throws: {
        guard case .refused(let refused)? = $0 as? ClientError else { return false }
        return refused.code == -32601 && refused.name == .unknownMethod && !refused.retry
          && refused.sentence == "There is no method \"devices.list\"."
      }
      #expect { try client.ping() } throws: {
        ($0 as? ClientError)?.sentence == "That is not JSON."
      }
    }
  }

  @Test func aHubThatOnlyStreamsDoesNotHoldARequestForever() throws {
    try withFakeHub { connection, _ in
      connection.welcome()
      _ = connection.request()
      connection.send(event(1))
      connection.waitForEnd()
    } _: { path in
      let client = try HubClient(connectingTo: path)
      #expect(throws: ClientError.timedOut("ping")) { try client.call("ping", timeout: .milliseconds(20)) }
    }
  }

  @Test func listsDevicesAndDrivers() throws {
    try withFakeHub { connection, _ in
      connection.welcome()
      while let request = connection.request() {
        switch request["method"]?.string {
        case "devices.list":
          connection.answer(
            request, #"{"epoch":"9f2c61d0","devices":[{"device":"grip","state":"ready","since_us":4}]}"#)
        case "drivers.list":
          connection.answer(
            request,
            #"{"drivers":[{"id":"go-direct","name":"Vernier","version":"0.1.0","transport":"hid","state":"ok","#
              + #""file":"/f","channels":[{"channel":"force","quantity":"force","unit":"N"}],"#
              + #""instruments":[{"name":"GDX-HD","usb":"08f7:0010"}]}]}"#)
        default: connection.answer(request, #"{"t_us":81236000000}"#)
        }
      }
    } _: { path in
      let client = try HubClient(connectingTo: path)
      #expect(try client.devices().map { [$0.report.device, $0.report.state.rawValue] } == [["grip", "ready"]])
      #expect(
        try client.drivers().map { [$0.id, $0.state] + $0.channels.map(\.name) + $0.instruments.map(\.name) }
          == [["go-direct", "ok", "force", "GDX-HD"]])
      #expect(try client.ping() == 81_236_000_000)
    }
  }

  @Test func whatDoesNotGreetIsNotThenar() {
    withFakeHub { connection, number in
      switch number {
      case 0: connection.send("SSH-2.0-OpenSSH_9.2")
      case 1:
        connection.send(#"{"method":"welcome","params":{"server":"thenar","proto":{"min":2,"max":3}}}"#)
      default: break
      }
    } _: { path in
      #expect(throws: ClientError.notThenar(path: path)) { try HubClient(connectingTo: path) }
      #expect(throws: ClientError.otherProtocol(minimum: 2, maximum: 3)) { try HubClient(connectingTo: path) }
      #expect(throws: ClientError.notRunning(tried: [path])) { try HubClient(connectingTo: path) }
      let mute = HubInHand()
      #expect(throws: ClientError.timedOut("its greeting")) {
        try HubClient(connectingTo: mute.path, timeout: .milliseconds(1))
      }
    }
  }

  @Test func aSubscriptionSaysOnlyWhatIsChosen() {
    func json(_ subscription: Subscription) -> String {
      var writer = JSONWriter()
      writer.object { subscription.write(to: &$0) }
      return String(decoding: writer.bytes, as: UTF8.self)
    }
    #expect(json(Subscription()) == #"{"sub":"main","mode":"all","snapshot":true,"from":"now"}"#)
    var narrow = Subscription(.latest)
    narrow.highestRate = 20
    narrow.filter.devices = ["grip-*"]
    narrow.filter.quantities = ["force"]
    narrow.snapshot = false
    narrow.start = .after(epoch: "e", sequence: 7)
    #expect(
      json(narrow)
        == #"{"sub":"main","mode":"latest","max_hz":20,"filter":{"device":["grip-*"],"quantity":["force"]},"#
        + #""snapshot":false,"from":{"epoch":"e","seq":7}}"#)
    narrow.queue.onFull = .close
    #expect(json(narrow).hasSuffix(#""seq":7},"queue":{"on_full":"close"}}"#))
  }

  @Test func helloTellsWhatTheHubGrants() throws {
    try withFakeHub { connection, _ in
      connection.welcome()
      guard let request = connection.request() else { return }
      connection.answer(
        request,
        #"{"proto":1,"role":"\#(request["params"]?["client"]?.string ?? "")","peer":{"uid":7,"gid":8,"pid":9},"#
          + #""features":["gap"],"clock":{"t_us":5,"wall_us":6}}"#)
      connection.waitForEnd()
    } _: { path in
      let answer = try HubClient(connectingTo: path).hello(client: "observer")
      #expect(answer.role == "observer" && answer.user == 7 && answer.features == ["gap"] && answer.time == 5)
    }
  }

  @Test func aLineThatIsNoMessageIsGivenBack() {
    let line = Array("[]".utf8)
    #expect(
      throws: ClientError.malformed(problem: "Line 1: the document must be an object, not a list.", line: line)
    ) { try Message(parsing: line) }
  }
}
