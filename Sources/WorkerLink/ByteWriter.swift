/// Appends numbers and texts, little-endian, to a byte buffer that is reused.
package struct ByteWriter: Sendable {
  /// What has been written.
  package private(set) var bytes: [UInt8] = []

  /// An empty writer.
  package init() {}

  /// Forgets what was written and keeps the room.
  package mutating func clear() { bytes.removeAll(keepingCapacity: true) }

  /// Forgets the first `count` bytes: they are on their way.
  package mutating func dropFirst(_ count: Int) { bytes.removeFirst(count) }

  mutating func integer<Integer: FixedWidthInteger>(_ integer: Integer) {
    withUnsafeBytes(of: integer.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Bytes as they lie in memory.
  mutating func append(_ more: UnsafeRawBufferPointer) { bytes.append(contentsOf: more) }

  mutating func number(_ number: Double) { integer(number.bitPattern) }

  mutating func text(_ text: String) {
    var text = text
    text.withUTF8 { utf8 in
      integer(UInt32(utf8.count))
      bytes.append(contentsOf: utf8)
    }
  }

  mutating func byteArray(_ array: [UInt8]) {
    integer(UInt32(array.count))
    bytes.append(contentsOf: array)
  }

  mutating func list<Element>(_ elements: [Element], _ write: (inout ByteWriter, Element) -> Void) {
    integer(UInt32(elements.count))
    for element in elements { write(&self, element) }
  }

  mutating func optional(_ time: Int64?) { integer(time ?? Int64.min) }

  /// Writes a frame: its length, its kind, and what `body` writes.
  mutating func frame(_ kind: UInt8, _ body: (inout ByteWriter) -> Void) {
    let start = bytes.count
    integer(UInt32(0))
    integer(kind)
    body(&self)
    let length = UInt32(bytes.count - start - 4)
    withUnsafeBytes(of: length.littleEndian) { bytes.replaceSubrange(start..<start + 4, with: $0) }
  }
}
