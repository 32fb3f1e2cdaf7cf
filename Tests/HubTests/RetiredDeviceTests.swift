import Hub
import HubTestKit
import StrictJSON
import Supervision
import Testing
import WorkerLink

@Suite struct RetiredDeviceTests {
  /// A device that is taken out of the station while it carries out a command: whoever gave it is told.
  @Test func aCommandOfADeviceThatIsForgottenIsAnswered() throws {
    let station = try TestStation()
    let worker = station.attach("grip-1")
    let consumer = station.connect()
    _ = consumer.ask("subscribe")
    worker.becomeReady()
    _ = consumer.next { $0["params"]?["state"]?.string == "ready" }
    consumer.send(#"{"jsonrpc":"2.0","id":5,"method":"device.command","params":{"device":"grip-1","command":"zero"}}"#)
    _ = worker.next()
    guard case .command = worker.next() else {
      Issue.record("the command did not arrive")
      return
    }
    station.server.forget(station.assignment("grip-1").key)
    consumer.send(#"{"jsonrpc":"2.0","id":6,"method":"ping"}"#)
    let answer = consumer.next { $0["id"] != nil }
    #expect(answer?["id"]?.integer == 5 && answer?["error"]?["data"]?["name"]?.string == "command_failed")
    worker.hangUp()
  }
}
