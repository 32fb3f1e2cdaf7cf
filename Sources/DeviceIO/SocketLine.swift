internal import Glibc

/// An emulated instrument's Unix socket: one message per report, or a stream of bytes.
package struct SocketLine: DeviceLine {
  /// What goes over the socket.
  package enum Kind: Sendable {
    /// HID reports: SOCK_SEQPACKET.
    case reports
    /// Serial bytes: SOCK_STREAM.
    case bytes
  }

  package let name: String
  package let descriptor: Int32
  /// hidapi takes reports without a number with a leading 0 that is not sent to the device.
  private let dropsReportZero: Bool

  /// How long an emulator may take to begin to listen, in microseconds.
  private static let patience: Int64 = 2_000_000

  /// Connects to the emulator that listens at `path`, and waits up to 2 s for it to begin.
  init(path: String, kind: Kind) throws(OpenFailure) {
    guard var address = UnixAddress(path: path) else {
      throw .unopened("path_too_long", "\(path) is too long for a socket: use a path of at most 107 bytes.")
    }
    guard let descriptor = makeSocket(kind) else { throw OpenFailure(errno: errno, node: path) }
    let end = stationTime() + Self.patience
    while !address.connect(descriptor) {
      let error = errno
      guard [ENOENT, ECONNREFUSED, EAGAIN, EINTR].contains(error), stationTime() < end else {
        Glibc.close(descriptor)
        throw Self.reasonNotConnected(error, path)
      }
      poll(nil, 0, 10)
    }
    self.init(connected: descriptor, name: path, dropsReportZero: kind == .reports)
  }

  /// A line over a socket that is connected and does not block.
  package init(connected descriptor: Int32, name: String, dropsReportZero: Bool) {
    self.descriptor = descriptor
    self.name = name
    self.dropsReportZero = dropsReportZero
  }

  private static func reasonNotConnected(_ error: Int32, _ path: String) -> OpenFailure {
    switch error {
    case ENOENT, ECONNREFUSED:
      .unopened("no_emulator", "No emulator listens at \(path): start it first.")
    case EPROTOTYPE:
      .unopened("wrong_socket", "The emulator at \(path) is of the other transport: start it with the module's own.")
    default: OpenFailure(errno: error, node: path)
    }
  }

  package var lossCode: String { "line_broken" }

  package func receive(into buffer: UnsafeMutableRawBufferPointer) -> LineRead {
    let count = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
    if count > 0 { return .bytes(count) }
    return count < 0 && (errno == EAGAIN || errno == EINTR) ? .nothing : .hungUp
  }

  package func send(_ bytes: UnsafeRawBufferPointer) -> Int? {
    let skipped = dropsReportZero && bytes.first == 0 ? 1 : 0
    let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
    // A message of no bytes looks like the end of the connection to whoever reads it.
    guard bytes.count > skipped else { return bytes.count }
    let count = Glibc.send(descriptor, bytes.baseAddress?.advanced(by: skipped), bytes.count - skipped, flags)
    if count >= 0 { return count + skipped }
    return errno == EAGAIN || errno == EINTR ? 0 : nil
  }

  package var holdsSentBytes: Bool { false }

  package func close() { Glibc.close(descriptor) }
}
