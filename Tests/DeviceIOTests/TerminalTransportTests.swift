import CPlatform
import DeviceTestKit
import Glibc
import Readings
import Testing
import WorkerLink

@testable import DeviceIO

/// A pseudo-terminal whose instrument's side the test holds.
private final class TestTerminal {
  let path: String
  private(set) var instrument: Int32

  init() throws {
    var name = [CChar](repeating: 0, count: 64)
    instrument = thenar_open_pseudo_terminal(&name, name.count)
    try #require(instrument >= 0)
    path = name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }

  deinit { hangUp() }

  func hangUp() {
    if instrument >= 0 { close(instrument) }
    instrument = -1
  }

  func send(_ bytes: [UInt8]) { write(instrument, bytes, bytes.count) }

  func receive() -> [UInt8] {
    var entry = pollfd(fd: instrument, events: Int16(POLLIN), revents: 0)
    poll(&entry, 1, 10_000)
    var buffer = [UInt8](repeating: 0, count: 4096)
    return Array(buffer[..<max(0, read(instrument, &buffer, buffer.count))])
  }
}

@Suite struct TerminalTransportTests {
  @Test func bytesGoThroughAsTheyAre() throws {
    let terminal = try TestTerminal()
    let transport = try openTransport(.terminal(path: terminal.path), line: SerialLine(baud: 1200, dataBits: 7))
    defer { transport.close() }
    let everyByte = Array(UInt8.min...UInt8.max)
    terminal.send(everyByte)
    var got: [UInt8] = []
    while got.count < everyByte.count { got += try transport.next() }
    #expect(got == everyByte)
    try transport.write([13, 10, 3, 4])
    #expect(terminal.receive() == [13, 10, 3, 4])
  }

  @Test(arguments: [(UInt32(1200), B1200), (UInt32(115_200), B115200)])
  func theInstrumentSeesTheSpeed(_ baud: UInt32, _ constant: Int32) throws {
    let terminal = try TestTerminal()
    let transport = try openTransport(.terminal(path: terminal.path), line: SerialLine(baud: baud))
    defer { transport.close() }
    var settings = termios()
    tcgetattr(terminal.instrument, &settings)
    #expect(cfgetospeed(&settings) == speed_t(constant))
  }

  @Test func aSpeedWithoutAConstantIsTaken() throws {
    let terminal = try TestTerminal()
    try openTransport(.terminal(path: terminal.path), line: SerialLine(baud: 256_000)).close()
  }

  @Test func whoComesSecondHearsThatItIsBusy() throws {
    let terminal = try TestTerminal()
    let first = try openTransport(.terminal(path: terminal.path), line: SerialLine())
    #expect(
      throws: OpenFailure(
        reason: .busy, code: "port_held", sentence: "Another program holds \(terminal.path).")
    ) { try openTransport(.terminal(path: terminal.path), line: SerialLine()) }
    first.close()
    try openTransport(.terminal(path: terminal.path), line: SerialLine()).close()
  }

  @Test func aTerminalThatHangsUpIsLost() throws {
    let terminal = try TestTerminal()
    let transport = try openTransport(.terminal(path: terminal.path), line: SerialLine())
    defer { transport.close() }
    terminal.hangUp()
    #expect(
      throws: ConnectionLost(
        code: "line_broken",
        sentence: "The connection to the instrument at \(terminal.path) was lost: check its cable.")
    ) { try transport.next() }
  }
}
