internal import StrictJSON

/// Samples that were lost before they reached the station: part of the record for everybody.
package struct SourceGap: Equatable, Sendable {
  /// The device's name.
  package var device: String
  /// The channel.
  package var channel: StreamChannel
  /// The channel's own count of samples before the gap.
  package var firstSample: UInt64
  /// How many samples are missing.
  package var lostSamples: UInt64
  /// Why, in one word: `device_dropped`.
  package var reason: String
  /// Station time at which it became known.
  package var time: Int64

  /// A gap; see the properties.
  package init(
    device: String, channel: StreamChannel, firstSample: UInt64, lostSamples: UInt64, reason: String, time: Int64
  ) {
    self.device = device
    self.channel = channel
    self.firstSample = firstSample
    self.lostSamples = lostSamples
    self.reason = reason
    self.time = time
  }
}

/// Turns what is known into the one line that is journalled and sent: a JSON-RPC notification whose parameters begin
/// with the record's number.
package struct RecordEncoder: Sendable {
  private var writer = JSONWriter(capacity: 1024)

  /// An encoder; one per stream.
  package init() {}

  /// A batch of samples.
  package mutating func encode(_ measurement: Measurement, sequence: UInt64) -> Record {
    let topic = Topic(
      kind: .measurement, device: measurement.device, channel: measurement.channel.name,
      quantity: measurement.channel.quantity)
    return record(topic, sequence, sampleCount: measurement.values.count) { measurement.write(to: &$0) }
  }

  /// Something that happened.
  package mutating func encode(_ event: Happening, sequence: UInt64) -> Record {
    record(Topic(kind: .event, device: event.device), sequence) { event.write(to: &$0) }
  }

  /// A result, under its id.
  package mutating func encode(_ result: TrialResult, id: String, sequence: UInt64) -> Record {
    let quantity: String
    if case .effort = result.outcome { quantity = "force" } else { quantity = "time" }
    let topic = Topic(kind: .result, device: result.device, channel: result.channel, quantity: quantity)
    return record(topic, sequence) { result.write(to: &$0, id: id) }
  }

  /// A device's state. A snapshot repeats an older record under its old number.
  package mutating func encode(_ report: DeviceReport, sequence: UInt64, snapshot: Bool = false) -> Record {
    record(Topic(kind: .device, device: report.device), sequence) { writer in
      if snapshot {
        writer.key("snapshot")
        writer.flag(true)
      }
      report.write(to: &writer)
    }
  }

  /// Samples lost before the station.
  package mutating func encode(_ gap: SourceGap, sequence: UInt64) -> Record {
    let topic = Topic(
      kind: .gap, device: gap.device, channel: gap.channel.name, quantity: gap.channel.quantity)
    return record(topic, sequence) { writer in
      writer.key("device")
      writer.string(gap.device)
      writer.key("channel")
      writer.string(gap.channel.name)
      writer.key("after_n")
      writer.integer(gap.firstSample)
      writer.key("lost_samples")
      writer.integer(gap.lostSamples)
      writer.key("reason")
      writer.string(gap.reason)
      writer.key("t_us")
      writer.integer(gap.time)
      writer.key("recoverable")
      writer.flag(false)
    }
  }

  private mutating func record(
    _ topic: Topic, _ sequence: UInt64, sampleCount: Int = 0, _ body: (inout JSONWriter) -> Void
  ) -> Record {
    writer.clear()
    beginNotification(topic.kind.rawValue, &writer)
    writer.key("seq")
    writer.integer(sequence)
    body(&writer)
    endNotification(&writer)
    return Record(sequence: sequence, topic: topic, sampleCount: sampleCount, line: writer.bytes)
  }
}

private func beginNotification(_ method: String, _ writer: inout JSONWriter) {
  writer.beginObject()
  writer.key("jsonrpc")
  writer.string("2.0")
  writer.key("method")
  writer.string(method)
  writer.key("params")
  writer.beginObject()
}

private func endNotification(_ writer: inout JSONWriter) {
  writer.endObject()
  writer.endObject()
  writer.newLine()
}
