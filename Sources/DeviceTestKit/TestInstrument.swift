package import DeviceIO
internal import Glibc

/// What a test needed and the system did not give.
package struct TestTrouble: Error {
  /// What went wrong.
  package let what: String
}

/// A folder of its own for one test's sockets and links. It must be empty again when the test is over.
package final class TestFolder {
  /// Where it is.
  package let path: String

  /// Makes the folder.
  package init() throws(TestTrouble) {
    var template = Array("/tmp/thenar-test-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer {
      $0.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
    }
    guard let made else { throw TestTrouble(what: "no folder under /tmp") }
    path = made
  }

  deinit { rmdir(path) }
}

/// The instrument's end of an emulator socket, in the hands of a test. Every wait gives up after 60 s.
package final class TestInstrument {
  /// Where it listens.
  package let path: String
  /// The connection, once `accept` has returned.
  package private(set) var client: Int32 = -1
  private let folder: TestFolder
  private let listener: Int32

  /// Begins to listen.
  package init(_ kind: SocketLine.Kind) throws {
    folder = try TestFolder()
    path = folder.path + "/instrument"
    listener = try listenAt(path, kind)
  }

  deinit {
    hangUp()
    close(listener)
    unlink(path)
  }

  /// Waits for a client.
  package func accept() throws(TestTrouble) {
    var entries = [pollfd(fd: listener, events: Int16(POLLIN), revents: 0)]
    pollDescriptors(&entries, timeout: 60_000_000)
    client = Glibc.accept(listener, nil, nil)
    guard client >= 0 else { throw TestTrouble(what: "no client within 60 s") }
    var patience = timeval(tv_sec: 60, tv_usec: 0)
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
  }

  /// Sends one report or some bytes.
  package func send(_ bytes: [UInt8]) throws(TestTrouble) {
    guard Glibc.send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
      throw TestTrouble(what: "the client does not take \(bytes)")
    }
  }

  /// One report, or some bytes; empty at the end.
  package func receive() -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(client, &buffer, buffer.count, 0)
    return Array(buffer[..<max(0, count)])
  }

  /// Closes the connection, as if the cable were pulled.
  package func hangUp() {
    if client >= 0 { close(client) }
    client = -1
  }
}

extension Transport {
  /// Waits for the instrument and takes one report or some bytes.
  package func next() throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while true {
      guard try wait(link: -1, timeout: 60_000_000).contains(.device) else {
        throw TestTrouble(what: "nothing came within 60 s")
      }
      if let arrival = try buffer.withUnsafeMutableBytes({ try read(into: $0) }) {
        return Array(buffer[..<arrival.count])
      }
    }
  }

  /// Writes a list of bytes.
  package func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try write($0) }
  }
}
