package import Readings

extension ByteWriter {
  /// Appends a frame of samples straight from where a driver has them. `raw`, `quality` and `offsets` are empty or as
  /// long as `values`.
  package mutating func samples(
    channel: UInt32, time: Microseconds, interval: Microseconds, deviceTime: Microseconds?,
    values: UnsafeBufferPointer<Double>, raw: UnsafeBufferPointer<Double>, quality: UnsafeBufferPointer<UInt32>,
    offsets: UnsafeBufferPointer<Microseconds>
  ) {
    frame(WorkerMessage.samplesKind) { writer in
      writer.integer(channel)
      writer.integer(time)
      writer.integer(interval)
      writer.optional(deviceTime)
      writer.numbers(UnsafeRawBufferPointer(values), count: values.count)
      writer.numbers(UnsafeRawBufferPointer(raw), count: raw.count)
      writer.numbers(UnsafeRawBufferPointer(quality), count: quality.count)
      writer.numbers(UnsafeRawBufferPointer(offsets), count: offsets.count)
    }
  }

  /// Hub and worker run on one machine, so the numbers lie in memory as they do on the link.
  private mutating func numbers(_ numbers: UnsafeRawBufferPointer, count: Int) {
    integer(UInt32(count))
    append(numbers)
  }
}

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
