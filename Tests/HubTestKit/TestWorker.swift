internal import Glibc
internal import Hub
internal import Platform
internal import Readings
package import WorkerLink

/// The worker's end of a link, in the hands of the test.
package final class TestWorker: Sendable {
  private let descriptor: Int32

  /// The worker at this end of a socket pair, which it closes in the end.
  package init(descriptor: Int32) { self.descriptor = descriptor }
  deinit { Glibc.close(descriptor) }

  /// Sends messages to the hub.
  package func send(_ messages: WorkerMessage...) { send(messages) }

  /// Sends messages to the hub in one piece.
  package func send(_ messages: [WorkerMessage]) {
    var writer = ByteWriter()
    for message in messages { message.write(to: &writer) }
    sendRaw(writer.bytes)
  }

  /// Sends bytes to the hub.
  package func sendRaw(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return }
      sent += count
    }
  }

  /// The next message that is no ping; `nil` when the hub closed the link.
  package func next() -> HubMessage? {
    while true {
      guard let header = read(5) else { return nil }
      let length = header[0..<4].reversed().reduce(0) { $0 << 8 | Int($1) }
      guard let payload = read(length - 1) else { return nil }
      guard let message = try? HubMessage(kind: header[4], payload: payload[...]) else { return nil }
      if case .ping(let number) = message {
        send(.pong(number))
      } else {
        return message
      }
    }
  }

  private func read(_ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let got = bytes[done...].withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if got <= 0 { return nil }
      done += got
    }
    return bytes
  }

  /// Closes the link, as a worker that died.
  package func hangUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  /// Declares the force channel and says that the instrument answers.
  package func becomeReady(interval: Int64 = 10_000) {
    send(
      .channel(Channel(number: 1, name: "force", quantity: "force", unit: "N", interval: interval)),
      .identity(Identity(vendor: "Vernier", model: "GDX-HD", serial: "1")), .ready)
  }

  /// Sends one sample of the force channel, taken now. Its device time goes unlike the station's, so that it stays a record
  /// of its own.
  package func sample(_ value: Double) {
    send(
      .samples(
        Samples(channel: 1, time: SystemClock.boot(), deviceTime: Int64(value * 1e6), values: [value])))
  }
}
