internal import DeviceIO

/// Where an emulator can be opened.
package enum EmulatorPlace: Equatable, Sendable {
  /// A listening Unix socket: SOCK_SEQPACKET for HID, SOCK_STREAM for serial.
  case socket(path: String)
  /// A pseudo-terminal, to which this symbolic link leads.
  case terminal(link: String)

  /// `unix:PATH`, `pty:LINK`, or a path alone for a socket.
  package init(_ text: String) {
    if text.hasPrefix("pty:") {
      self = .terminal(link: String(text.dropFirst(4)))
    } else {
      self = .socket(path: text.hasPrefix("unix:") ? String(text.dropFirst(5)) : text)
    }
  }

  /// Does what a confined process could not do.
  package func prepare(isHID: Bool) throws(EmulatorFailure) -> PreparedPlace {
    switch self {
    case .socket(let path):
      return PreparedPlace(endpoint: try ListeningSocket(path: path, kind: isHID ? .reports : .bytes))
    case .terminal(let link):
      guard !isHID else {
        throw EmulatorFailure(sentence: "A HID instrument cannot stand behind a terminal: use --at unix:PATH.")
      }
      return PreparedPlace(endpoint: try PseudoTerminal(link: link))
    }
  }
}

/// A place of which everything is there but the clients.
package struct PreparedPlace {
  let endpoint: any EmulatorEndpoint
}

/// A client that has just opened the instrument.
enum EmulatorClient {
  case socket(SocketLine)
  case terminal(TerminalLine)
}

/// A place where clients come one after the other.
protocol EmulatorEndpoint: AnyObject {
  /// What to poll for clients that must be refused while one is there; -1: nothing.
  var listener: Int32 { get }
  /// Lets clients come.
  func begin() throws(EmulatorFailure)
  /// Waits for a client. `nil`: `stop` can be read.
  func nextClient(until stop: Int32) throws(EmulatorFailure) -> EmulatorClient?
  /// Sends away a client that came while another one is there.
  func refuseClient()
  /// Takes the place away again.
  func close()
}
