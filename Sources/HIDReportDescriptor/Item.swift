/// One short item of a descriptor.
struct Item {
  /// Where its first byte stands.
  var offset: Int
  /// Type and tag: its first byte without the two bits of size.
  var prefix: UInt8
  /// Bytes of data: 0, 1, 2 or 4.
  var size: Int
  /// The data as a number without a sign.
  var unsigned: UInt32

  /// The data as a number with a sign.
  var signed: Int64 {
    switch size {
    case 1: Int64(Int8(truncatingIfNeeded: unsigned))
    case 2: Int64(Int16(truncatingIfNeeded: unsigned))
    default: Int64(Int32(truncatingIfNeeded: unsigned))
    }
  }
}

/// Cuts a descriptor into short items and leaves out the long ones, which nobody has ever defined.
struct ItemReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func next() throws(ReportDescriptorError) -> Item? {
    while position < bytes.count {
      let offset = position
      let isLong = bytes[offset] == 0xFE
      let dataStart = offset + (isLong ? 3 : 1)
      guard dataStart <= bytes.count else { throw ReportDescriptorError(.truncatedItem, at: offset) }
      let sizeBits = Int(bytes[offset] & 3)
      let size = isLong ? Int(bytes[offset + 1]) : sizeBits == 3 ? 4 : sizeBits
      guard dataStart + size <= bytes.count else { throw ReportDescriptorError(.truncatedItem, at: offset) }
      position = dataStart + size
      if isLong { continue }
      var data: UInt32 = 0
      for index in 0..<size { data |= UInt32(bytes[dataStart + index]) << UInt32(8 * index) }
      return Item(offset: offset, prefix: bytes[offset] & 0xFC, size: size, unsigned: data)
    }
    return nil
  }
}
