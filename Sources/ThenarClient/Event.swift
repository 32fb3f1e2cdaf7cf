public import StrictJSON

/// Something that happened at a device.
public struct Event: Equatable, Sendable {
  /// The record's number.
  public let sequence: UInt64
  /// The device's name.
  public let device: String
  /// `group.verb`: `peg.inserted`.
  public let name: String
  /// Station time: microseconds on the boot-time clock of the station.
  public let time: Int64
  /// The same moment on the wall clock, microseconds since 1970; informative.
  public let wallTime: Int64?
  /// How far the better of the two times can be from the truth in microseconds; 0: not known.
  public let uncertainty: Int64
  /// The instrument's own time, in microseconds of its own clock.
  public let deviceTime: Int64?
  /// More about it: `hole`, `side`.
  public let fields: [JSONMember]
  /// What is to be said about it: `inferred`.
  public let quality: [String]
  /// What the instrument sent, where it sent text.
  public let raw: String

  init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    sequence = try fields.requiredCount("seq")
    device = try fields.requiredString("device")
    name = try fields.requiredString("event")
    time = try fields.requiredTime("t_us")
    wallTime = try fields.time("wall_us")
    uncertainty = try fields.time("t_unc_us") ?? 0
    deviceTime = try fields.time("dev_t_us")
    self.fields = fields.node("fields")?.members ?? []
    quality = try fields.strings("q")
    raw = try fields.text("raw")
  }
}
