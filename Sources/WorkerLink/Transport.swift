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

  /// The device talks in HID reports, not in a stream of bytes.
  package var isHID: Bool {
    switch self {
    case .hid, .hidSocket: true
    case .serial, .terminal, .serialSocket: false
    }
  }
}

/// How a serial line is opened when the driver does not say.
package struct LineSettings: Equatable, Sendable {
  /// Bits per second.
  package var baud: UInt32
  /// 5 to 8.
  package var dataBits: UInt32
  /// 0 none, 1 odd, 2 even.
  package var parity: UInt32
  /// 1 or 2.
  package var stopBits: UInt32
  /// Level of DTR after opening.
  package var dtr: Bool
  /// Level of RTS after opening.
  package var rts: Bool

  /// 8N1 with both lines up unless said otherwise.
  package init(
    baud: UInt32 = 9600, dataBits: UInt32 = 8, parity: UInt32 = 0, stopBits: UInt32 = 1, dtr: Bool = true,
    rts: Bool = true
  ) {
    self.baud = baud
    self.dataBits = dataBits
    self.parity = parity
    self.stopBits = stopBits
    self.dtr = dtr
    self.rts = rts
  }
}
