internal import Consumers
internal import Readings
internal import Stream
internal import Supervision
internal import Trials
internal import Wire

/// Makes the records of one device: what its intake lets through gets its number and its line, and the trials that it
/// completes follow.
final class DeviceRecords: ReadingTaker {
  /// What a result tells of the instrument that it came from.
  struct Origin {
    var instrument: Identity
    var driver: String
    var emulated: Bool
  }

  /// Kept with a channel, so that nothing is looked up by name for each of its records.
  private final class ChannelRecords {
    let topic: TopicNumber
    let gapTopic: TopicNumber
    let resultTopic: TopicNumber
    let line: MeasurementLine
    /// Where the tracker looks for efforts; `nil`: it is no force.
    let effort: Int?
    /// Whose they are: a channel that is declared anew has records of its own.
    let state: ChannelState

    init(
      _ state: ChannelState, _ topic: TopicNumber, gap: TopicNumber, result: TopicNumber, line: MeasurementLine,
      effort: Int?
    ) {
      self.state = state
      self.effort = effort
      self.topic = topic
      gapTopic = gap
      resultTopic = result
      self.line = line
    }
  }

  private let device: String
  private let log: RecordLog
  private let eventTopic: TopicNumber
  private let timeTopic: TopicNumber
  private let deviceTopic: TopicNumber
  private var tracker: TrialTracker
  /// By the driver's number of the channel.
  private var channels: [ChannelRecords?] = []
  private let origin: () -> Origin
  private unowned let hub: Hub

  init(device: String, hub: Hub, origin: @escaping () -> Origin) {
    self.device = device
    self.hub = hub
    log = hub.log
    eventTopic = log.topics.number(of: Topic(kind: .event, device: device))
    timeTopic = log.topics.number(of: Topic(kind: .result, device: device, quantity: "time"))
    deviceTopic = log.topics.number(of: Topic(kind: .device, device: device))
    tracker = TrialTracker(device: device, rule: hub.options.effortRule)
    self.origin = origin
  }

  private func records(of state: ChannelState) -> ChannelRecords {
    let index = Int(state.number)
    if index < channels.count, let records = channels[index], records.state === state { return records }
    let channel = state.channel
    func number(_ kind: RecordKind) -> TopicNumber {
      log.topics.number(of: Topic(kind: kind, device: device, channel: channel.name, quantity: channel.quantity))
    }
    let records = ChannelRecords(
      state, number(.measurement), gap: number(.gap), result: number(.result),
      line: MeasurementLine(device: device, channel: channel), effort: tracker.place(of: channel))
    while channels.count <= index { channels.append(nil) }
    channels[index] = records
    return records
  }

  // MARK: Readings

  func take(_ samples: Samples, of state: ChannelState, firstSample: UInt64) -> Int {
    let records = records(of: state)
    guard
      let length = log.append(
        records.topic, isDroppable: true, samples: samples.values.count,
        { writer, sequence in
          records.line.write(
            samples, sequence: sequence, firstSample: firstSample, wallTime: samples.time + hub.wallOffset, to: &writer)
        })
    else { return takeHalves(samples, of: state, firstSample: firstSample) }
    let sequence = log.head
    let results = tracker.take(samples, at: records.effort, sequence: sequence)
    if !results.isEmpty { publish(results, records.resultTopic) }
    if hub.consumers.wantLatest {
      hub.consumers.takeLatest(
        FreshSamples(
          sequence: sequence, topic: records.topic, device: device, channel: state.channel, firstSample: firstSample,
          samples: samples))
    }
    return length
  }

  /// Samples whose line would be longer than a line may be become two records. One sample always fits.
  private func takeHalves(_ samples: Samples, of state: ChannelState, firstSample: UInt64) -> Int {
    let middle = samples.values.count / 2
    let (first, second) = samples.split(at: middle)
    return take(first, of: state, firstSample: firstSample)
      + take(second, of: state, firstSample: firstSample + UInt64(middle))
  }

  func take(_ event: Event) -> Int? {
    let wallTime = event.time + hub.wallOffset
    let length = log.append(eventTopic) { [device] writer, sequence in
      writer.notification(EventRecord(sequence: sequence, device: device, wallTime: wallTime, event: event))
    }
    guard length != nil else { return nil }
    publish(tracker.take(event, sequence: log.head), timeTopic)
    return length
  }

  func take(_ loss: Loss, of state: ChannelState, firstSample: UInt64, at time: Microseconds) {
    let records = records(of: state)
    _ = log.append(records.gapTopic) { [device] writer, sequence in
      writer.notification(
        SourceGap(
          sequence: sequence, device: device, channel: state.channel.name, firstSample: firstSample,
          lostSamples: loss.count, reason: loss.reason, time: time))
    }
    publish(tracker.lost(channel: state.channel.name), records.resultTopic)
  }

  // MARK: The device itself

  /// Tells of the device's state; gives the record's number. A device that is gone spoils its running trials.
  func tell(_ report: DeviceReport) -> UInt64 {
    _ = log.append(deviceTopic) { writer, sequence in
      writer.notification(DeviceRecord(sequence: sequence, report: report))
    }
    let sequence = log.head
    switch report.state {
    case .streaming, .ready, .stalled: break
    default: interrupt("device_\(report.state.rawValue)")
    }
    return sequence
  }

  private func interrupt(_ reason: String) {
    for result in tracker.interrupt(reason) {
      let topic =
        result.channel.isEmpty
        ? timeTopic
        : log.topics.number(of: Topic(kind: .result, device: device, channel: result.channel, quantity: "force"))
      publish([result], topic)
    }
  }

  private func publish(_ results: [TrialResult], _ topic: TopicNumber) {
    if results.isEmpty { return }
    let origin = origin()
    for var result in results {
      result.instrument = origin.instrument
      result.driver = origin.driver
      result.emulated = origin.emulated
      _ = log.append(topic) { [log, result] writer, sequence in
        writer.notification(
          ResultRecord(sequence: sequence, id: "r-\(log.epoch)-\(sequence)", result: result))
      }
    }
  }
}
