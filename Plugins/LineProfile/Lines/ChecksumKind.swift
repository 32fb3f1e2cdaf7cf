/// The checksums that boards put at the end of a line, always as text.
enum ChecksumKind: String, CaseIterable {
  case none
  /// XOR of the bytes, two hex digits (NMEA 0183 style).
  case xor8
  /// Sum of the bytes modulo 256, two hex digits.
  case sum8
  /// 0x40 plus the sum of the decimal digits, one character (StackMat; PROTOCOL.md 7).
  case digitSum = "sum8+0x40"
  /// Sum of the bytes modulo 256, each half as a character from 0x30 on (ALGE; PROTOCOL.md 3.3).
  case nibbles = "nibbles+0x30"
  /// Sum of the bytes modulo 65536, four hex digits (TAG Heuer; PROTOCOL.md 7.1).
  case hexSum16 = "hex16sum"
  /// CRC-8/MAXIM-DOW: polynomial 0x31 reflected, start 0; two hex digits.
  case crc8Maxim = "crc8-maxim"
  /// CRC-16/CCITT-FALSE (IBM-3740): polynomial 0x1021, start 0xFFFF; four hex digits.
  case crc16CCITT = "crc16-ccitt"
  /// CRC-16/ARC: polynomial 0x8005 reflected, start 0; four hex digits.
  case crc16ARC = "crc16-arc"

  /// How many characters it has.
  var width: Int {
    switch self {
    case .none: 0
    case .digitSum: 1
    case .xor8, .sum8, .nibbles, .crc8Maxim: 2
    case .hexSum16, .crc16CCITT, .crc16ARC: 4
    }
  }

  /// Its characters over some bytes, the last in the lowest byte, hex digits as capitals; `nil` when it cannot be made of
  /// such bytes.
  func characters(over bytes: ArraySlice<UInt8>) -> UInt32? {
    switch self {
    case .none: return 0
    case .xor8: return hex(UInt16(bytes.reduce(0, ^)))
    case .sum8: return hex(UInt16(bytes.reduce(0, &+)))
    case .digitSum:
      var sum = 0
      for byte in bytes {
        guard (0x30...0x39).contains(byte) else { return nil }
        sum += Int(byte - 0x30)
      }
      return UInt8(exactly: 0x40 + sum).map(UInt32.init)
    case .nibbles:
      let sum = UInt32(bytes.reduce(0, &+))
      return (0x30 + sum >> 4) << 8 | (0x30 + sum & 15)
    case .hexSum16: return hex(bytes.reduce(UInt16(0)) { $0 &+ UInt16($1) })
    case .crc8Maxim: return hex(reflected(bytes, polynomial: 0x8C))
    case .crc16CCITT:
      return hex(
        bytes.reduce(UInt16.max) { crc, byte in
          (0..<8).reduce(crc ^ UInt16(byte) << 8) { crc, _ in crc & 0x8000 == 0 ? crc << 1 : crc << 1 ^ 0x1021 }
        })
    case .crc16ARC: return hex(reflected(bytes, polynomial: 0xA001))
    }
  }

  private func reflected(_ bytes: ArraySlice<UInt8>, polynomial: UInt16) -> UInt16 {
    bytes.reduce(UInt16(0)) { crc, byte in
      (0..<8).reduce(crc ^ UInt16(byte)) { crc, _ in crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ polynomial }
    }
  }

  private func hex(_ number: UInt16) -> UInt32 {
    (0..<width).reversed().reduce(0) { characters, place in
      let digit = UInt32(number >> (4 * UInt16(place)) & 15)
      return characters << 8 | (digit < 10 ? 0x30 + digit : 0x37 + digit)
    }
  }
}
