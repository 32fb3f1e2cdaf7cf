import Glibc
import Hub
import StrictJSON
import Testing
import WorkerLink

@Suite struct HubServerTests {
  @Test func aReadingGoesFromWorkerToConsumer() throws {
    let station = try TestStation()
    let worker = station.attach("grip-1")
    let consumer = station.connect()
    #expect(consumer.next("welcome")?["epoch"]?.string == station.server.epoch)
    #expect(consumer.ask("subscribe")?["result"]?["sub"]?.string == "main")
    #expect(consumer.next("device")?["snapshot"]?.bool == true)
    #expect(consumer.next("snapshot_end") != nil)
    worker.becomeReady()
    let ready = consumer.next("device")
    #expect(ready?["state"]?.string == "ready" && ready?["model"]?.string == "GDX-HD")
    worker.sample(12.5)
    #expect(consumer.next("device")?["state"]?.string == "streaming")
    let measurement = consumer.next("measurement")
    #expect(measurement?["v"]?.elements?.map(\.value) == [.number(12.5)])
    #expect(measurement?["device"]?.string == "grip-1" && measurement?["unit"]?.string == "N")
    #expect(measurement?["seq"]?.integer == (ready?["seq"]?.integer ?? 0) + 2)
  }

  @Test func oneLineAndAnEndOfInputIsEnough() throws {
    let station = try TestStation()
    let worker = station.attach("grip-1")
    let consumer = station.connect()
    consumer.send(#"{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{}}"#)
    consumer.endSending()
    #expect(consumer.next { $0["id"]?.integer == 1 }?["result"] != nil)
    worker.becomeReady()
    worker.sample(1)
    #expect(consumer.next("measurement") != nil)
  }

  @Test func aRecordIsTheSameBytesForEverybody() throws {
    let station = try TestStation()
    let worker = station.attach("grip-1")
    let consumers = (0..<3).map { _ in station.connect() }
    for consumer in consumers {
      _ = consumer.ask("subscribe", #"{"snapshot":false,"filter":{"kind":"measurement"}}"#)
    }
    worker.becomeReady()
    for value in 0..<50 { worker.sample(Double(value)) }
    let lines = consumers.map { consumer in
      (0..<50).compactMap { _ -> [UInt8]? in
        while let line = consumer.nextLine() {
          if line.starts(with: Array(#"{"jsonrpc":"2.0","method":"measurement""#.utf8)) { return line }
        }
        return nil
      }
    }
    #expect(lines[0].count == 50 && lines[0] == lines[1] && lines[1] == lines[2])
  }

  @Test func aConsumerThatComesBackGetsWhatItMissed() throws {
    let station = try TestStation()
    let worker = station.attach("grip-1")
    let first = station.connect()
    _ = first.ask("subscribe")
    worker.becomeReady()
    for value in 0..<200 { worker.sample(Double(value)) }
    var seen: Int64 = 0
    while seen < 20 { seen = first.next("measurement")?["seq"]?.integer ?? 0 }
    let again = station.connect()
    let answer = again.ask(
      "subscribe", #"{"from":{"epoch":"\#(station.server.epoch)","seq":\#(seen)},"snapshot":false}"#)
    #expect(answer?["result"]?["start_seq"]?.integer == seen + 1)
    for expected in 0..<100 {
      let record = again.next { ["measurement", "device"].contains($0["method"]?.string) }
      #expect(record?["params"]?["seq"]?.integer == seen + 1 + Int64(expected))
    }
    let stranger = station.connect().ask("subscribe", #"{"from":{"epoch":"other","seq":1}}"#)
    #expect(stranger?["error"]?["data"]?["name"]?.string == "epoch_changed")
    #expect(stranger?["error"]?["data"]?["epoch"]?.string == station.server.epoch)
  }

  @Test func whatIsNoLongerHeldIsSaid() throws {
    let station = try TestStation { $0.ringBytes = 4096 }
    let worker = station.attach("grip-1")
    let watcher = station.connect()
    _ = watcher.ask("subscribe")
    worker.becomeReady()
    for value in 0..<200 { worker.sample(Double(value)) }
    while let seq = watcher.next("measurement")?["seq"]?.integer, seq < 200 {}
    let late = station.connect()
    _ = late.ask("subscribe", #"{"from":{"epoch":"\#(station.server.epoch)","seq":3},"snapshot":false}"#)
    let gap = late.next("gap")
    #expect(gap?["after_seq"]?.integer == 3 && gap?["reason"]?.string == "no_longer_held")
    #expect(gap?["recoverable"]?.bool == false)
    let next = late.next("measurement")
    #expect(next?["seq"]?.integer == gap?["next_seq"]?.integer)
    #expect((gap?["lost_records"]?.integer ?? 0) + 4 == next?["seq"]?.integer)
  }

  @Test func latestKeepsOnlyTheNewestAndCountsTheRest() throws {
    let station = try TestStation()
    let worker = station.attach("grip-1")
    let consumer = station.connect()
    _ = consumer.ask("subscribe", #"{"mode":"latest","max_hz":100,"snapshot":false}"#)
    worker.becomeReady()
    worker.send((0..<500).map { .samples(LinkSamples(channel: 1, time: Clocks.boot(), values: [Double($0)])) })
    var (seen, skipped, last) = (0, 0, -1.0)
    while last < 499 {
      let value = try #require(consumer.next("measurement"))
      last = value["v"]?.elements?.first?.number ?? 500
      seen += 1
      skipped += Int(value["skipped"]?.integer ?? 0)
    }
    #expect(seen + skipped == 500)
    #expect(seen < 100)
  }

  @Test func aWorkerThatDiesIsStartedAgainAndCountsGoOn() throws {
    let station = try TestStation()
    let worker = station.attach("grip-1")
    let consumer = station.connect()
    _ = consumer.ask("subscribe")
    worker.becomeReady()
    worker.sample(1)
    #expect(consumer.next("measurement")?["n0"]?.integer == 0)
    worker.hangUp()
    #expect(consumer.next("device")?["state"]?.string == "backoff")
    let second = station.nextWorker()
    second.becomeReady()
    second.sample(2)
    #expect(consumer.next("measurement")?["n0"]?.integer == 1)
  }

  @Test(arguments: ["rubbish", "undeclared", "time"]) func aWorkerThatLiesHarmsItselfOnly(_ how: String) throws {
    let station = try TestStation()
    let (good, bad) = (station.attach("good"), station.attach("bad"))
    let consumer = station.connect()
    _ = consumer.ask("subscribe")
    good.becomeReady()
    bad.becomeReady()
    switch how {
    case "rubbish": bad.sendRaw([UInt8](repeating: 0xAA, count: 4096))
    case "undeclared": bad.send(.samples(LinkSamples(channel: 9, time: Clocks.boot(), values: [1])))
    default: bad.send(.samples(LinkSamples(channel: 1, time: Clocks.boot() + 90_000_000, values: [1])))
    }
    let broken = consumer.next {
      $0["params"]?["device"]?.string == "bad" && $0["params"]?["state"]?.string == "backoff"
    }
    #expect(broken != nil)
    good.sample(5)
    #expect(consumer.next("measurement")?["device"]?.string == "good")
  }

  @Test func aFloodIsEndedAndTheOthersGoOn() throws {
    let station = try TestStation {
      $0.deviceLimits.records = 100
    }
    let (good, bad) = (station.attach("good"), station.attach("bad"))
    let consumer = station.connect()
    _ = consumer.ask("subscribe", #"{"filter":{"kind":["device","measurement"]}}"#)
    good.becomeReady()
    bad.becomeReady()
    bad.send((0..<2000).map { .samples(LinkSamples(channel: 1, time: Clocks.boot(), values: [Double($0)])) })
    #expect(consumer.next { $0["params"]?["reason"]?.string == "flood" } != nil)
    good.sample(5)
    #expect(consumer.next { $0["params"]?["device"]?.string == "good" && $0["method"]?.string == "measurement" } != nil)
  }

  @Test func commandsNeedARoleAndAreRecorded() throws {
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
}
