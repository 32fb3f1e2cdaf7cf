/// A command as the instrument understands it.
enum ReceivedCommand: Equatable {
  case initialize
  case status
  case deviceInfo
  case defaultMask
  case availableMask
  case sensorInfo(channel: UInt8)
  /// Microseconds, as unchecked as they come.
  case setPeriod(UInt64)
  case start(mask: UInt32, sampleAtOnce: Bool)
  case stop
  case disconnect
  case unknown

  /// Reads the command in a report; `nil` when report, length or checksum are wrong: then nothing is answered.
  static func read(_ report: [UInt8]) -> (command: ReceivedCommand, id: UInt8, counter: UInt8)? {
    guard let count = report.first, count <= GoDirectReport.capacity, report.count > Int(count),
      let frame = GoDirectFrame(validating: Array(report[1..<1 + Int(count)])),
      frame.bytes[0] == GoDirectFrame.commandHeader
    else { return nil }
    let bytes = frame.bytes
    guard let command = command(bytes) else { return nil }
    return (command, bytes[4], bytes[2])
  }

  private static func command(_ bytes: [UInt8]) -> ReceivedCommand? {
    switch (GoDirectCommand.ID(rawValue: bytes[4]), bytes.count) {
    case (.initialize, 25): .initialize
    case (.status, 5): .status
    case (.deviceInfo, 5): .deviceInfo
    case (.defaultMask, 5): .defaultMask
    case (.availableMask, 5): .availableMask
    case (.sensorInfo, 6): .sensorInfo(channel: bytes[5])
    case (.setPeriod, 15): .setPeriod(bytes.littleEndian(at: 7))
    case (.start, 19): .start(mask: bytes.littleEndian(at: 7), sampleAtOnce: bytes[6] != 0)
    case (.stop, 11): .stop
    case (.disconnect, 5): .disconnect
    case (nil, _): .unknown
    default: nil
    }
  }
}
