package import Readings

extension ByteWriter {
  /// Appends a frame of samples straight from where a driver has them. `raw`, `quality` and `offsets` are empty or as
  /// long as `values`.
  package mutating func samples(
    channel: UInt32, time: Microseconds, interval: Microseconds, deviceTime: Microseconds?,
    values: UnsafeBufferPointer<Double>, raw: UnsafeBufferPointer<Double>, quality: UnsafeBufferPointer<UInt32>,
    offsets: UnsafeBufferPointer<Microseconds>
  ) {
    // One piece for all that comes before the values: the room is asked for once.
    let lists = 8 * (values.count + raw.count + offsets.count) + 4 * quality.count
    withUnsafeTemporaryAllocation(byteCount: 37, alignment: 1) { head in
      func put(_ integer: some FixedWidthInteger, at place: Int) {
        head.storeBytes(of: integer.littleEndian, toByteOffset: place, as: type(of: integer))
      }
      put(UInt32(1 + 28 + 16 + lists), at: 0)
      put(WorkerMessage.samplesKind, at: 4)
      put(channel, at: 5)
      put(time, at: 9)
      put(interval, at: 17)
      put(deviceTime ?? .min, at: 25)
      put(UInt32(values.count), at: 33)
      append(UnsafeRawBufferPointer(head))
    }
    append(UnsafeRawBufferPointer(values))
    numbers(UnsafeRawBufferPointer(raw), count: raw.count)
    numbers(UnsafeRawBufferPointer(quality), count: quality.count)
    numbers(UnsafeRawBufferPointer(offsets), count: offsets.count)
  }

  /// Hub and worker run on one machine, so the numbers lie in memory as they do on the link.
  private mutating func numbers(_ numbers: UnsafeRawBufferPointer, count: Int) {
    integer(UInt32(count))
    if count > 0 { append(numbers) }
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
