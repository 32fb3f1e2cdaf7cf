import DeviceTestKit
import Glibc
import Readings
import Testing
import WorkerLink

@testable import DeviceIO

/// A file that is no device, in a folder of its own.
private final class PlainFile {
  let path: String
  private let folder: TestFolder

  init() throws {
    folder = try TestFolder()
    path = folder.path + "/file"
    close(open(path, O_CREAT | O_WRONLY, 0o600))
  }

  deinit { unlink(path) }
}

// One after the other: libhidapi keeps its last error in one place for all threads.
@Suite(.serialized) struct OpeningTests {
  @Test(arguments: [
    TransportAddress.terminal(path: "/nowhere/tty"), .serial(node: "/nowhere/tty"), .hid(node: "/nowhere/tty"),
  ])
  func aNodeThatIsNotThereIsLost(_ address: TransportAddress) {
    #expect(
      throws: OpenFailure(
        reason: .lost, code: "node_missing",
        sentence: "/nowhere/tty is not there: plug the instrument in again.")
    ) { try openTransport(address, line: SerialLine()) }
  }

  private static let kinds: [(@Sendable (String) -> TransportAddress, String, String)] = [
    ({ .terminal(path: $0) }, "not_a_terminal", "is not a terminal: name the instrument's node."),
    ({ .serial(node: $0) }, "not_a_serial_port", "is not a serial port: name the instrument's node under /dev."),
    (
      { .hid(node: $0) }, "not_a_hid_device",
      "does not answer like a HID device: name the hidraw node of the instrument."
    ),
  ]

  @Test(arguments: kinds.indices) func whatIsNoDeviceSaysSo(_ index: Int) throws {
    let file = try PlainFile()
    let (address, code, end) = Self.kinds[index]
    for _ in 0..<2 {
      #expect(throws: OpenFailure(reason: .unopened, code: code, sentence: "\(file.path) \(end)"), "both times alike") {
        try openTransport(address(file.path), line: SerialLine())
      }
    }
  }

  @Test(arguments: [1, 2]) func aNodeThatAnotherWorkerHasIsBusy(_ index: Int) throws {
    let file = try PlainFile()
    let claim = try NodeClaim(file.path)
    #expect(throws: OpenFailure.busy(file.path)) { try NodeClaim(file.path) }
    #expect(throws: OpenFailure.busy(file.path)) {
      try openTransport(Self.kinds[index].0(file.path), line: SerialLine())
    }
    claim.release()
    try NodeClaim(file.path).release()
  }
}
