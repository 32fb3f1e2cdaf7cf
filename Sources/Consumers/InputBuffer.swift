/// What a consumer has sent and was not carried out yet: whole lines of bounded length, and the beginning of one.
package struct InputBuffer: Sendable {
  /// A line is longer than the limit.
  package struct TooLong: Error {}

  private var bytes: [UInt8] = []
  private var start = 0
  /// Where to go on looking for the end of the first line.
  private var searched = 0
  private let limit: Int

  /// For lines of at most `limit` bytes, the newline not counted.
  package init(limit: Int) { self.limit = limit }

  /// Bytes that are held.
  package var count: Int { bytes.count - start }

  /// Adds bytes as they came.
  package mutating func append(_ more: UnsafeRawBufferPointer) {
    if start > 0 {
      bytes.removeFirst(start)
      searched -= start
      start = 0
    }
    bytes.append(contentsOf: more)
  }

  /// Takes out the first whole line, without its newline and a carriage return before it; `nil` until there is one. Empty
  /// lines are passed over.
  package mutating func nextLine() throws(TooLong) -> [UInt8]? {
    while let end = bytes[searched...].firstIndex(of: 0x0A) {
      if end - start > limit { throw TooLong() }
      let line = bytes[start..<(end > start && bytes[end - 1] == 0x0D ? end - 1 : end)]
      start = end + 1
      searched = start
      if !line.isEmpty {
        let copy = Array(line)
        letGo()
        return copy
      }
    }
    searched = bytes.count
    if count > limit { throw TooLong() }
    letGo()
    return nil
  }

  /// A whole line waits.
  package var hasLine: Bool { bytes[searched...].contains(0x0A) }

  /// Nothing of what comes later will be carried out.
  package mutating func clear() {
    bytes = []
    (start, searched) = (0, 0)
  }

  /// A consumer that is done with a long line does not keep the room for it.
  private mutating func letGo() {
    if start == bytes.count { clear() }
  }
}
