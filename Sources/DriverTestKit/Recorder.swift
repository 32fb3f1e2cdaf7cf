internal import CThenarDriver
internal import ContractCoding
public import DriverKit

/// Everything that a driver said, in order, as values that a test can compare.
public final class Recorder {
  /// Samples as they were handed over.
  public struct Samples: Equatable, Sendable {
    /// Number of the channel.
    public var channel: UInt32
    /// Values; `nil` where the driver gave none.
    public var values: [Double?]
    /// Raw values, or empty.
    public var raw: [Double]
    /// Quality of each, or empty when all are good.
    public var quality: [Quality]
    /// Station time of the first.
    public var time: Microseconds
    /// Time between samples.
    public var interval: Microseconds
    /// The instrument's own time of the first.
    public var deviceTime: Microseconds?

    /// What a test expects.
    public init(
      channel: UInt32, values: [Double?], raw: [Double] = [], quality: [Quality] = [], time: Microseconds,
      interval: Microseconds = 0, deviceTime: Microseconds? = nil
    ) {
      self.channel = channel
      self.values = values
      self.raw = raw
      self.quality = quality
      self.time = time
      self.interval = interval
      self.deviceTime = deviceTime
    }
  }

  /// An event, its fields in order.
  public struct RecordedEvent {
    /// `group.verb`
    public var name: String
    /// Station time.
    public var time: Microseconds
    /// The instrument's own time.
    public var deviceTime: Microseconds?
    /// Of the better of the two times.
    public var uncertainty: Microseconds
    /// What is to be said about it.
    public var quality: Quality
    /// By key.
    public var fields: [String: Event.Value]
    /// What the instrument sent.
    public var raw: String
  }

  /// A fault that the driver reported.
  public struct Fault: Equatable {
    /// How bad it is.
    public var severity: FaultSeverity
    /// One word.
    public var code: String
    /// For a person.
    public var sentence: String

    /// What a test expects.
    public init(severity: FaultSeverity, code: String, sentence: String) {
      self.severity = severity
      self.code = code
      self.sentence = sentence
    }
  }

  /// What was written to the instrument, one element per write.
  public internal(set) var writes: [[UInt8]] = []
  /// What was written and is still on its way to the emulator of a ``VirtualStation``.
  var onTheLine: [[UInt8]] = []
  /// Rules of the contract that a declaration broke: a worker would have ended the driver.
  public internal(set) var breaches: [String] = []
  /// Feature reports that were asked for, in order.
  public internal(set) var featureRequests: [UInt8] = []
  /// Feature reports that were sent to the instrument.
  public internal(set) var featureWrites: [[UInt8]] = []
  /// Both of them, still on their way to the emulator of a ``VirtualStation``.
  var featuresOnTheLine: [Feature] = []
  enum Feature {
    case request(UInt8)
    case write([UInt8])
  }
  /// Declared channels by number.
  public internal(set) var channels: [UInt32: Channel] = [:]
  /// The newest identity.
  public internal(set) var identity: Identity?
  /// How often the driver said that it is ready.
  public internal(set) var readyCount = 0
  /// Samples in order.
  public internal(set) var samples: [Samples] = []
  /// Events in order.
  public internal(set) var events: [RecordedEvent] = []
  /// Losses in order.
  public internal(set) var lost: [Loss] = []
  /// Health counters.
  public internal(set) var tallies: [String: UInt64] = [:]
  /// Faults in order.
  public internal(set) var faults: [Fault] = []
  /// Outcomes of commands: an empty text is success.
  public internal(set) var outcomes: [UInt64: String] = [:]
  /// The pending wake-up.
  public internal(set) var wakeTime: Microseconds?

  /// Nothing said yet.
  public init() {}

  /// All values of a channel, in order.
  public func values(of channel: UInt32) -> [Double?] {
    samples.filter { $0.channel == channel }.flatMap(\.values)
  }

  /// Names of all events, in order.
  public var eventNames: [String] { events.map(\.name) }

  /// Forgets samples, events, writes, losses and faults; keeps channels, identity, tallies and the wake-up.
  public func clear() {
    writes = []
    samples = []
    events = []
    lost = []
    faults = []
  }
}

private func recorder(_ context: UnsafeMutableRawPointer?) -> Recorder {
  // The context is the recorder that DriverInstance keeps alive for as long as the table exists.
  Unmanaged<Recorder>.fromOpaque(context!).takeUnretainedValue()
}

/// A host table whose functions write into `recorder`. The caller keeps the recorder alive.
func makeRecordingHost(_ recorder: Recorder) -> thenar_host {
  thenar_host(
    struct_size: UInt32(MemoryLayout<thenar_host>.size),
    context: Unmanaged.passUnretained(recorder).toOpaque(),
    write: { context, bytes, count in
      let written = Array(UnsafeBufferPointer(start: bytes, count: count))
      DriverTestKit.recorder(context).writes.append(written)
      DriverTestKit.recorder(context).onTheLine.append(written)
    },
    channel: { context, channel in
      let recorder = DriverTestKit.recorder(context)
      do throws(ContractBreach) {
        let channel = try Channel(checking: structure(channel))
        recorder.channels[channel.number] = channel
      } catch {
        recorder.breaches.append(error.rule)
      }
    },
    identify: { context, identity in
      let recorder = DriverTestKit.recorder(context)
      do throws(ContractBreach) { recorder.identity = try Identity(checking: structure(identity)) } catch {
        recorder.breaches.append(error.rule)
      }
    },
    ready: { context in DriverTestKit.recorder(context).readyCount += 1 },
    samples: { context, samples in
      let it = samples!.pointee
      DriverTestKit.recorder(context).samples.append(
        Recorder.Samples(
          channel: it.channel,
          values: UnsafeBufferPointer(start: it.values, count: it.count).map { $0.isNaN ? nil : $0 },
          raw: it.raw.map { Array(UnsafeBufferPointer(start: $0, count: it.count)) } ?? [],
          quality: it.quality.map { UnsafeBufferPointer(start: $0, count: it.count).map(Quality.init(rawValue:)) }
            ?? [],
          time: it.time_us, interval: it.interval_us,
          deviceTime: it.device_time_us == THENAR_NO_TIME ? nil : it.device_time_us))
    },
    event: { context, event in
      let it = event!.pointee
      var fields: [String: Event.Value] = [:]
      for field in UnsafeBufferPointer(start: it.fields, count: it.field_count) {
        switch field.kind {
        case THENAR_FIELD_INTEGER: fields[String(field.key)] = .integer(field.integer)
        case THENAR_FIELD_NUMBER: fields[String(field.key)] = .number(field.number)
        case THENAR_FIELD_FLAG: fields[String(field.key)] = .flag(field.integer != 0)
        default: fields[String(field.key)] = .text(String(field.text))
        }
      }
      DriverTestKit.recorder(context).events.append(
        Recorder.RecordedEvent(
          name: String(it.name), time: it.time_us,
          deviceTime: it.device_time_us == THENAR_NO_TIME ? nil : it.device_time_us, uncertainty: it.uncertainty_us,
          quality: Quality(rawValue: it.quality), fields: fields, raw: String(it.raw)))
    },
    lost: { context, channel, count, reason in
      DriverTestKit.recorder(context).lost.append(
        Loss(channel: channel, count: count, reason: String(reason)))
    },
    wake_at: { context, time in DriverTestKit.recorder(context).wakeTime = time == THENAR_NO_TIME ? nil : time },
    tally: { context, counter, amount in DriverTestKit.recorder(context).tallies[String(counter), default: 0] += amount
    },
    fault: { context, severity, code, sentence in
      DriverTestKit.recorder(context).faults.append(
        Recorder.Fault(
          severity: FaultSeverity(rawValue: severity) ?? .note, code: String(code), sentence: String(sentence)))
    },
    outcome: { context, command, error in DriverTestKit.recorder(context).outcomes[command] = String(error) },
    request_feature: { context, report in
      DriverTestKit.recorder(context).featureRequests.append(report)
      DriverTestKit.recorder(context).featuresOnTheLine.append(.request(report))
    },
    write_feature: { context, bytes, count in
      let written = Array(UnsafeBufferPointer(start: bytes, count: count))
      DriverTestKit.recorder(context).featureWrites.append(written)
      DriverTestKit.recorder(context).featuresOnTheLine.append(.write(written))
    })
}
