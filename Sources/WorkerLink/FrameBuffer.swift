/// Cuts what arrives on the link into frames.
package struct FrameBuffer: Sendable {
  /// The longest frame that any message needs: 4096 samples with raw values, quality and times.
  package static let longestFrame = 262_144
  /// What is kept of the buffer's room once a larger frame has gone through it.
  private static let keptCapacity = 65_536

  private var bytes: [UInt8] = []
  private var start = 0

  /// An empty buffer.
  package init() {}

  /// Bytes that wait for the rest of their frame, or for `next`.
  package var partialBytes: Int { bytes.count - start }

  /// Bytes of room that the buffer holds.
  package var capacity: Int { bytes.capacity }

  /// Adds bytes as they were read.
  package mutating func append(_ more: UnsafeRawBufferPointer) {
    drop()
    bytes.append(contentsOf: more)
  }

  /// Adds bytes as they were read.
  package mutating func append(_ more: [UInt8]) { more.withUnsafeBytes { append($0) } }

  /// Adds bytes as they were read.
  package mutating func append(_ more: ArraySlice<UInt8>) { more.withUnsafeBytes { append($0) } }

  /// Forgets the frames that `next` has handed out, and the room that only a large one of them needed.
  private mutating func drop() {
    if start == 0 { return }
    let rest = bytes.count - start
    if bytes.capacity > Self.keptCapacity, rest <= Self.keptCapacity / 2 {
      bytes = Array(bytes[start...])
    } else if rest == 0 {
      bytes.removeAll(keepingCapacity: true)
    } else {
      bytes.removeFirst(start)
    }
    start = 0
  }

  /// The next whole frame, its kind and its payload, or `nil` until more bytes have come.
  package mutating func next() throws(LinkError) -> (kind: UInt8, payload: ArraySlice<UInt8>)? {
    guard bytes.count - start >= 5 else {
      // Nothing may come for long: what is over is forgotten now and not at the next read.
      if start == bytes.count { drop() }
      return nil
    }
    let length = bytes.withUnsafeBytes {
      UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: start, as: UInt32.self))
    }
    guard length >= 1, length <= Self.longestFrame else { throw .badLength(length) }
    let end = start + 4 + Int(length)
    guard end <= bytes.count else { return nil }
    defer { start = end }
    return (bytes[start + 4], bytes[start + 5..<end])
  }
}
