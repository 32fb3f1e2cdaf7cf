internal import ContractCoding
internal import DeviceIO
internal import Glibc
internal import WorkerLink

/// The worker's end of the link. Messages to the hub are gathered and go out together; the hub always reads, so a send
/// that waits for it is the right back-pressure.
final class HubLink {
  /// Gathered bytes that are sent without waiting for the end of the turn.
  private static let fullAt = 65_536

  let descriptor: Int32
  /// The hub closed the link or died.
  private(set) var isGone = false
  private var outgoing = ByteWriter()
  private var incoming = FrameBuffer()
  private var buffer = [UInt8](repeating: 0, count: 16_384)

  init(descriptor: Int32) { self.descriptor = descriptor }

  /// Adds a message to what goes out next.
  func post(_ message: WorkerMessage) {
    message.write(to: &outgoing)
    if outgoing.bytes.count >= Self.fullAt { flush() }
  }

  /// Adds samples to what goes out next, straight from where the driver has them.
  func post(_ samples: CheckedSamples) {
    outgoing.samples(
      channel: samples.channel, time: samples.time, interval: samples.interval, deviceTime: samples.deviceTime,
      values: samples.values, raw: samples.raw, quality: samples.quality, offsets: samples.offsets)
    if outgoing.bytes.count >= Self.fullAt { flush() }
  }

  /// Sends what was gathered.
  func flush() {
    if outgoing.bytes.isEmpty || isGone { return }
    isGone = !outgoing.bytes.withUnsafeBytes { sendAll($0) }
    outgoing.clear()
  }

  private func sendAll(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest)
      let count = send(descriptor, part.baseAddress, part.count, Int32(MSG_NOSIGNAL))
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        var entries = [pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)]
        pollDescriptors(&entries, timeout: nil)
      } else if errno != EINTR {
        return false
      }
    }
    return true
  }

  /// Takes what has arrived, without waiting.
  func receive() {
    let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT)) }
    if count > 0 {
      incoming.append(buffer[..<count])
    } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
      isGone = true
    }
  }

  /// The next message that has arrived whole.
  func next() throws(Ending) -> HubMessage? {
    do throws(LinkError) {
      guard let frame = try incoming.next() else { return nil }
      return try HubMessage(kind: frame.kind, payload: frame.payload)
    } catch {
      throw .closed(
        .refused, code: "link_version",
        sentence: "Hub and worker do not understand each other: install both from one build of Thenar.")
    }
  }
}
