/// Puts frames together from reports and finds the way back when reports are missing or damaged.
///
/// It is not DriverKit's framer: that cuts a stream of bytes, and here the reports say where the pieces of a frame begin.
package struct FrameAssembler: Sendable {
  /// What a report brought to light.
  package enum Finding: Equatable, Sendable {
    /// A whole frame.
    case frame(GoDirectFrame)
    /// A whole frame with a wrong checksum: its bytes, none of which can be trusted.
    case badChecksum([UInt8])
    /// The beginning of a frame whose other reports did not come.
    case truncated([UInt8])
    /// A report that can carry no frame.
    case malformedReport
  }

  private var partial: [UInt8] = []

  /// Nothing collected yet.
  package init() {}

  /// Takes one report; mostly gives one finding, none while a frame is incomplete, two when one frame ended early.
  package mutating func take(_ report: [UInt8]) -> [Finding] {
    guard report.count == GoDirectReport.size, (1...GoDirectReport.capacity).contains(Int(report[0])) else {
      return abandon() + [.malformedReport]
    }
    let piece = Array(report[1...Int(report[0])])
    if partial.isEmpty { return begin(with: piece) }
    // Frames are cut into full pieces, so a piece of any other size belongs to a new frame.
    guard piece.count == min(GoDirectReport.capacity, Int(partial[1]) - partial.count) else {
      return abandon() + begin(with: piece)
    }
    partial += piece
    if partial.count < Int(partial[1]) { return [] }
    let bytes = partial
    partial = []
    if let frame = GoDirectFrame(validating: bytes) { return [.frame(frame)] }
    // A piece of the right size may still be the next frame, after a report that never came.
    if let next = GoDirectFrame(validating: piece) {
      return [.truncated(Array(bytes.dropLast(piece.count))), .frame(next)]
    }
    return [.badChecksum(bytes)]
  }

  /// Forgets a frame that is not complete.
  package mutating func reset() { partial = [] }

  private mutating func begin(with piece: [UInt8]) -> [Finding] {
    guard piece.count >= GoDirectFrame.shortest, Int(piece[1]) >= GoDirectFrame.shortest else {
      return [.malformedReport]
    }
    let length = Int(piece[1])
    if piece.count == length { return [GoDirectFrame(validating: piece).map { .frame($0) } ?? .badChecksum(piece)] }
    guard piece.count < length, piece.count == GoDirectReport.capacity else { return [.malformedReport] }
    partial = piece
    return []
  }

  private mutating func abandon() -> [Finding] {
    if partial.isEmpty { return [] }
    defer { partial = [] }
    return [.truncated(partial)]
  }
}
