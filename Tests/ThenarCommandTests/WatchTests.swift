import FakeHub
import Glibc
import StrictJSON
import Synchronization
import Testing

private let gripRecord =
  #"{"method":"device","params":{"seq":7,"snapshot":true,"device":"go-direct-emu00001","state":"streaming","#
  + #""since_us":5,"driver":{"id":"go-direct","version":"0.1.0"},"model":"GDX-HD"}}"#
private let pegRecord =
  #"{"method":"event","params":{"seq":8,"device":"go-direct-emu00001","event":"peg.inserted","t_us":5,"#
  + #""wall_us":1728045296789000,"fields":{"hole":4}}}"#

/// Greets, and answers the subscription; gives its parameters.
private func subscribe(_ connection: FakeConnection, epoch: String = "9f2c61d0") -> JSONNode? {
  connection.welcome(epoch: epoch)
  guard let request = connection.request() else { return nil }
  connection.answer(request, #"{"sub":"watch","epoch":"\#(epoch)","head_seq":6,"start_seq":7,"replay":false}"#)
  return request["params"]
}

@Suite struct WatchTests {
  @Test func jsonIsPassedOnUnchanged() {
    let stream = [
      gripRecord, #"{ "method" : "op" , "params":{"x":1e2} }"#, "not JSON", #"{"method":"gap"}"#, pegRecord,
      #"{"method":"event","params":{"seq":9,"device":"d","event":"the.end","t_us":1,"raw":"\u00e9 é"}}"#,
    ]
    withFakeHub { connection, _ in
      guard subscribe(connection) != nil else { return }
      for line in stream { connection.send(line) }
      connection.waitForEnd()
    } _: { path in
      let program = Program(["watch", "--json", "--socket", path])
      let lines = program.output(until: "é\"}}\n").split(separator: "\n").map(String.init)
      #expect(lines.first?.contains(#""method":"welcome""#) == true)
      #expect(Array(lines.dropFirst()) == stream)
    }
  }

  @Test func itEndsByItselfWithStatus0() {
    withFakeHub { connection, _ in
      guard subscribe(connection) != nil else { return }
      connection.send(gripRecord)
      connection.waitForEnd()
    } _: { path in
      let (status, output, errors) = run("watch", "--seconds", "0.2", "--socket", path)
      #expect(status == 0 && errors.isEmpty)
      #expect(output.contains(" go-direct-emu00001 go-direct device streaming\n"))
    }
  }

  @Test func itAsksForTheDevicesOfThePattern() throws {
    let asked = Mutex<JSONNode?>(nil)
    withFakeHub { connection, _ in
      let parameters = subscribe(connection)
      asked.withLock { $0 = parameters }
      connection.waitForEnd()
    } _: { path in
      #expect(run("watch", "--device", "go-*", "--device", "pegs", "--seconds", "0.2", "--socket", path).status == 0)
    }
    #expect(
      asked.withLock { $0?["filter"]?["device"]?.elements?.compactMap(\.string) } == ["go-*", "pegs"])
  }

  @Test func aHubThatComesBackIsAskedForWhatWasMissed() {
    let resumed = Mutex<JSONNode?>(nil)
    withFakeHub { connection, number in
      let parameters = subscribe(connection)
      if number == 0 {
        connection.send(gripRecord)
        connection.send(pegRecord)
        return
      }
      // A connection that ends before it asks, as at the end of the test, says nothing.
      if let from = parameters?["from"] { resumed.withLock { $0 = from } }
      connection.send(pegRecord)
      connection.waitForEnd()
    } _: { path in
      let program = Program(["watch", "--socket", path])
      let lines = program.output(until: "Connected again, the stream goes on where it broke off: epoch 9f2c61d0.\n")
      #expect(lines.contains("12:34:56.789 go-direct-emu00001 go-direct event peg.inserted hole=4\n"))
      #expect(lines.contains(" thenar - The hub closed the connection. Trying again each second.\n"))
    }
    #expect(resumed.withLock { $0?["seq"]?.integer } == 8)
    #expect(resumed.withLock { $0?["epoch"]?.string } == "9f2c61d0")
  }

  @Test func anotherEpochIsToldOf() {
    withFakeHub { connection, number in
      guard subscribe(connection, epoch: number == 0 ? "aaaa" : "bbbb") != nil, number > 0 else { return }
      connection.waitForEnd()
    } _: { path in
      let lines = Program(["watch", "--socket", path]).output(until: "bbbb.\n")
      #expect(lines.contains("Connected again, what came in between is not shown: epoch bbbb.\n"))
    }
  }

  private func inTerminal(_ body: (Program) -> Void) {
    withFakeHub { connection, _ in
      guard subscribe(connection) != nil else { return }
      connection.send(gripRecord)
      connection.send(pegRecord)
      connection.waitForEnd()
    } _: { path in
      let program = Program(["watch", "--socket", path], inTerminal: true)
      let frame = program.output(until: "peg.inserted hole=4")
      #expect(frame.contains("\u{1B}[?1049h"))
      #expect(frame.contains("go-direct-emu00001  go-direct 0.1.0  GDX-HD"))
      #expect(!program.terminalIsAsBefore)
      body(program)
      #expect(program.terminalIsAsBefore)
    }
  }

  @Test(arguments: ["q", "\u{3}"])
  func aKeyEndsItAndTheTerminalIsAsBefore(key: String) {
    inTerminal { program in
      program.press(key)
      let (status, output, _) = program.end()
      #expect(status == 0)
      #expect(output.hasSuffix("\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l\(Program.mark)"))
    }
  }

  @Test func aFloodDoesNotHoldTheKeys() {
    withFakeHub { connection, _ in
      guard subscribe(connection) != nil else { return }
      while connection.send(pegRecord) {}
    } _: { path in
      let program = Program(["watch", "--socket", path], inTerminal: true)
      _ = program.output(until: "peg.inserted hole=4")
      program.press("q")
      #expect(program.end().status == 0)
    }
  }

  @Test(arguments: [SIGTERM, SIGINT, SIGHUP, SIGSEGV, SIGILL])
  func howeverItEndsTheTerminalIsAsBefore(signal: Int32) {
    inTerminal { program in
      program.send(signal)
      let (status, output, _) = program.end()
      #expect(status == 128 + signal)
      #expect(output.hasSuffix("\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l\(Program.mark)"))
    }
  }
}
