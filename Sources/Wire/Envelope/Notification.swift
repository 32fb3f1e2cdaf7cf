public import StrictJSON

/// Something that the hub tells without being asked.
public struct Notification: Equatable, Sendable {
  /// What it is about, as the wire says it.
  public let method: String
  /// What it says.
  public let content: Content
  /// The line as it came, without its newline.
  public let line: [UInt8]

  /// What a notification says.
  public enum Content: Equatable, Sendable {
    /// The greeting, the first line of a connection.
    case welcome(Welcome)
    /// A batch of samples.
    case measurement(MeasurementRecord)
    /// The newest sample of a channel, for a subscription of mode ``Subscription/Mode/latest``.
    case latest(LatestValue)
    /// Something that happened.
    case event(EventRecord)
    /// What one trial came to.
    case result(ResultRecord)
    /// A device and its state.
    case device(DeviceRecord)
    /// Samples were lost before they reached the station: nobody has them.
    case sourceGap(SourceGap)
    /// This connection did not get records which the station has or had.
    case consumerGap(ConsumerGap)
    /// All devices have been told; what follows is new.
    case snapshotEnd(SnapshotEnd)
    /// The hub lives.
    case heartbeat(Heartbeat)
    /// Something that a person should see to.
    case warning(Warning)
    /// A notification that this build does not know: its parameters.
    case other(JSONNode)

    init(_ method: String, _ params: JSONNode) throws(JSONMismatch) {
      func read<Told: Telling>(_: Told.Type = Told.self) throws(JSONMismatch) -> Told {
        try Told(JSONFields(params, "params"))
      }
      switch method {
      case "welcome": self = .welcome(try read())
      case "measurement":
        self = params["sub"] == nil ? .measurement(try read()) : .latest(try read())
      case "event": self = .event(try read())
      case "result": self = .result(try read())
      case "device": self = .device(try read())
      case "gap": self = params["device"] == nil ? .consumerGap(try read()) : .sourceGap(try read())
      case "snapshot_end": self = .snapshotEnd(try read())
      case "heartbeat": self = .heartbeat(try read())
      case "warning": self = .warning(try read())
      default: self = .other(params)
      }
    }
  }

  /// The number of the record in the stream, where it is a record: the place from which to resume.
  public var sequence: UInt64? {
    switch content {
    case .measurement(let record): record.sequence
    case .event(let record): record.sequence
    case .result(let record): record.sequence
    case .device(let record): record.isSnapshot ? nil : record.sequence
    case .sourceGap(let gap): gap.sequence
    default: nil
    }
  }
}

/// What a record of the stream is about.
public enum RecordKind: String, CaseIterable, Sendable {
  /// A batch of samples of one channel.
  case measurement
  /// Something that happened.
  case event
  /// What one trial came to.
  case result
  /// A device changed its state.
  case device
  /// Samples that were lost before they reached the station.
  case gap
}
