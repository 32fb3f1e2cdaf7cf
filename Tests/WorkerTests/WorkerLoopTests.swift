import CPlatform
import CThenarDriver
import DeviceTestKit
import DriverKit
import Glibc
import Readings
import Testing
import WorkerLink

@testable import DeviceIO

private let opening: [WorkerMessage] = [
  .hello(version: linkVersion, process: 0),
  .channel(Channel(number: 1, name: "force", quantity: "force", unit: "N")), .ready,
]
private let stopped = WorkerMessage.closed(
  .stopped, code: "stopped", sentence: "The instrument was closed in good order.")

private func lost(_ path: String) -> WorkerMessage {
  .closed(
    .lost, code: "line_broken", sentence: "The connection to the instrument at \(path) was lost: check its cable.")
}

/// What is written here lets the driver of one test start.
private let startGate: [Int32] = {
  var ends: [Int32] = [-1, -1]
  pipe(&ends)
  return ends
}()

private func sample(_ value: Double) -> WorkerMessage { .samples(Samples(channel: 1, time: 0, values: [value])) }

@Suite struct WorkerLoopTests {
  /// A worker whose driver has said that it is ready.
  private func running() throws -> (TestHub, TestInstrument) {
    let hub = try TestHub()
    let instrument = try TestInstrument(.reports)
    try hub.runWorker(.hidSocket(path: instrument.path))
    try instrument.accept()
    #expect(try hub.messages(until: .ready).map(\.timeless) == opening)
    #expect(instrument.receive() == [0x10])
    return (hub, instrument)
  }

  @Test func aGoodSession() throws {
    let (hub, instrument) = try running()
    let before = stationTime()
    try instrument.send([ProbeDriver.Order.sample, 42])
    let first = try #require(try hub.next())
    guard case .samples(let samples) = first else { throw LinkError.unknownKind(0) }
    #expect(first.timeless == sample(42) && before <= samples.time && samples.time <= stationTime())
    try hub.send(
      .ping(7), .command(number: 1, name: "zero", arguments: "{}"),
      .command(number: 2, name: "dance", arguments: "{}"), .stop)
    #expect(
      try hub.rest() == [.pong(7), .outcome(command: 1, error: ""), .outcome(command: 2, error: "No dance."), stopped])
    #expect([instrument.receive(), instrument.receive()] == [[0x99], []], "the last write goes out before the end")
  }

  @Test func aLostInstrumentsLastReadingsArrive() throws {
    let (hub, instrument) = try running()
    for value in UInt8(0)..<100 { try instrument.send([ProbeDriver.Order.sample, value]) }
    instrument.hangUp()
    #expect(try hub.rest().map(\.timeless) == (0..<100).map { sample(Double($0)) } + [lost(instrument.path)])
  }

  @Test func readingsBehindAFailedWriteArrive() throws {
    let hub = try TestHub()
    let instrument = try TestInstrument(.reports)
    try hub.runWorker(.hidSocket(path: instrument.path)) {
      $0.start = { instance, now in
        var byte: UInt8 = 0
        read(startGate[0], &byte, 1)
        probeModule.table.pointee.start(instance, now)
      }
    }
    try instrument.accept()
    try instrument.send([ProbeDriver.Order.sample, 8])
    instrument.hangUp()
    write(startGate[1], [1], 1)
    #expect(try hub.rest().map(\.timeless) == opening + [sample(8), lost(instrument.path)])
  }

  @Test(arguments: [
    (
      ProbeDriver.Order.breakContract, FaultSeverity.restart, CloseReason.restart, "contract",
      "The driver probe-driver broke the driver contract in samples: channel 9 was never declared. "
        + "Tell its author; it is started anew."
    ),
    (ProbeDriver.Order.askForRestart, .restart, .restart, "silent", "The instrument stopped answering."),
    (ProbeDriver.Order.refuse, .refuse, .refused, "too_old", "The firmware is too old: bring it to version 2."),
  ])
  func aFaultEndsTheWorkInGoodOrder(
    _ order: UInt8, _ severity: FaultSeverity, _ reason: CloseReason, _ code: String, _ sentence: String
  ) throws {
    let (hub, instrument) = try running()
    try instrument.send([order])
    #expect(
      try hub.rest() == [
        .fault(severity, code: code, sentence: sentence), .closed(reason, code: code, sentence: sentence),
      ])
    #expect(instrument.receive() == [0x99])
  }

  @Test func aWakeUpComesOnce() throws {
    let (hub, instrument) = try running()
    try instrument.send([ProbeDriver.Order.wakeOnce])
    #expect(try hub.next() == .tally(counter: "wakes", amount: 1))
    try hub.send(.stop)
    #expect(try hub.rest() == [stopped])
  }

  @Test func aDriverThatAlwaysWantsToBeWokenDoesNotShutOutTheHub() throws {
    let (hub, instrument) = try running()
    try instrument.send([ProbeDriver.Order.wakeForEver])
    try hub.send(.ping(1))
    #expect(try hub.next() == .pong(1))
    try hub.send(.ping(2))
    #expect(try hub.next() == .pong(2))
    try instrument.send([ProbeDriver.Order.sample, 5])
    #expect(try hub.next()?.timeless == sample(5))
    try hub.send(.stop)
    #expect(try hub.rest() == [stopped])
  }

  @Test func theLoopEndsWithItsHub() throws {
    let (hub, instrument) = try running()
    hub.hangUp()
    #expect(instrument.receive() == [], "closed at once, and nothing written")
  }

  @Test func aDriverWithoutCommandsAnswersThem() throws {
    let hub = try TestHub()
    let instrument = try TestInstrument(.reports)
    try hub.runWorker(.hidSocket(path: instrument.path)) { $0.command = nil }
    try hub.messages(until: .ready)
    try hub.send(.command(number: 3, name: "zero", arguments: "{}"))
    #expect(try hub.next() == .outcome(command: 3, error: "The driver probe-driver takes no commands."))
  }

  @Test func aTerminalIsOpenedAsTheDriverSays() throws {
    var name = [CChar](repeating: 0, count: 64)
    let instrument = thenar_open_pseudo_terminal(&name, name.count)
    defer { close(instrument) }
    let path = name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    let hub = try TestHub()
    try hub.runWorker(.terminal(path: path))
    try hub.messages(until: .ready)
    var settings = termios()
    tcgetattr(instrument, &settings)
    #expect(cfgetospeed(&settings) == speed_t(B1200))
    write(instrument, [ProbeDriver.Order.sample, 3], 2)
    #expect(try hub.next()?.timeless == sample(3))

    let second = try TestHub()
    try second.runWorker(.terminal(path: path))
    #expect(
      try second.rest().last
        == .closed(.busy, code: "port_held", sentence: "Another program holds \(path)."))
    try hub.send(.stop)
    #expect(try hub.rest() == [stopped])
    var written: [UInt8] = []
    var byte: UInt8 = 0
    var entry = pollfd(fd: instrument, events: Int16(POLLIN), revents: 0)
    while poll(&entry, 1, 10_000) == 1, read(instrument, &byte, 1) == 1 { written.append(byte) }
    #expect(written == [0, 0x10, 0, 0x99])
  }
}

@Suite struct WorkerOpeningTests {
  @Test func aRefusedSettingIsTheLastWord() throws {
    let hub = try TestHub()
    try hub.runWorker(.hidSocket(path: "/nowhere"), settings: #"{"refuse":true}"#)
    let sentence = "The setting \"refuse\" is true: make it false."
    #expect(
      try hub.rest().dropFirst() == [
        .fault(.refuse, code: "setup", sentence: sentence), .closed(.refused, code: "setup", sentence: sentence),
      ])
  }

  @Test func aDriverThatMakesNothingAndSaysNothingIsRefused() throws {
    let hub = try TestHub()
    try hub.runWorker(.hidSocket(path: "/nowhere")) { $0.create = { _, _, _ in nil } }
    #expect(
      try hub.rest().last
        == .closed(
          .refused, code: "contract",
          sentence: "The driver probe-driver refused its setup and did not say why: tell its author."))
  }

  @Test func createMayOnlyReportFaults() throws {
    let hub = try TestHub()
    try hub.runWorker(.hidSocket(path: "/nowhere")) {
      $0.create = { _, host, _ in
        host?.pointee.ready(host?.pointee.context)
        return UnsafeMutableRawPointer(bitPattern: 8)
      }
      $0.destroy = { _ in }
    }
    guard case .closed(.restart, "contract", let sentence) = try hub.rest().last else {
      Issue.record("not ended for the contract")
      return
    }
    #expect(sentence.contains("in ready: create may call nothing but fault"))
  }

  @Test func anImpossibleLineIsRefused() throws {
    let hub = try TestHub()
    try hub.runWorker(.serialSocket(path: "/nowhere")) {
      $0.serial_line = { _, line in
        line?.pointee.baud = 7
        return 1
      }
    }
    guard case .closed(.restart, "contract", let sentence) = try hub.rest().last else {
      Issue.record("not ended for the contract")
      return
    }
    #expect(sentence.contains("in serial_line: a setting of the line is out of range"))
  }

  @Test func anotherVersionOfTheLinkIsRefused() throws {
    let hub = try TestHub()
    try hub.runWorker(.hidSocket(path: "/nowhere"), version: 99)
    #expect(
      try hub.rest().last
        == .closed(
          .refused, code: "link_version",
          sentence: "The hub speaks version 99 of the link and the worker \(linkVersion): "
            + "install both from one build of Thenar."))
  }

  @Test func bytesThatAreNoMessageAreRefused() throws {
    let hub = try TestHub()
    hub.startLoop()
    try hub.send([0xFF, 0xFF, 0xFF, 0xFF, 1])
    #expect(
      try hub.rest().last
        == .closed(
          .refused, code: "link_version",
          sentence: "Hub and worker do not understand each other: install both from one build of Thenar."))
  }

  @Test func aWorkerThatWaitsForItsSetupAnswersAndStops() throws {
    let hub = try TestHub()
    hub.startLoop()
    try hub.send(.ping(4), .stop)
    #expect(try hub.rest().map(\.timeless) == [opening[0], .pong(4), stopped])
  }

  @Test func anotherModuleThanTheWantedIsRefused() throws {
    let hub = try TestHub()
    try hub.runWorker(.hidSocket(path: "/nowhere")) { $0.abi_version = 3 }
    #expect(
      try hub.rest().last
        == .closed(
          .refused, code: "module_mismatch",
          sentence: "The driver module libProbe.so was made for driver contract 3, and this Thenar has 2: "
            + "install a module built for it."))
  }
}
