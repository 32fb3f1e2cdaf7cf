import FakeHub
import StrictJSON
import Testing

@Suite struct CommandTests {
  @Test(arguments: [["watch"], ["watch", "--json"], ["devices"], ["drivers"]])
  func withoutAHubTheStatusIs69(arguments: [String]) {
    let (status, output, errors) = Program(arguments + ["--socket", missingSocket]).end()
    #expect(status == 69 && output.isEmpty)
    #expect(
      errors == "thenar: Thenar is not running: start it with `thenar serve`. Tried \(missingSocket).\n")
  }

  @Test(arguments: [
    ["watch", "--seconds", "0"], ["watch", "--seconds", "soon"], ["watch", "--device", ""],
    ["devices", "--socket", ""],
    ["drivers", "--bogus"], ["drivers", "new", "Bad"], ["drivers", "new"],
    ["drivers", "new", "pinch-gauge", "--path", "/"], ["drivers", "new", "pinch-gauge", "--thenar", "/"], ["paint"],
  ])
  func aWrongCommandLineHasStatus64(arguments: [String]) {
    #expect(Program(arguments).end().status == 64)
  }

  @Test(arguments: ["watch", "devices", "drivers"])
  func helpShowsExamples(command: String) {
    let (status, output, _) = run(command, "--help")
    #expect(status == 0)
    #expect(output.contains("Examples:\n  thenar \(command)\n"))
    #expect(output.contains("Exit status: 0"))
  }

  @Test func whatIsNotThenarHasStatus76() {
    withFakeHub { connection, _ in
      connection.send("220 mail.example ESMTP")
    } _: { path in
      #expect(run("devices", "--socket", path).status == 76)
    }
  }

  @Test func listsDevicesAndDrivers() {
    withFakeHub { connection, _ in
      connection.welcome()
      while let request = connection.request() {
        if request["method"]?.string == "devices.list" {
          connection.answer(
            request, #"{"epoch":"9f2c61d0","devices":[{"device":"pegs","state":"ready","text":"The board answers."}]}"#)
        } else {
          connection.answer(
            request, #"{"drivers":[{"id":"old","version":"0.0.1","transport":"hid","state":"refused","text":"Why."}]}"#)
        }
      }
    } _: { path in
      #expect(run("devices", "--socket", path).output == "pegs  ready\n    The board answers.\n")
      #expect(run("drivers", "--socket", path).output == "old  0.0.1  hid  refused\n    Why.\n")
      #expect(
        run("drivers", "--json", "--socket", path).output
          == #"{"drivers":[{"id":"old","version":"0.0.1","transport":"hid","state":"refused","text":"Why."}]}"# + "\n")
    }
  }

  @Test func aRefusedRequestHasStatus1() {
    withFakeHub { connection, _ in
      connection.welcome()
      guard connection.request() != nil else { return }
      connection.send(
        #"{"id":1,"error":{"code":-32010,"message":"This hub is closing.","data":{"name":"closing","retry":true}}}"#)
      connection.waitForEnd()
    } _: { path in
      let (status, _, errors) = run("devices", "--socket", path)
      #expect(status == 1 && errors == "thenar: This hub is closing. Try again.\n")
    }
  }
}
