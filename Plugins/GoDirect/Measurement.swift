/// What a measurement frame says (PROTOCOL.md 5).
package enum Measurement: Equatable, Sendable {
  /// Samples of one or more channels.
  case samples(SampleRun)
  /// The instrument lost samples: of which channels and how many, where it says so in the way of the one note on it.
  case dropped(mask: UInt32?, count: UInt64?)
  /// Start time, actual period, or a type of older interfaces: nothing that is needed.
  case skipped
  /// A type that nobody has described.
  case unknown(type: UInt8)
  /// A known type whose length does not fit its content.
  case malformed

  /// Samples that came in one frame.
  package struct SampleRun: Equatable, Sendable {
    /// Numbers of the channels, rising.
    package var channels: [UInt8]
    /// Samples per channel.
    package var count: Int
    /// All channels' first values, then all channels' second values, and so on; in the instrument's unit.
    package var values: [Double]
    /// One sample per period; otherwise the channel spoke because it had something to say.
    package var isPeriodic: Bool

    /// A run with everything given.
    package init(channels: [UInt8], count: Int, values: [Double], isPeriodic: Bool = true) {
      self.channels = channels
      self.count = count
      self.values = values
      self.isPeriodic = isPeriodic
    }

    /// The values of the channel at an index of ``channels``, in order of time.
    package func values(at index: Int) -> [Double] {
      stride(from: index, to: values.count, by: channels.count).map { values[$0] }
    }
  }

  /// Type of the frame that says that samples were dropped.
  static let droppedType: UInt8 = 0x0D
  /// Type of the frame that carries samples of channels below 16.
  static let normalType: UInt8 = 0x06

  /// Reads a measurement frame.
  package init(_ frame: GoDirectFrame) {
    let bytes = frame.bytes
    switch bytes[4] {
    case Self.normalType where bytes.count >= 9:
      let mask = UInt32(bytes.littleEndian(UInt16.self, at: 5))
      self = Self.run(bytes, channels: channels(in: mask), count: bytes[7], from: 9)
    case 0x07 where bytes.count >= 11:
      self = Self.run(bytes, channels: channels(in: bytes.littleEndian(at: 5)), count: bytes[9], from: 11)
    case 0x08...0x0B where bytes.count >= 8:
      self = Self.run(
        bytes, channels: [bytes[6]], count: bytes[7], from: 8, isInteger: bytes[4] == 0x09 || bytes[4] == 0x0B,
        isPeriodic: bytes[4] < 0x0A)
    case 0x06...0x0B: self = .malformed
    case Self.droppedType:
      self =
        bytes.count >= 9
        ? .dropped(
          mask: UInt32(bytes.littleEndian(UInt16.self, at: 5)), count: UInt64(bytes.littleEndian(UInt16.self, at: 7)))
        : .dropped(mask: nil, count: nil)
    case 0x00...0x05, 0x0C, 0x0E: self = .skipped
    default: self = .unknown(type: bytes[4])
    }
  }

  private static func run(
    _ bytes: [UInt8], channels: [UInt8], count: UInt8, from offset: Int, isInteger: Bool = false,
    isPeriodic: Bool = true
  ) -> Measurement {
    let total = Int(count) * channels.count
    guard bytes.count == offset + 4 * total else { return .malformed }
    let values = (0..<total).map { index in
      let place = offset + 4 * index
      return isInteger ? Double(bytes.littleEndian(Int32.self, at: place)) : Double(bytes.real32(at: place))
    }
    return .samples(SampleRun(channels: channels, count: Int(count), values: values, isPeriodic: isPeriodic))
  }

  /// How many samples per channel a damaged measurement frame carried, from its length alone: the layouts differ in what
  /// remains of it by four. `nil` when it cannot be told.
  package static func sampleCount(ofLength length: Int, channelCount: Int) -> Int? {
    let headerLength: Int
    switch length % 4 {
    case 1: headerLength = 9
    case 3: headerLength = 11
    case 0 where channelCount == 1: headerLength = 8
    default: return nil
    }
    let values = (length - headerLength) / 4
    guard channelCount > 0, values > 0, values % channelCount == 0 else { return nil }
    return values / channelCount
  }
}

/// The channels of a mask, rising: bit n is channel n.
package func channels(in mask: UInt32) -> [UInt8] {
  (0..<32).filter { mask & 1 << UInt32($0) != 0 }
}
