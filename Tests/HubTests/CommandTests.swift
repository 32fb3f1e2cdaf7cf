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

@Suite struct CommandTests {
  @Test func aCommandIsCarriedOutAndRecorded() throws {
    let station = try TestStation()
    let worker = station.attach("grip-1")
    let consumer = station.connect()
    #expect(
      consumer.ask("device.command", #"{"device":"grip-1","command":"zero"}"#)?["error"]?["data"]?["name"]?.string
        == "device_not_ready")
    _ = consumer.ask("subscribe")
    worker.becomeReady()
    _ = consumer.next { $0["params"]?["state"]?.string == "ready" }
    consumer.send(
      #"{"jsonrpc":"2.0","id":5,"method":"device.command","params":{"device":"grip-1","command":"zero"}}"#)
    _ = worker.next()
    guard case .command(let number, "zero", "{}") = worker.next() else {
      Issue.record("the command did not arrive")
      return
    }
    worker.send(.outcome(command: number, error: ""))
    #expect(consumer.next { $0["id"]?.integer == 5 }?["result"]?["state"]?.string == "done")
    #expect(
      consumer.ask("device.command", #"{"device":"none","command":"zero"}"#)?["error"]?["data"]?["name"]?.string
        == "unknown_device")
    station.server.stop()
    #expect(
      station.auditLog.contains(
        #""method":"device.command","params":{"device":"grip-1","command":"zero"},"outcome":"done""#))
  }

  private func errorName(_ message: JSONNode?) -> String? { message?["error"]?["data"]?["name"]?.string }

  @Test func theAnswerComesAlsoAfterTheEndOfInput() throws {
    let station = try TestStation()
    let worker = station.attach("grip-1")
    let watcher = station.connect()
    _ = watcher.ask("subscribe")
    worker.becomeReady()
    _ = watcher.next { $0["params"]?["state"]?.string == "ready" }
    let consumer = station.connect()
    consumer.send(
      #"{"jsonrpc":"2.0","id":1,"method":"device.command","params":{"device":"grip-1","command":"zero"}}"#)
    consumer.endSending()
    _ = worker.next()
    guard case .command(let number, _, _) = worker.next() else {
      Issue.record("the command did not arrive")
      return
    }
    worker.send(.outcome(command: number, error: "It moves."))
    #expect(errorName(consumer.next { $0["id"] != nil }) == "command_failed")
    #expect(consumer.next() == nil)
  }

  @Test func whatIsRefusedIsRecordedToo() throws {
    let station = try TestStation()
    station.server.show(
      IdleDevice(
        name: "ttyUSB0", key: DeviceIdentityKey(kind: "path", value: "/dev/ttyUSB0"), state: .needsConsent,
        reason: "generic_chip", sentence: "It is not known what this is."))
    let consumer = station.connect()
    let refused = [
      (#"{"device":"none","command":"zero"}"#, "unknown_device"),
      (#"{"device":"ttyUSB0","command":"zero"}"#, "device_not_ready"),
      (#"{"device":"ttyUSB0"}"#, "invalid_params"),
    ]
    for (parameters, name) in refused { #expect(errorName(consumer.ask("device.command", parameters)) == name) }
    station.server.stop()
    for (parameters, name) in refused {
      #expect(station.refusals.contains(#""params":\#(parameters),"outcome":"\#(name)""#))
    }
  }

  /// Of a consumer's name 64 code points are kept: a single character can have any number of them.
  @Test func aNameOfOneEndlessCharacterIsCut() throws {
    let station = try TestStation()
    let consumer = station.connect()
    _ = consumer.ask("hello", #"{"proto":1,"client":"e\#(String(repeating: "\u{301}", count: 20_000))"}"#)
    #expect(errorName(consumer.ask("device.command", #"{"device":"none","command":"zero"}"#)) == "unknown_device")
    station.server.stop()
    #expect(station.refusals.contains("unknown_device") && station.refusals.utf8.count < 512)
  }

  @Test func anObserverMayNot() throws {
    let station = try TestStation { $0.roles.adminUsers = [] }
    let consumer = station.connect()
    #expect(
      errorName(consumer.ask("device.command", #"{"device":"grip-1","command":"zero"}"#)) == "not_allowed")
  }

  @Test func aDeviceOwesAtMost32Outcomes() throws {
    let station = try TestStation()
    let worker = station.attach("grip-1")
    let consumer = station.connect()
    _ = consumer.ask("subscribe")
    worker.becomeReady()
    _ = consumer.next { $0["params"]?["state"]?.string == "ready" }
    for id in 1...33 {
      consumer.send(
        #"{"jsonrpc":"2.0","id":\#(id),"method":"device.command","params":{"device":"grip-1","command":"zero"}}"#)
    }
    let refused = consumer.next { $0["error"] != nil }
    #expect(refused?["id"]?.integer == 33 && errorName(refused) == "too_many_in_flight")
  }
}
