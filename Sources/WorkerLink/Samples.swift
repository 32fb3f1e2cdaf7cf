internal import Readings

extension Samples {
  func write(to writer: inout ByteWriter) {
    writer.integer(channel)
    writer.integer(time)
    writer.integer(interval)
    writer.optional(deviceTime)
    writer.list(values) { $0.number($1) }
    writer.list(raw) { $0.number($1) }
    writer.list(quality) { $0.integer($1.rawValue) }
    writer.list(offsets) { $0.integer($1) }
  }

  init(from reader: inout ByteReader) throws(LinkError) {
    let most = ReadingLimits.samples
    let channel: UInt32 = try reader.integer()
    let time = try reader.time()
    let interval = try reader.span()
    let deviceTime = try reader.optionalTime()
    let values = try reader.list(limit: most) { reader throws(LinkError) in try reader.number() }
    let raw = try reader.list(limit: most) { reader throws(LinkError) in try reader.number() }
    let quality = try reader.list(limit: most) { reader throws(LinkError) in try reader.quality() }
    let offsets = try reader.list(limit: most) { reader throws(LinkError) in try reader.span() }
    self.init(
      channel: channel, time: time, interval: interval, offsets: offsets, deviceTime: deviceTime, values: values,
      raw: raw, quality: quality)
    guard !values.isEmpty, [raw.count, quality.count, offsets.count].allSatisfy({ $0 == 0 || $0 == values.count }),
      zip(offsets, offsets.dropFirst()).allSatisfy({ $0 <= $1 })
    else { throw reader.refuse() }
  }
}
