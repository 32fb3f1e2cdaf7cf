/// The 64-byte HID reports that carry frames: a count, then that many bytes of a frame, then zeros (PROTOCOL.md
/// 1.2). Reports are not numbered.
package enum GoDirectReport {
  /// Bytes of a report as the instrument sends it.
  package static let size = 64
  /// Most bytes of a frame in one report.
  package static let capacity = 63

  /// A report that carries one piece of a frame, 1 to 63 bytes.
  package static func carrying(_ piece: some Collection<UInt8>) -> [UInt8] {
    [UInt8(piece.count)] + piece + [UInt8](repeating: 0, count: capacity - piece.count)
  }
}

extension GoDirectFrame {
  /// The reports that carry this frame: all but the last are full, as the maker's own libraries need them.
  package var reports: [[UInt8]] {
    stride(from: 0, to: bytes.count, by: GoDirectReport.capacity).map {
      GoDirectReport.carrying(bytes[$0..<min($0 + GoDirectReport.capacity, bytes.count)])
    }
  }

  /// The write of a command: report id 0 and its one report; the longest command has 25 bytes.
  package var outputReport: [UInt8] { [0] + GoDirectReport.carrying(bytes.prefix(GoDirectReport.capacity)) }
}
