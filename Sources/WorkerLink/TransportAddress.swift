/// How a worker reaches its instrument.
package enum TransportAddress: Equatable, Sendable {
  /// A HID device through libhidapi: the hidraw node and its report descriptor.
  case hid(node: String)
  /// A serial port through libserialport: a node under `/dev` or a link to one.
  case serial(node: String)
  /// A pseudo-terminal or other terminal that libserialport cannot open.
  case terminal(path: String)
  /// An emulated HID device: a SOCK_SEQPACKET socket, one message per report.
  case hidSocket(path: String)
  /// An emulated serial device: a SOCK_STREAM socket.
  case serialSocket(path: String)

  /// What a person knows it by.
  package var path: String {
    switch self {
    case .hid(let node), .serial(let node): node
    case .terminal(let path), .hidSocket(let path), .serialSocket(let path): path
    }
  }

  /// The file of a device; `nil`: an emulator's socket.
  package var node: String? {
    switch self {
    case .hid(let node), .serial(let node): node
    case .terminal(let path): path
    case .hidSocket, .serialSocket: nil
    }
  }

  /// The device talks in HID reports, not in a stream of bytes.
  package var isHID: Bool {
    switch self {
    case .hid, .hidSocket: true
    case .serial, .terminal, .serialSocket: false
    }
  }
}
