/// A feature report on an emulator's socket, beside the bare reports that go over it.
///
/// A message that begins with the marker, which no report does, speaks of a feature report; every other message is a
/// report and nothing else. So a client or an emulator that knows bare reports only never meets another message, unless
/// a driver asks for a feature report; it is then an output report that means nothing to the emulator, and the request
/// is taken for refused when nobody answers it.
package enum FeatureMessage: Equatable {
  /// The client wants a feature report.
  case request(UInt8)
  /// The client sends a feature report, its first byte the report id.
  case write([UInt8])
  /// The instrument's answer to a request; no bytes: it refuses.
  case answer(UInt8, [UInt8])

  /// 16 bytes.
  private static let marker = Array("THENAR-FEATURE/1".utf8)

  /// `nil`: a report.
  package init?(_ message: UnsafeRawBufferPointer) {
    guard message.count >= Self.marker.count + 2, message.starts(with: Self.marker) else { return nil }
    let (verb, report) = (message[Self.marker.count], message[Self.marker.count + 1])
    let bytes = Array(message[(Self.marker.count + 2)...])
    switch verb {
    case UInt8(ascii: "?"): self = .request(report)
    case UInt8(ascii: "="): self = .write([report] + bytes)
    case UInt8(ascii: "!"): self = .answer(report, bytes)
    default: return nil
    }
  }

  /// The message on the socket.
  package var bytes: [UInt8] {
    switch self {
    case .request(let report): Self.marker + [UInt8(ascii: "?"), report]
    case .write(let bytes): Self.marker + [UInt8(ascii: "="), bytes.first ?? 0] + bytes.dropFirst()
    case .answer(let report, let bytes): Self.marker + [UInt8(ascii: "!"), report] + bytes
    }
  }
}
