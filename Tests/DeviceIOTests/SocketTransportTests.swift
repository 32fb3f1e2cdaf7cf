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
