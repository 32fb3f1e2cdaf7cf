import DeviceTestKit
import Glibc
import Readings
import Testing
import WorkerLink

@testable import DeviceIO

@Suite struct SocketTransportTests {
  private func connect(_ instrument: TestInstrument, hid: Bool) throws -> any Transport {
    let transport = try openTransport(
      hid ? .hidSocket(path: instrument.path) : .serialSocket(path: instrument.path), line: SerialLine())
    try instrument.accept()
    return transport
  }

  @Test func reportsKeepTheirBoundaries() throws {
    let instrument = try TestInstrument(.reports)
    let transport = try connect(instrument, hid: true)
    defer { transport.close() }
    let reports: [[UInt8]] = [[1], Array(0..<64), [0, 0], [4, 0x16, 10, 13]]
    for report in reports { try instrument.send(report) }
    #expect(try reports.map { _ in try transport.next() } == reports)
  }

  @Test func aLeadingZeroIsNoReportNumberOnTheWire() throws {
    let instrument = try TestInstrument(.reports)
    let transport = try connect(instrument, hid: true)
    defer { transport.close() }
    try transport.write([0, 0x58, 9])
    try transport.write([2, 0x58, 9])
    #expect([instrument.receive(), instrument.receive()] == [[0x58, 9], [2, 0x58, 9]])
  }

  @Test func theLastWordsAreReadBeforeTheLossIsToldAndOnlyOnce() throws {
    let instrument = try TestInstrument(.reports)
    let transport = try connect(instrument, hid: true)
    defer { transport.close() }
    try instrument.send([7])
    instrument.hangUp()
    #expect(try transport.next() == [7])
    #expect(throws: ConnectionLost.self) { try transport.next() }
  }

  private func reports(_ instrument: TestInstrument) throws -> EmulatedReports {
    try #require(connect(instrument, hid: true) as? EmulatedReports)
  }

  @Test func anEmulatorGivesAFeatureReportBetweenItsReports() throws {
    let instrument = try TestInstrument(.reports)
    let transport = try reports(instrument)
    defer { transport.close() }
    try transport.requestFeature(3)
    #expect(transport.openFeatureRequests == 1)
    #expect(instrument.receive() == FeatureMessage.request(3).bytes)
    try instrument.send([1, 2])
    try instrument.send(FeatureMessage.answer(3, [3, 9]).bytes)
    #expect(try transport.next() == [1, 2])
    var room = [UInt8](repeating: 0, count: 64)
    while try !transport.wait(link: -1, timeout: 10_000_000).contains(.device) {}
    let arrival = try room.withUnsafeMutableBytes { try transport.read(into: $0) }
    #expect(arrival?.feature == 3 && arrival?.count == 2 && Array(room[..<2]) == [3, 9])
    #expect(transport.openFeatureRequests == 0)
  }

  @Test func whatLooksLikeAnAnswerThatNobodyAskedForIsAReport() throws {
    let instrument = try TestInstrument(.reports)
    let transport = try reports(instrument)
    defer { transport.close() }
    let message = FeatureMessage.answer(3, [3, 9]).bytes
    try instrument.send(message)
    #expect(try transport.next() == message)
  }

  @Test func anEmulatorThatKnowsBareReportsOnlyRefusesByItsSilence() throws {
    let instrument = try TestInstrument(.reports)
    let transport = try reports(instrument)
    defer { transport.close() }
    try transport.requestFeature(3)
    var room = [UInt8](repeating: 0, count: 64)
    while try !transport.wait(link: -1, timeout: nil).contains(.device) {}
    let arrival = try room.withUnsafeMutableBytes { try transport.read(into: $0) }
    #expect(arrival?.feature == 3 && arrival?.count == 0)
  }

  @Test(arguments: [FeatureMessage.request(3), .write([3, 9]), .write([0]), .answer(3, [3, 9]), .answer(7, [])])
  func featureMessagesComeOutAsTheyWentIn(_ message: FeatureMessage) {
    #expect(message.bytes.withUnsafeBytes { FeatureMessage($0) } == message)
    #expect(message.bytes.dropLast(message.bytes.count - 17).withUnsafeBytes { FeatureMessage($0) } == nil)
  }

  @Test func serialBytesGoBothWays() throws {
    let instrument = try TestInstrument(.bytes)
    let transport = try connect(instrument, hid: false)
    defer { transport.close() }
    try transport.write([0, 1, 2])
    #expect(instrument.receive() == [0, 1, 2])
    try instrument.send([3, 4])
    #expect(try transport.next() == [3, 4])
  }

  @Test func theWaitWakesForTheLinkAndForTheTime() throws {
    let instrument = try TestInstrument(.bytes)
    let transport = try connect(instrument, hid: false)
    var pair: [Int32] = [-1, -1]
    socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair)
    defer {
      transport.close()
      close(pair[0])
    }
    #expect(try transport.wait(link: pair[0], timeout: 0) == [])
    try instrument.send([1])
    close(pair[1])
    #expect(try transport.wait(link: pair[0], timeout: nil) == [.device, .link])
  }

  @Test func anInstrumentThatDoesNotListenBlocksNothing() throws {
    let instrument = try TestInstrument(.bytes)
    let transport = try connect(instrument, hid: false)
    defer { transport.close() }
    let block = [UInt8](repeating: 0x55, count: 4096)
    let lost = #expect(throws: ConnectionLost.self) {
      for _ in 0..<2000 { try transport.write(block) }
    }
    #expect(
      lost?.sentence
        == "The instrument at \(instrument.path) does not take what it is sent: check that it is on and ready.")
  }

  @Test func whatCouldNotBeSentAtOnceGoesOutLaterInOrder() throws {
    let instrument = try TestInstrument(.bytes)
    let transport = try connect(instrument, hid: false)
    defer { transport.close() }
    var sent: [UInt8] = []
    while !transport.hasUnsentBytes {
      let block = (0..<4099).map { UInt8(truncatingIfNeeded: sent.count + $0) }
      try transport.write(block)
      sent += block
    }
    try transport.write([1, 2, 3])
    sent += [1, 2, 3]
    var received: [UInt8] = []
    while received.count < sent.count {
      received += instrument.receive()
      _ = try transport.wait(link: -1, timeout: 0)
    }
    #expect(received == sent)
    #expect(!transport.hasUnsentBytes)
  }

  @Test func theOtherKindOfSocketIsNamed() throws {
    let instrument = try TestInstrument(.bytes)
    #expect(
      throws: OpenFailure(
        reason: .unopened, code: "wrong_socket",
        sentence: "The emulator at \(instrument.path) is of the other transport: start it with the module's own.")
    ) { try openTransport(.hidSocket(path: instrument.path), line: SerialLine()) }
  }
}
