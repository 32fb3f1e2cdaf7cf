package import Readings
package import StrictJSON

/// Writes the lines of one channel's measurements: what is the same in all of them is made once. The lines are those of
/// ``MeasurementRecord``.
package struct MeasurementLine: Sendable {
  private let beforeSequence: [UInt8]
  private let beforeCount: [UInt8]
  private let beforeTime: [UInt8]
  private let afterWallTime: [UInt8]
  private let afterRaw: [UInt8]

  /// Lines of a channel of a device.
  package init(device: String, channel: Channel) {
    // Cut out of a line that is written as every other is.
    let parts = Self.pieces(device: device, channel: channel)
    beforeSequence = parts[0]
    beforeCount = parts[1]
    beforeTime = parts[2]
    afterWallTime = parts[3]
    afterRaw = parts[4]
  }

  private static func pieces(device: String, channel: Channel) -> [[UInt8]] {
    func piece(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
      var writer = JSONWriter()
      write(&writer)
      return writer.bytes
    }
    return [
      Array(#"{"jsonrpc":"2.0","method":"measurement","params":{"seq":"#.utf8),
      Array(#","device":"#.utf8) + piece { $0.string(device) } + Array(#","channel":"#.utf8)
        + piece { $0.string(channel.name) } + Array(#","n0":"#.utf8),
      Array(#","unit":"#.utf8) + piece { $0.string(channel.unit) } + Array(#","t0_us":"#.utf8),
      channel.uncertainty > 0 ? Array(#","t_unc_us":"#.utf8) + piece { $0.integer(channel.uncertainty) } : [],
      Array(#","raw_unit":"#.utf8) + piece { $0.string(channel.rawUnit) },
    ]
  }

  /// Writes one record's line, with its newline.
  package func write(
    _ samples: Samples, sequence: UInt64, firstSample: UInt64, wallTime: Microseconds, to writer: inout JSONWriter
  ) {
    writer.piece(beforeSequence)
    writer.integer(sequence)
    writer.piece(beforeCount)
    writer.integer(firstSample)
    writer.piece(beforeTime)
    writer.integer(samples.time)
    if !samples.offsets.isEmpty {
      writer.piece(Self.offsets)
      for offset in samples.offsets { writer.integer(offset) }
      writer.piece(Self.end)
    } else if samples.values.count > 1 {
      writer.piece(Self.interval)
      writer.integer(samples.interval)
    }
    writer.piece(Self.wallTime)
    writer.integer(wallTime)
    writer.piece(afterWallTime)
    if let deviceTime = samples.deviceTime {
      writer.piece(Self.deviceTime)
      writer.integer(deviceTime)
    }
    writer.piece(Self.values)
    for value in samples.values { writer.number(value) }
    writer.piece(Self.end)
    if !samples.raw.isEmpty {
      writer.piece(Self.raw)
      for value in samples.raw { writer.number(value) }
      writer.piece(Self.end)
      writer.piece(afterRaw)
    }
    if samples.quality.contains(where: { !$0.isDisjoint(with: .all) }) {
      writer.piece(Self.comma)
      writer.qualityRuns(samples.quality)
    }
    writer.piece(Self.close)
  }

  private static let offsets = Array(#","t_us":["#.utf8)
  private static let interval = Array(#","dt_us":"#.utf8)
  private static let wallTime = Array(#","wall0_us":"#.utf8)
  private static let deviceTime = Array(#","dev_t0_us":"#.utf8)
  private static let values = Array(#","v":["#.utf8)
  private static let raw = Array(#","raw":["#.utf8)
  private static let comma = Array(",".utf8)
  private static let end = Array("]".utf8)
  private static let close = Array("}}\n".utf8)
}
