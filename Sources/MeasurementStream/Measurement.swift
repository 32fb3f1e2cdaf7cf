internal import StrictJSON

/// A channel of a device, as the stream tells of it.
package struct StreamChannel: Equatable, Sendable {
  /// Unique in the device: `force`.
  package var name: String
  /// `force`, `time`, `acceleration`, …
  package var quantity: String
  /// UCUM code of the values.
  package var unit: String
  /// UCUM code of the raw values; empty when the instrument speaks in `unit` itself.
  package var rawUnit: String
  /// Range in `unit`.
  package var minimum: Double?
  /// Range in `unit`.
  package var maximum: Double?
  /// Smallest step in `unit`.
  package var resolution: Double?
  /// Microseconds between samples; 0: it speaks when it has something to say.
  package var interval: Int64
  /// How far a time can be from the truth, in microseconds; 0: not known.
  package var uncertainty: Int64

  /// A channel; see the properties.
  package init(
    name: String, quantity: String, unit: String, rawUnit: String = "", minimum: Double? = nil, maximum: Double? = nil,
    resolution: Double? = nil, interval: Int64 = 0, uncertainty: Int64 = 0
  ) {
    self.name = name
    self.quantity = quantity
    self.unit = unit
    self.rawUnit = rawUnit
    self.minimum = minimum
    self.maximum = maximum
    self.resolution = resolution
    self.interval = interval
    self.uncertainty = uncertainty
  }

  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("channel")
    writer.string(name)
    writer.key("quantity")
    writer.string(quantity)
    writer.key("unit")
    writer.string(unit)
    if !rawUnit.isEmpty {
      writer.key("raw_unit")
      writer.string(rawUnit)
    }
    if let minimum {
      writer.key("min")
      writer.number(minimum)
    }
    if let maximum {
      writer.key("max")
      writer.number(maximum)
    }
    if let resolution {
      writer.key("resolution")
      writer.number(resolution)
    }
    if interval > 0 {
      writer.key("interval_us")
      writer.integer(interval)
    }
    if uncertainty > 0 {
      writer.key("t_unc_us")
      writer.integer(uncertainty)
    }
    writer.endObject()
  }
}

/// A batch of samples of one channel. `raw`, `quality` and `offsets` are empty or as long as `values`.
package struct Measurement: Sendable {
  /// The device's name.
  package var device: String
  /// Which channel.
  package var channel: StreamChannel
  /// The channel's own count of samples before this batch, since the device started.
  package var firstSample: UInt64
  /// Station time of the first sample, microseconds on the boot-time clock.
  package var time: Int64
  /// The same moment on the wall clock, microseconds since 1970; informative.
  package var wallTime: Int64
  /// Microseconds between samples.
  package var interval: Int64
  /// Microseconds after `time`, for samples at irregular times.
  package var offsets: [Int64]
  /// The instrument's own time of the first sample.
  package var deviceTime: Int64?
  /// In the channel's unit; not finite where there is no valid number.
  package var values: [Double]
  /// In the channel's raw unit.
  package var raw: [Double]
  /// Quality bits.
  package var quality: [UInt32]

  /// A batch; see the properties.
  package init(
    device: String, channel: StreamChannel, firstSample: UInt64, time: Int64, wallTime: Int64, interval: Int64 = 0,
    offsets: [Int64] = [], deviceTime: Int64? = nil, values: [Double], raw: [Double] = [], quality: [UInt32] = []
  ) {
    self.device = device
    self.channel = channel
    self.firstSample = firstSample
    self.time = time
    self.wallTime = wallTime
    self.interval = interval
    self.offsets = offsets
    self.deviceTime = deviceTime
    self.values = values
    self.raw = raw
    self.quality = quality
  }

  /// Station time of a sample.
  package func time(of index: Int) -> Int64 {
    time + (offsets.isEmpty ? Int64(index) * interval : offsets[index])
  }

  func write(to writer: inout JSONWriter) {
    writer.key("device")
    writer.string(device)
    writer.key("channel")
    writer.string(channel.name)
    writer.key("n0")
    writer.integer(firstSample)
    writer.key("unit")
    writer.string(channel.unit)
    writer.key("t0_us")
    writer.integer(time)
    if !offsets.isEmpty {
      writer.key("t_us")
      writer.beginArray()
      for offset in offsets { writer.integer(offset) }
      writer.endArray()
    } else if values.count > 1 {
      writer.key("dt_us")
      writer.integer(interval)
    }
    writer.key("wall0_us")
    writer.integer(wallTime)
    if channel.uncertainty > 0 {
      writer.key("t_unc_us")
      writer.integer(channel.uncertainty)
    }
    if let deviceTime {
      writer.key("dev_t0_us")
      writer.integer(deviceTime)
    }
    writer.key("v")
    writer.beginArray()
    for value in values { writer.number(value) }
    writer.endArray()
    if !raw.isEmpty {
      writer.key("raw")
      writer.beginArray()
      for value in raw { writer.number(value) }
      writer.endArray()
      writer.key("raw_unit")
      writer.string(channel.rawUnit)
    }
    writeQuality(to: &writer)
  }

  /// Runs of samples about which there is something to say: `[first, count, words…]`.
  private func writeQuality(to writer: inout JSONWriter) {
    let quality = quality.map { $0 & QualityWords.known }
    guard quality.contains(where: { $0 != 0 }) else { return }
    writer.key("q")
    writer.beginArray()
    var index = 0
    while index < quality.count {
      let bits = quality[index]
      var end = index + 1
      while end < quality.count, quality[end] == bits { end += 1 }
      if bits != 0 {
        writer.beginArray()
        writer.integer(index)
        writer.integer(end - index)
        for word in QualityWords.words(bits) { writer.string(word) }
        writer.endArray()
      }
      index = end
    }
    writer.endArray()
  }
}
