public import Readings
package import StrictJSON

/// Something that happened at a device.
public struct EventRecord: Equatable, Sendable {
  /// The record's number.
  public var sequence: UInt64
  /// The device's name.
  public var device: String
  /// The event's time on the wall clock, microseconds since 1970; informative.
  public var wallTime: Microseconds
  /// What happened.
  public var event: Event
  /// Quality words that this build does not know. The event is suspect then.
  public private(set) var laterQuality: [String] = []

  /// A record; see the properties.
  package init(sequence: UInt64, device: String, wallTime: Microseconds, event: Event) {
    self.sequence = sequence
    self.device = device
    self.wallTime = wallTime
    self.event = event
  }

  /// What is to be said about the event: `inferred`.
  public var qualityWords: [String] { event.quality.words + laterQuality }
}

extension EventRecord: Telling {
  package static let method: StaticString = "event"

  package func write(to writer: inout JSONWriter) {
    writer.member("seq", sequence)
    writer.member("device", device)
    writer.member("event", event.name)
    writer.member("t_us", event.time)
    writer.member("wall_us", wallTime)
    writer.unlessZero("t_unc_us", event.uncertainty)
    writer.known("dev_t_us", event.deviceTime)
    if !event.fields.isEmpty {
      writer.object("fields") { writer in
        for field in event.fields {
          writer.key(field.key)
          switch field.value {
          case .integer(let integer): writer.integer(integer)
          case .number(let number): writer.number(number)
          case .text(let text): writer.string(text)
          case .flag(let flag): writer.flag(flag)
          }
        }
      }
    }
    event.quality.write(to: &writer)
    writer.known("raw", event.raw)
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    sequence = try fields.requiredCount("seq")
    device = try fields.requiredString("device")
    wallTime = try fields.requiredTime("wall_us")
    let words = try fields.qualityWords()
    laterQuality = words.later
    event = Event(
      try fields.requiredString("event"), at: try fields.requiredTime("t_us"),
      deviceTime: try fields.time("dev_t_us"), uncertainty: try fields.time("t_unc_us") ?? 0, quality: words.quality,
      fields: (fields.node("fields")?.members ?? []).compactMap { member in
        Event.Value(member.node).map { (member.key, $0) }
      }, raw: try fields.text("raw"))
  }
}

extension Event.Value {
  /// The value of a field; `nil` for kinds of values that this build does not know.
  fileprivate init?(_ node: JSONNode) {
    switch node.value {
    case .integer(let integer): self = .integer(integer)
    case .number(let number): self = .number(number)
    case .string(let text): self = .text(text)
    case .bool(let flag): self = .flag(flag)
    default: return nil
    }
  }
}
