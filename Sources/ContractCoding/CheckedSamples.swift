package import CThenarDriver
package import Readings

/// Samples that a driver handed over, checked where they lie: valid until the driver's call returns.
package struct CheckedSamples {
  /// Number of the channel.
  package let channel: UInt32
  /// Station time of the first sample.
  package let time: Microseconds
  /// Time between samples; 0 where there are offsets.
  package let interval: Microseconds
  /// The instrument's own time of the first sample.
  package let deviceTime: Microseconds?
  /// In the channel's unit.
  package let values: UnsafeBufferPointer<Double>
  /// As the instrument gave them; empty or as long as `values`.
  package let raw: UnsafeBufferPointer<Double>
  /// Bits of each; empty or as long as `values`.
  package let quality: UnsafeBufferPointer<UInt32>
  /// Microseconds after `time`, never falling; empty or as long as `values`.
  package let offsets: UnsafeBufferPointer<Microseconds>

  /// Checks what a driver handed over.
  package init(_ samples: thenar_samples) throws(ContractBreach) {
    let count = samples.count
    guard (1...ReadingLimits.samples).contains(count) else {
      throw ContractBreach("count \(count) is not one of 1 to \(ReadingLimits.samples)")
    }
    guard samples.values != nil else { throw ContractBreach("values is NULL") }
    values = try borrowed(samples.values, count: count)
    raw = try borrowed(samples.raw, count: count)
    quality = try borrowed(samples.quality, count: count)
    offsets = try borrowed(samples.offsets_us, count: count)
    channel = samples.channel
    time = try bounded(samples.time_us, "time_us")
    interval = offsets.isEmpty ? try span(samples.interval_us, "interval_us") : 0
    deviceTime = try optionalTime(samples.device_time_us, "device_time_us")
    for bits in quality { _ = try ContractCoding.quality(bits) }
    guard let first = offsets.first, let last = offsets.last else { return }
    var newest = first
    for offset in offsets {
      if offset < newest { throw ContractBreach("offsets_us fall") }
      newest = offset
    }
    try span(first, "the first of offsets_us")
    try span(last, "the last of offsets_us")
  }

  /// The same as values that outlive the call.
  package var samples: Samples {
    Samples(
      channel: channel, time: time, interval: interval, offsets: Array(offsets), deviceTime: deviceTime,
      values: Array(values), raw: Array(raw), quality: quality.map(Quality.init(rawValue:)))
  }
}

/// A list of a driver, or none.
private func borrowed<Element>(
  _ pointer: UnsafePointer<Element>?, count: Int
) throws(ContractBreach) -> UnsafeBufferPointer<Element> {
  guard let pointer else { return UnsafeBufferPointer(start: nil, count: 0) }
  try checkAlignment(of: UnsafeRawPointer(pointer), for: Element.self)
  return UnsafeBufferPointer(start: pointer, count: count)
}
