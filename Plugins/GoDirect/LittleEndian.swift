extension [UInt8] {
  /// The whole number that begins at `offset`, low byte first. The caller has checked the length.
  func littleEndian<Integer: FixedWidthInteger>(_: Integer.Type = Integer.self, at offset: Int) -> Integer {
    var value: Integer = 0
    for index in 0..<MemoryLayout<Integer>.size {
      value |= Integer(truncatingIfNeeded: self[offset + index]) << (8 * index)
    }
    return value
  }

  /// The 32-bit float at `offset`, low byte first.
  func real32(at offset: Int) -> Float { Float(bitPattern: littleEndian(at: offset)) }

  /// The 64-bit float at `offset`, low byte first.
  func real64(at offset: Int) -> Double { Double(bitPattern: littleEndian(at: offset)) }

  /// The text in a field that is padded with NUL; a full field has no terminator. Broken UTF-8 becomes U+FFFD.
  func text(at offset: Int, count: Int) -> String {
    String(decoding: self[offset..<offset + count].prefix { $0 != 0 }, as: UTF8.self)
  }

  /// Appends a whole number, low byte first.
  mutating func append<Integer: FixedWidthInteger>(littleEndian value: Integer) {
    for index in 0..<MemoryLayout<Integer>.size { append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
  }
}
