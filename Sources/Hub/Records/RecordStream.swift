package import MeasurementStream
internal import NIOCore
internal import Trials

/// Numbers records, encodes each once, keeps the newest, finds trials, and hands everything to one sink in order.
package struct RecordStream {
  /// Names one life of the numbering: with another epoch, numbers begin again.
  package let epoch: String
  /// Number of the newest record; 0 before the first.
  package private(set) var head: UInt64 = 0
  /// The newest records.
  package private(set) var ring: RecordRing

  private var encoder = RecordEncoder()
  private var topics = TopicNumbers()
  private var trackers: [String: TrialTracker] = [:]
  private let rule: EffortRule
  private let origin: (String) -> Origin

  /// What a result tells of the instrument that it came from.
  package struct Origin {
    /// Model, serial number and firmware as far as known.
    package var instrument: (model: String, serial: String, firmware: String)
    /// The module: `go-direct@0.1.0`.
    package var driver: String
    /// It is software.
    package var emulated: Bool

    /// An origin.
    package init(instrument: (model: String, serial: String, firmware: String), driver: String, emulated: Bool) {
      self.instrument = instrument
      self.driver = driver
      self.emulated = emulated
    }
  }

  /// A stream; `origin` tells what is known of a device when one of its results is published.
  package init(epoch: String, ringLimit: Int, rule: EffortRule, origin: @escaping (String) -> Origin) {
    self.epoch = epoch
    self.rule = rule
    self.origin = origin
    ring = RecordRing(limit: ringLimit)
  }

  /// Publishes a batch of samples and the results that it completes.
  package mutating func publish(_ measurement: Measurement, to sink: (PublishedRecord) -> Void) {
    publish(encoder.encode(measurement, sequence: head + 1), to: sink)
    let results = trackers[measurement.device, default: TrialTracker(device: measurement.device, rule: rule)]
      .take(measurement, sequence: head)
    publish(results, to: sink)
  }

  /// Publishes an event and the result that it completes.
  package mutating func publish(_ event: Happening, to sink: (PublishedRecord) -> Void) {
    publish(encoder.encode(event, sequence: head + 1), to: sink)
    let results = trackers[event.device, default: TrialTracker(device: event.device, rule: rule)]
      .take(event, sequence: head)
    publish(results, to: sink)
  }

  /// Publishes that samples are missing, and the trial that this spoils.
  package mutating func publish(_ gap: SourceGap, to sink: (PublishedRecord) -> Void) {
    publish(encoder.encode(gap, sequence: head + 1), to: sink)
    publish(trackers[gap.device]?.lost(channel: gap.channel.name) ?? [], to: sink)
  }

  /// Publishes a device's new state; gives its number. A device that is gone spoils its running trials.
  package mutating func publish(_ report: DeviceReport, to sink: (PublishedRecord) -> Void) -> UInt64 {
    publish(encoder.encode(report, sequence: head + 1), to: sink)
    let number = head
    switch report.state {
    case .streaming, .ready, .stalled: break
    default: publish(trackers[report.device]?.interrupt("device_\(report.state.rawValue)") ?? [], to: sink)
    }
    return number
  }

  /// The line of an older device record, marked as part of a snapshot.
  package mutating func snapshotLine(_ report: DeviceReport, sequence: UInt64) -> [UInt8] {
    encoder.encode(report, sequence: sequence, snapshot: true).line
  }

  private mutating func publish(_ results: [TrialResult], to sink: (PublishedRecord) -> Void) {
    for var result in results {
      let origin = origin(result.device)
      result.instrument = origin.instrument
      result.driver = origin.driver
      result.emulated = origin.emulated
      publish(encoder.encode(result, id: "r-\(epoch)-\(head + 1)", sequence: head + 1), to: sink)
    }
  }

  private mutating func publish(_ record: Record, to sink: (PublishedRecord) -> Void) {
    head = record.sequence
    let topicNumber = topics.number(of: record.topic)
    ring.append(
      RecordRing.Kept(
        sequence: record.sequence, topicNumber: topicNumber, sampleCount: record.sampleCount, line: record.line))
    sink(PublishedRecord(record, topicNumber: topicNumber))
  }

  /// The record with this number, or the oldest one after it that is still held; `nil` when there is none yet.
  package func record(from sequence: UInt64) -> PublishedRecord? {
    ring.record(from: sequence).map { kept in
      PublishedRecord(
        Record(
          sequence: kept.sequence, topic: topics[kept.topicNumber], sampleCount: kept.sampleCount, line: kept.line),
        topicNumber: kept.topicNumber)
    }
  }
}
