internal import Glibc
package import StrictJSON

/// The hub's side of a connection.
package final class FakeConnection {
  private let descriptor: Int32
  private var received: [UInt8] = []

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit {
    // A program that another test starts at the wrong moment may have inherited it: closing would then not end it.
    shutdown(descriptor, Int32(SHUT_RDWR))
    close(descriptor)
  }

  /// Sends a line, to which the newline is added. `false`: the program has closed the connection.
  @discardableResult
  package func send(_ line: String) -> Bool { send(bytes: Array(line.utf8) + [0x0A]) }

  /// Sends bytes as they are.
  @discardableResult
  package func send(bytes: some Collection<UInt8>) -> Bool {
    let bytes = Array(bytes)
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0 { return false }
      sent += count
    }
    return true
  }

  /// The next request, or `nil` when the program has closed the connection.
  package func request() -> JSONNode? {
    while true {
      if let end = received.firstIndex(of: 0x0A) {
        let line = Array(received[..<end])
        received.removeFirst(end + 1)
        return try? JSONNode(parsing: line, limits: .line)
      }
      var chunk = [UInt8](repeating: 0, count: 4096)
      let count = recv(descriptor, &chunk, chunk.count, 0)
      if count <= 0 { return nil }
      received += chunk[..<count]
    }
  }

  /// Answers a request.
  package func answer(_ request: JSONNode, _ result: String) {
    send(#"{"jsonrpc":"2.0","id":\#(request["id"]?.integer ?? 0),"result":\#(result)}"#)
  }

  /// Waits until the program closes the connection.
  package func waitForEnd() {
    while request() != nil {}
  }

  /// The greeting.
  package func welcome(epoch: String = "9f2c61d0") {
    send(
      #"{"jsonrpc":"2.0","method":"welcome","params":{"server":"thenar","build":"0.1.0","proto":{"min":1,"max":1},"#
        + #""epoch":"\#(epoch)","heartbeat_ms":1000}}"#)
  }
}

/// A hub that is played from the test's own thread: what the test sends is there when the other side looks.
package final class HubInHand {
  private let listener: Int32
  private let directory: String
  /// The socket to connect to.
  package let path: String

  /// Listens.
  package init() {
    directory = makeDirectory()
    path = "\(directory)/consumer.sock"
    listener = listeningSocket(path)
  }

  deinit {
    close(listener)
    unlink(path)
    rmdir(directory)
  }

  /// The hub's side of the connection that was made.
  package func accepted() -> FakeConnection { FakeConnection(accept(listener, nil, nil)) }
}
