internal import NIOCore

/// Cuts what a consumer sends into lines of bounded length.
package struct LineSplitter: Sendable {
  /// A line is longer than the limit.
  package struct TooLong: Error {}

  private var partial: [UInt8] = []
  private let limit: Int

  /// Lines of at most `limit` bytes, the newline not counted.
  package init(limit: Int) { self.limit = limit }

  /// Takes bytes as they came and hands over each whole line, without its newline and a carriage return before it.
  /// Empty lines are passed over.
  package mutating func take(_ bytes: some Sequence<UInt8>, _ body: ([UInt8]) -> Bool) throws(TooLong) {
    for byte in bytes {
      if byte == 0x0A {
        if partial.last == 0x0D { partial.removeLast() }
        let line = partial
        partial.removeAll(keepingCapacity: true)
        if !line.isEmpty, !body(line) { return }
      } else {
        if partial.count >= limit { throw TooLong() }
        partial.append(byte)
      }
    }
  }
}
