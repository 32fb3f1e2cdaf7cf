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
    /// The greeting. ``HubClient`` keeps the first one itself.
    case welcome(Welcome)
    /// A batch of samples.
    case measurement(Measurement)
    /// Something that happened.
    case event(Event)
    /// What one trial came to.
    case result(TrialResult)
    /// A device and its state.
    case device(Device)
    /// Something is missing.
    case gap(Gap)
    /// All devices have been told; what follows is new.
    case snapshotEnd(SnapshotEnd)
    /// The hub lives.
    case heartbeat(Heartbeat)
    /// Something that a person should see to.
    case warning(Warning)
    /// A notification that this client does not know: its parameters.
    case other(JSONNode)

    init(_ method: String, _ params: JSONNode) throws(JSONMismatch) {
      func fields() throws(JSONMismatch) -> JSONFields { try JSONFields(params, "params") }
      switch method {
      case "welcome": self = .welcome(try Welcome(fields()))
      case "measurement": self = .measurement(try Measurement(fields()))
      case "event": self = .event(try Event(fields()))
      case "result": self = .result(try TrialResult(fields()))
      case "device": self = .device(try Device(fields()))
      case "gap": self = .gap(try Gap(fields()))
      case "snapshot_end": self = .snapshotEnd(try SnapshotEnd(fields()))
      case "heartbeat": self = .heartbeat(try Heartbeat(fields()))
      case "warning": self = .warning(try Warning(fields()))
      default: self = .other(params)
      }
    }
  }

  /// The number of the record in the stream, where it is a record: the place from which to resume.
  public var sequence: UInt64? {
    switch content {
    case .measurement(let measurement): measurement.sequence
    case .event(let event): event.sequence
    case .result(let result): result.sequence
    case .device(let device): device.isSnapshot ? nil : device.sequence
    case .gap(let gap): gap.sequence
    default: nil
    }
  }
}
