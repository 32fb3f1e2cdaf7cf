/// One message of the protocol, whole and with a right checksum (PROTOCOL.md 2).
///
/// ```
/// 0 header   1 total length   2 counter   3 checksum   4 command id or measurement type   5... content
/// ```
package struct GoDirectFrame: Equatable, Sendable {
  /// First byte of a command.
  package static let commandHeader: UInt8 = 0x58
  /// First byte of the answer to a command.
  package static let responseHeader: UInt8 = 0x98
  /// First byte of the answer to INIT.
  package static let initResponseHeader: UInt8 = 0xB8
  /// First byte of a measurement. Whatever else comes from the instrument is an answer.
  package static let measurementHeader: UInt8 = 0x20
  /// Header, length, counter, checksum and the byte that says what it is about.
  package static let shortest = 5

  /// All bytes, header and checksum included.
  package let bytes: [UInt8]

  /// Builds a frame around a body, which begins with the command id or measurement type and has at most 251 bytes.
  package init(header: UInt8, counter: UInt8, body: [UInt8]) {
    var bytes = [header, UInt8(body.count + 4), counter, 0] + body
    bytes[3] = Self.checksum(of: bytes)
    self.bytes = bytes
  }

  /// Takes bytes that are one whole frame; `nil` when length or checksum are wrong.
  package init?(validating bytes: [UInt8]) {
    guard bytes.count >= Self.shortest, Int(bytes[1]) == bytes.count, bytes[3] == Self.checksum(of: bytes) else {
      return nil
    }
    self.bytes = bytes
  }

  /// It carries samples or news about them; otherwise it answers a command.
  package var isMeasurement: Bool { bytes[0] == Self.measurementHeader }

  /// The sum of all bytes but the fourth, modulo 256.
  package static func checksum(of bytes: [UInt8]) -> UInt8 {
    bytes.reduce(0, &+) &- (bytes.count > 3 ? bytes[3] : 0)
  }
}
