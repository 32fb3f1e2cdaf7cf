internal import StrictJSON

/// One quantity that a device measures.
public struct Channel: Equatable, Sendable {
  /// Unique in the device: `force`.
  public let name: String
  /// `force`, `time`, `acceleration`, …
  public let quantity: String
  /// UCUM code of the values.
  public let unit: String
  /// UCUM code of the raw values; empty when the instrument speaks in `unit` itself.
  public let rawUnit: String
  /// Range in `unit`, where it is known.
  public let minimum: Double?
  /// Range in `unit`, where it is known.
  public let maximum: Double?
  /// Smallest step in `unit`, where it is known.
  public let resolution: Double?
  /// Microseconds between samples; 0: it speaks when it has something to say.
  public let interval: Int64
  /// How far a time can be from the truth in microseconds; 0: not known.
  public let uncertainty: Int64

  init(_ node: JSONNode) throws(JSONMismatch) {
    var fields = try JSONFields(node, "channels")
    name = try fields.requiredString("channel")
    quantity = try fields.text("quantity")
    unit = try fields.text("unit")
    rawUnit = try fields.text("raw_unit")
    minimum = try fields.anyNumber("min")
    maximum = try fields.anyNumber("max")
    resolution = try fields.anyNumber("resolution")
    interval = try fields.time("interval_us") ?? 0
    uncertainty = try fields.time("t_unc_us") ?? 0
  }
}
