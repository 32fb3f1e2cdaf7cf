internal import Glibc
package import StrictJSON

/// A consumer that blocks.
package final class TestConsumer {
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var start = 0

  /// Connects.
  package init(path: String) {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    precondition(result == 0, "connect \(path): \(errno)")
  }

  deinit { close(descriptor) }

  /// Sends a line.
  package func send(_ text: String) { sendRaw(Array((text + "\n").utf8)) }

  /// Sends bytes; `false` when the hub closed the connection.
  @discardableResult package func sendRaw(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }

  /// Will send nothing more, and goes on reading.
  package func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// The next line without its newline; `nil` at the end.
  package func nextLine() -> [UInt8]? {
    while true {
      // memchr: a search of ours would take most of the time of a debug build.
      let end: Int? = buffer.withUnsafeBytes { bytes in
        guard let base = bytes.baseAddress, start < bytes.count,
          let found = memchr(base + start, 0x0A, bytes.count - start)
        else { return nil }
        return UnsafeRawPointer(found) - base
      }
      if let end {
        defer { start = end + 1 }
        return Array(buffer[start..<end])
      }
      buffer.removeFirst(start)
      start = 0
      var chunk = [UInt8](repeating: 0, count: 65_536)
      let count = read(descriptor, &chunk, chunk.count)
      if count <= 0 { return nil }
      buffer.append(contentsOf: chunk[..<count])
    }
  }

  /// The next message; `nil` at the end.
  package func next() -> JSONNode? {
    nextLine().flatMap { try? JSONNode(parsing: $0, limits: JSONLimits(depth: 32, bytes: 1 << 20, comments: false)) }
  }

  /// The next message that fits; everything before it is passed over.
  package func next(where fits: (JSONNode) -> Bool) -> JSONNode? {
    while let message = next() {
      if fits(message) { return message }
    }
    return nil
  }

  /// The parameters of the next notification of a kind.
  package func next(_ method: String) -> JSONNode? { next { $0["method"]?.string == method }?["params"] }

  /// Sends a request and gives its whole reply.
  package func ask(_ method: String, _ parameters: String = "{}", id: Int = 1) -> JSONNode? {
    send(#"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":\#(parameters)}"#)
    return next { $0["id"]?.integer == Int64(id) }
  }
}
