package import Readings
package import StrictJSON

/// A channel as a device record tells of it. Its number stays between driver and hub.
extension Channel: WireObject {
  package func write(to writer: inout JSONWriter) {
    writer.member("channel", name)
    writer.member("quantity", quantity)
    writer.member("unit", unit)
    writer.known("raw_unit", rawUnit)
    writer.known("kind", kind)
    writer.known("direction", direction)
    writer.known("min", minimum)
    writer.known("max", maximum)
    writer.known("capacity", capacity)
    writer.known("resolution", resolution)
    writer.unlessZero("interval_us", interval)
    writer.unlessZero("usual_interval_us", usualInterval)
    writer.unlessZero("t_unc_us", uncertainty)
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    self.init(
      name: try fields.requiredString("channel"), quantity: try fields.text("quantity"),
      unit: try fields.text("unit"), rawUnit: try fields.text("raw_unit"), kind: try fields.text("kind"),
      direction: try fields.text("direction"), minimum: try fields.anyNumber("min"),
      maximum: try fields.anyNumber("max"), capacity: try fields.anyNumber("capacity"),
      resolution: try fields.anyNumber("resolution"), interval: try fields.time("interval_us") ?? 0,
      usualInterval: try fields.time("usual_interval_us") ?? 0, uncertainty: try fields.time("t_unc_us") ?? 0)
  }
}
