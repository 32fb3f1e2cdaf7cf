/// Cuts what arrives on the link into frames.
package struct FrameBuffer: Sendable {
  /// The longest frame that any message needs: 4096 samples with raw values, quality and times.
  package static let longestFrame = 262_144

  private var bytes: [UInt8] = []
  private var start = 0

  /// An empty buffer.
  package init() {}

  /// Adds bytes as they were read.
  package mutating func append(_ more: some Sequence<UInt8>) {
    if start > 0 {
      bytes.removeFirst(start)
      start = 0
    }
    bytes.append(contentsOf: more)
  }

  /// The next whole frame, its kind and its payload, or `nil` until more bytes have come.
  package mutating func next() throws(LinkError) -> (kind: UInt8, payload: ArraySlice<UInt8>)? {
    guard bytes.count - start >= 5 else { return nil }
    let length = bytes[start..<start + 4].withUnsafeBytes { UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self)) }
    guard length >= 1, length <= Self.longestFrame else { throw .badLength(length) }
    let end = start + 4 + Int(length)
    guard end <= bytes.count else { return nil }
    defer { start = end }
    return (bytes[start + 4], bytes[start + 5..<end])
  }
}
