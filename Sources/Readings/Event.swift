/// Something that happened at a device. ``EventName`` lists the names in use.
public struct Event: Equatable, Sendable {
  /// A field's value.
  public enum Value: Equatable, Sendable {
    /// At most 2^53 in magnitude.
    case integer(Int64)
    /// Finite.
    case number(Double)
    /// Any text.
    case text(String)
    /// Yes or no.
    case flag(Bool)
  }

  /// More about an event: `hole`, `side`.
  public struct Field: Equatable, Sendable {
    /// Unique in the event.
    public var key: String
    /// Its value.
    public var value: Value
    /// A field.
    public init(_ key: String, _ value: Value) {
      self.key = key
      self.value = value
    }
  }

  /// `group.verb`: `trial.started`, `peg.inserted`.
  public var name: String
  /// Station time.
  public var time: Microseconds
  /// The instrument's own time, if it has a clock.
  public var deviceTime: Microseconds?
  /// Of the better of the two times; 0: not known.
  public var uncertainty: Microseconds
  /// What is to be said about it.
  public var quality: Quality
  /// In the order in which they go out.
  public var fields: [Field]
  /// What the instrument sent, as text, or empty.
  public var raw: String

  /// An event; see the properties.
  public init(
    _ name: String, at time: Microseconds, deviceTime: Microseconds? = nil, uncertainty: Microseconds = 0,
    quality: Quality = [], fields: [(key: String, value: Value)] = [], raw: String = ""
  ) {
    self.name = name
    self.time = time
    self.deviceTime = deviceTime
    self.uncertainty = uncertainty
    self.quality = quality
    self.fields = fields.map { Field($0.key, $0.value) }
    self.raw = raw
  }

  /// The value of a field.
  public subscript(_ key: String) -> Value? { fields.first { $0.key == key }?.value }
}
