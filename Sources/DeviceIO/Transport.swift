package import Readings
package import WorkerLink

/// What has something to say after a wait. Empty: the time is over.
package struct Readiness: OptionSet, Sendable {
  /// One bit for each.
  package let rawValue: UInt8
  /// A set of bits.
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// `read` has bytes, a report, or the news that the instrument is gone.
  package static let device = Readiness(rawValue: 1 << 0)
  /// The other descriptor can be read, or was closed at its far end.
  package static let link = Readiness(rawValue: 1 << 1)
}

/// Bytes or a report that were read.
package struct Arrival: Equatable, Sendable {
  /// How many bytes of the buffer hold it.
  package var count: Int
  /// Station time in microseconds, taken right after the read returned.
  package var time: Int64
  /// The id of the feature report that was asked for, where this answers a request; no bytes then: it was refused.
  package var feature: UInt8?

  init(count: Int, time: Int64, feature: UInt8? = nil) {
    self.count = count
    self.time = time
    self.feature = feature
  }
}

/// The instrument was unplugged, or its line broke.
package struct ConnectionLost: Error, Equatable {
  /// `usb_detached` or `line_broken`.
  package var code: String
  /// One plain sentence.
  package var sentence: String
}

/// An open way to an instrument. Only `wait` blocks. One thread uses it.
package protocol Transport: AnyObject {
  /// Waits until the instrument has something to say, or the descriptor `link` has (-1: none), or the time is over, and
  /// sends on what could not be sent before. `timeout` in microseconds; `nil`: for ever.
  func wait(link: Int32, timeout: Int64?) throws(ConnectionLost) -> Readiness

  /// Takes one report or the bytes that are there. `nil`: nothing is there now.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ConnectionLost) -> Arrival?

  /// Sends bytes or one report in order, now or from a later `wait`.
  func write(_ bytes: UnsafeRawBufferPointer) throws(ConnectionLost)

  /// Something that was written has not left the station yet.
  var hasUnsentBytes: Bool { get }

  /// Gives the instrument back. Never waits for bytes that the instrument does not take. Call it once, last.
  func close()
}

/// A transport of HID reports, which has feature reports as well.
package protocol ReportTransport: Transport {
  /// Asks for a feature report. `read` brings the answer later, once per request.
  func requestFeature(_ report: UInt8) throws(ConnectionLost)

  /// Requests that have not been answered.
  var openFeatureRequests: Int { get }

  /// Sends a feature report, its first byte the report id. False: the instrument refused it.
  func writeFeature(_ bytes: UnsafeRawBufferPointer) throws(ConnectionLost) -> Bool
}

/// Opens the way to an instrument.
package func openTransport(
  _ address: TransportAddress, line: SerialLine
) throws(OpenFailure) -> any Transport {
  switch address {
  case .hid(let node): try HIDTransport(node: node)
  case .serial(let node): DescriptorTransport(try SerialPortLine(node: node, settings: line))
  case .terminal(let path): DescriptorTransport(try TerminalLine(path: path, settings: line))
  case .hidSocket(let path): EmulatedReports(try SocketLine(path: path, kind: .reports))
  case .serialSocket(let path): DescriptorTransport(try SocketLine(path: path, kind: .bytes))
  }
}
