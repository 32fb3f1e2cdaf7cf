package import MeasurementStream
internal import StrictJSON

/// The newest value of each channel for a subscription of mode `latest`, and how many were passed over.
package struct LatestValues: Sendable {
  private struct Slot {
    var line: @Sendable (inout JSONWriter) -> Void
    var sequence: UInt64
    var newSamples: Int
    var lastSent: Int64?
    var pending = true
  }

  private var slots: [String: Slot] = [:]
  /// Samples that were passed over since the beginning.
  package private(set) var skipped: UInt64 = 0

  /// No values yet.
  package init() {}

  /// Takes a batch: only its last sample counts.
  package mutating func take(_ batch: Measurement, sequence: UInt64) {
    let key = batch.device + "\0" + batch.channel.name
    let last = batch.values.count - 1
    let (value, raw) = (batch.values[last], last < batch.raw.count ? batch.raw[last] : nil)
    let quality = last < batch.quality.count ? batch.quality[last] & QualityWords.known : 0
    let (device, channel, time) = (batch.device, batch.channel, batch.time(of: last))
    let number = batch.firstSample + UInt64(last)
    let old = slots[key]
    let fresh = (old?.pending == true ? old?.newSamples ?? 0 : 0) + batch.values.count
    slots[key] = Slot(
      line: { writer in
        writer.key("device")
        writer.string(device)
        writer.key("channel")
        writer.string(channel.name)
        writer.key("n0")
        writer.integer(number)
        writer.key("unit")
        writer.string(channel.unit)
        writer.key("t0_us")
        writer.integer(time)
        writer.key("v")
        writer.beginArray()
        writer.number(value)
        writer.endArray()
        if let raw {
          writer.key("raw")
          writer.beginArray()
          writer.number(raw)
          writer.endArray()
          writer.key("raw_unit")
          writer.string(channel.rawUnit)
        }
        if quality != 0 {
          writer.key("q")
          writer.beginArray()
          writer.beginArray()
          writer.integer(0)
          writer.integer(1)
          for word in QualityWords.words(quality) { writer.string(word) }
          writer.endArray()
          writer.endArray()
        }
      }, sequence: sequence, newSamples: fresh, lastSent: old?.lastSent)
  }

  /// When the next value is due, in station time; `nil` when none waits.
  package func nextDue(period: Int64) -> Int64? {
    slots.values.filter(\.pending).map { ($0.lastSent ?? Int64.min / 2) + period }.min()
  }

  /// Takes out the lines of all values that are due.
  package mutating func takeDue(at now: Int64, period: Int64, subscription: String) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    for (key, slot) in slots.sorted(by: { $0.value.sequence < $1.value.sequence })
    where slot.pending && (slot.lastSent ?? Int64.min / 2) + period <= now {
      slots[key]?.pending = false
      slots[key]?.lastSent = now
      skipped += UInt64(slot.newSamples - 1)
      lines.append(
        notification("measurement") { writer in
          writer.key("sub")
          writer.string(subscription)
          writer.key("seq")
          writer.integer(slot.sequence)
          slot.line(&writer)
          writer.key("skipped")
          writer.integer(slot.newSamples - 1)
        })
    }
    return lines
  }
}
