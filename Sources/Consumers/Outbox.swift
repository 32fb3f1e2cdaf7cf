/// Bytes that go out to one consumer before any more records: answers, and the rest of a line that has begun to go out.
package struct Outbox: Sendable {
  private var pieces: [[UInt8]] = []
  private var start = 0
  /// Bytes of the first piece that are out.
  private var offset = 0
  /// Bytes that wait.
  package private(set) var byteCount = 0

  /// Nothing waits.
  package init() {}

  /// Nothing waits.
  package var isEmpty: Bool { byteCount == 0 }

  /// Adds a piece at the end. Whoever shares it shares its memory.
  package mutating func append(_ piece: [UInt8]) {
    if piece.isEmpty { return }
    pieces.append(piece)
    byteCount += piece.count
  }

  /// What can be sent first, in one piece.
  package func withFirst<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
    if isEmpty { return nil }
    return pieces[start].withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[offset...])) }
  }

  /// So many bytes of the first piece are out.
  package mutating func sent(_ count: Int) {
    byteCount -= count
    offset += count
    if offset < pieces[start].count { return }
    offset = 0
    pieces[start] = []
    start += 1
    if start == pieces.count {
      pieces = []
      start = 0
    } else if start > 32, start * 2 > pieces.count {
      pieces.removeFirst(start)
      start = 0
    }
  }

  /// The consumer is gone.
  package mutating func clear() { self = Outbox() }
}
