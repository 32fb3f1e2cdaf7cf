import DriverKit

/// What the gauge sends a hundred times a second: 8 bytes, of which the last three are not used (PROTOCOL.md 1).
struct AcornReport: Equatable {
  /// Counts the reports and begins again at 0 after 255.
  var counter: UInt8
  /// The force is more than the gauge can measure.
  var isOverRange: Bool
  /// The gauge has just taken its present force for zero.
  var wasZeroed: Bool
  /// The force in hundredths of a kilogram-force.
  var hundredths: Int16

  /// Reads a report; `nil` when it is not whole and sound.
  init?(_ bytes: Span<UInt8>) {
    guard bytes.count == 8, bytes[4] == bytes[0] &+ bytes[1] &+ bytes[2] &+ bytes[3] else { return nil }
    counter = bytes[0]
    isOverRange = bytes[1] & 1 != 0
    wasZeroed = bytes[1] & 2 != 0
    hundredths = Int16(bitPattern: UInt16(bytes[2]) | UInt16(bytes[3]) << 8)
  }

  /// A report to send, for the emulator.
  init(counter: UInt8, isOverRange: Bool = false, wasZeroed: Bool = false, hundredths: Int16) {
    self.counter = counter
    self.isOverRange = isOverRange
    self.wasZeroed = wasZeroed
    self.hundredths = hundredths
  }

  /// The report's bytes.
  var bytes: [UInt8] {
    let status: UInt8 = (isOverRange ? 1 : 0) | (wasZeroed ? 2 : 0)
    let force = UInt16(bitPattern: hundredths)
    let head = [counter, status, UInt8(force & 0xFF), UInt8(force >> 8)]
    return head + [head.reduce(0, &+), 0, 0, 0]
  }
}
