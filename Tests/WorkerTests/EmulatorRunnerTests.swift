import DeviceTestKit
import DriverKit
import Foundation
import Readings
import Testing
import WorkerLink

@testable import DeviceIO
@testable import Worker

/// A runner in a thread, which ends with the test.
private final class RunningEmulator {
  let path: String
  private let folder: TestFolder
  private let stop: [Int32]
  private let isOver = DispatchSemaphore(value: 0)

  init(hid: Bool, terminal: Bool = false) throws {
    folder = try TestFolder()
    path = folder.path + "/place"
    var ends: [Int32] = [-1, -1]
    pipe(&ends)
    stop = ends
    let place = terminal ? EmulatorPlace.terminal(link: path) : .socket(path: path)
    let setup = EmulatorSetup(isHID: hid)
    let (isOver, readEnd) = (isOver, ends[0])
    let isOpen = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      do {
        let runner = try EmulatorRunner(module: probeModule.table, setup: setup, at: place.prepare(isHID: hid))
        isOpen.signal()
        try runner.run(until: readEnd)
      } catch {
        Issue.record("the emulator ended: \(error)")
      }
      isOver.signal()
    }
    try #require(isOpen.wait(timeout: .now() + 60) == .success)
  }

  deinit {
    close(stop[1])
    if isOver.wait(timeout: .now() + 60) == .timedOut { Issue.record("the emulator did not end") }
    close(stop[0])
  }
}

@Suite struct EmulatorRunnerTests {
  private func open(_ address: TransportAddress) throws -> any Transport {
    try openTransport(address, line: SerialLine())
  }

  @Test func everyClientMeetsAFreshInstrument() throws {
    let emulator = try RunningEmulator(hid: true)
    for _ in 0..<2 {
      let client = try open(.hidSocket(path: emulator.path))
      try client.write([0, 0x33])
      try client.write([2, 0x44])
      #expect(try [client.next(), client.next(), client.next()] == [[0xAA], [0x81, 0x33], [0x82, 2]])
      client.close()
    }
  }

  @Test func itsWakeUpsCome() throws {
    let emulator = try RunningEmulator(hid: true)
    let client = try open(.hidSocket(path: emulator.path))
    defer { client.close() }
    try client.write([0, ProbeEmulator.tick])
    #expect(try [client.next(), client.next()] == [[0xAA], [ProbeEmulator.tick, 1]])
  }

  @Test func aSecondClientIsSentAway() throws {
    let emulator = try RunningEmulator(hid: false)
    let first = try open(.serialSocket(path: emulator.path))
    defer { first.close() }
    #expect(try first.next() == [0xAA])
    let second = try open(.serialSocket(path: emulator.path))
    defer { second.close() }
    #expect(throws: ConnectionLost.self) { try second.next() }
    try first.write([0x33])
    #expect(try first.next() == [0x81, 0x33])
  }

  @Test func aTerminalIsALineLikeAnother() throws {
    let emulator = try RunningEmulator(hid: false, terminal: true)
    let client = try open(.terminal(path: emulator.path))
    defer { client.close() }
    #expect(try client.next() == [0xAA])
    try client.write([0x33])
    #expect(try client.next() == [0x81, 0x33])
  }

  @Test func reportsThatNobodyTakesAreDroppedWhole() throws {
    let emulator = try RunningEmulator(hid: true)
    let client = try open(.hidSocket(path: emulator.path))
    defer { client.close() }
    #expect(try client.next() == [0xAA])
    try client.write([0, ProbeEmulator.flood])
    let report = [UInt8](repeating: 0xF0, count: 64)
    var count = 0
    while case let next = try client.next(), next == report {
      count += 1
      // While nobody takes what waits an answer is dropped, too: it is asked for after each report that was taken.
      try client.write([0, 0x33])
    }
    #expect(count >= 63 && count < 10_000)
  }

  @Test func anInstrumentThatTheDriverKnowsWorksThroughTheWholeChain() throws {
    let emulator = try RunningEmulator(hid: true)
    let hub = try TestHub()
    try hub.runWorker(.hidSocket(path: emulator.path))
    try hub.messages(until: .ready)
    try hub.send(.stop)
    #expect(
      try hub.rest() == [.closed(.stopped, code: "stopped", sentence: "The instrument was closed in good order.")])
  }

  @Test(arguments: [
    ("unix:/a/b", EmulatorPlace.socket(path: "/a/b")), ("/a/b", .socket(path: "/a/b")),
    ("pty:/a/b", .terminal(link: "/a/b")),
  ])
  func aPlaceIsReadFromText(_ text: String, _ place: EmulatorPlace) { #expect(EmulatorPlace(text) == place) }

  @Test(arguments: [
    (EmulatorPlace.socket(path: "/dev/null"), "/dev/null exists and is not a socket: give another path or remove it."),
    (
      .socket(path: "/nowhere/a"),
      "Nobody can listen at /nowhere/a: No such file or directory. Check its folder."
    ),
    (.terminal(link: "/a"), "A HID instrument cannot stand behind a terminal: use --at unix:PATH."),
  ])
  func aPlaceThatCannotBeTakenSaysWhy(_ place: EmulatorPlace, _ sentence: String) {
    #expect(throws: EmulatorFailure(sentence: sentence)) {
      try EmulatorRunner(module: probeModule.table, setup: EmulatorSetup(isHID: true), at: place.prepare(isHID: true))
    }
  }

  @Test func aSocketThatNobodyListensAtIsReplacedAndALivingOneIsNot() throws {
    let folder = try TestFolder()
    let path = folder.path + "/place"
    let old = try listenAt(path, .bytes)
    #expect(throws: ListenFailure(sentence: "Another program listens at \(path): end it or give another path.")) {
      try listenAt(path, .bytes)
    }
    close(old)
    close(try listenAt(path, .bytes))
    unlink(path)
  }

  @Test func refusedSettingsShowBeforeAnybodyConnects() {
    #expect(throws: EmulatorFailure(sentence: "The setting \"refuse\" is true: make it false.")) {
      try EmulatorRunner(
        module: probeModule.table, setup: EmulatorSetup(isHID: true, settings: #"{"refuse":true}"#),
        at: EmulatorPlace.socket(path: "/nowhere/a").prepare(isHID: true))
    }
  }
}
