/// Cuts what arrives into lines, wherever the reads were cut.
struct LineBuffer {
  private let longestLine: Int
  private var bytes: [UInt8] = []
  private var start = 0
  private var searched = 0

  /// Lines may have `longestLine` bytes without their newline.
  init(longestLine: Int) { self.longestLine = longestLine }

  mutating func append(_ more: some Sequence<UInt8>) {
    if start > 0 {
      bytes.removeFirst(start)
      searched -= start
      start = 0
    }
    bytes.append(contentsOf: more)
  }

  /// The next whole line without its newline, or `nil` until more bytes have come. Once it has thrown it always does.
  mutating func next() throws(ClientError) -> [UInt8]? {
    guard let end = bytes[searched...].firstIndex(of: 0x0A) else {
      searched = bytes.count
      if searched - start > longestLine { throw .lineTooLong }
      return nil
    }
    if end - start > longestLine { throw .lineTooLong }
    defer {
      start = end + 1
      searched = start
    }
    return Array(bytes[start..<end])
  }
}
