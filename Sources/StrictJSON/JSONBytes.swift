// What the writer puts down, byte by byte. Each function writes from `place` on, where there is room enough, and gives
// the number of bytes.

/// Copies bytes as they are.
func copyBytes(_ bytes: UnsafeBufferPointer<UInt8>, to place: UnsafeMutablePointer<UInt8>) -> Int {
  if let start = bytes.baseAddress { place.update(from: start, count: bytes.count) }
  return bytes.count
}

/// Writes text in quotes; two bytes more than the text.
func quote(_ text: UnsafeBufferPointer<UInt8>, at place: UnsafeMutablePointer<UInt8>) -> Int {
  place[0] = UInt8(ascii: "\"")
  let length = 1 + copyBytes(text, to: place + 1)
  place[length] = UInt8(ascii: "\"")
  return length + 1
}

/// JSON wants an escape for it. Every other character stands for itself, DEL, C1 controls and bidirectional marks too.
func needsEscape(_ byte: UInt8) -> Bool { byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") }

/// Writes text in quotes with its escapes; at most two bytes and six times the text.
func quoteEscaping(_ text: UnsafeBufferPointer<UInt8>, at place: UnsafeMutablePointer<UInt8>) -> Int {
  var end = place
  func put(_ byte: UInt8) {
    end.pointee = byte
    end += 1
  }
  func put(escape byte: UInt8) {
    put(UInt8(ascii: "\\"))
    put(byte)
  }
  put(UInt8(ascii: "\""))
  for byte in text {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): put(escape: byte)
    case 0x0A: put(escape: UInt8(ascii: "n"))
    case 0x0D: put(escape: UInt8(ascii: "r"))
    case 0x09: put(escape: UInt8(ascii: "t"))
    case 0..<0x20:
      put(escape: UInt8(ascii: "u"))
      put(UInt8(ascii: "0"))
      put(UInt8(ascii: "0"))
      put(UInt8(ascii: "0") + byte >> 4)
      let low = byte & 15
      put(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
    default: put(byte)
    }
  }
  put(UInt8(ascii: "\""))
  return end - place
}

/// Room for any number that ``writeDecimal(_:negative:decimals:at:)`` writes: it works from the end of this room.
let decimalRoom = 48

/// Writes `magnitude`, of which the last `decimals` digits stand behind the point. Two digits at once: half the divisions.
func writeDecimal(_ magnitude: UInt64, negative: Bool, decimals: Int, at place: UnsafeMutablePointer<UInt8>) -> Int {
  let end = place + decimalRoom
  var start = end
  var rest = magnitude
  if decimals > 0 {
    for _ in 0..<decimals {
      start -= 1
      start.pointee = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    start -= 1
    start.pointee = UInt8(ascii: ".")
  }
  while rest >= 100 {
    let pair = Int(rest % 100)
    rest /= 100
    start -= 2
    // 0x3030 is "00"; the digit of ten stands first.
    let text = UInt16(0x3030) + UInt16(truncatingIfNeeded: pair / 10) + UInt16(truncatingIfNeeded: pair % 10) << 8
    UnsafeMutableRawPointer(start).storeBytes(of: text.littleEndian, as: UInt16.self)
  }
  if rest >= 10 {
    start -= 1
    start.pointee = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
    rest /= 10
  }
  start -= 1
  start.pointee = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest)
  if negative {
    start -= 1
    start.pointee = UInt8(ascii: "-")
  }
  let length = end - start
  place.update(from: start, count: length)
  return length
}

/// The nearest whole number; of two that are as near, either. Without a call into the mathematics library wherever the
/// step between two numbers near 1.5 * 2^52, which is one, can do the rounding.
func nearestWhole(_ number: Double) -> Double {
  number.magnitude < 0x1p51 ? (number + 0x1.8p52) - 0x1.8p52 : number.rounded()
}
