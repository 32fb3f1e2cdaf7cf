package import CThenarDriver
package import Readings

/// Lends a channel to C for the length of a call.
package func withLent(_ channel: Channel, _ body: (UnsafePointer<thenar_channel>) -> Void) {
  let texts = [channel.name, channel.quantity, channel.unit, channel.rawUnit, channel.kind, channel.direction]
  withLentTexts(texts) { texts in
    var it = thenar_channel(
      struct_size: UInt32(MemoryLayout<thenar_channel>.size), number: channel.number, name: texts[0],
      quantity: texts[1], unit: texts[2], raw_unit: texts[3], minimum: channel.minimum ?? .nan,
      maximum: channel.maximum ?? .nan, resolution: channel.resolution ?? .nan, interval_us: channel.interval,
      uncertainty_us: channel.uncertainty, kind: texts[4], direction: texts[5], capacity: channel.capacity ?? .nan,
      usual_interval_us: channel.usualInterval)
    body(&it)
  }
}

extension Channel {
  /// A checked copy of what a driver handed over.
  package init(checking channel: thenar_channel) throws(ContractBreach) {
    guard channel.number < ReadingLimits.channels else {
      throw ContractBreach("channel \(channel.number) is not one of 0 to \(ReadingLimits.channels - 1)")
    }
    self.init(
      number: channel.number, name: try ContractCoding.name(channel.name, "name"),
      quantity: try wholeText(channel.quantity, limit: ReadingLimits.nameBytes, "quantity"),
      unit: try wholeText(channel.unit, limit: ReadingLimits.unitBytes, "unit"),
      rawUnit: try wholeText(channel.raw_unit, limit: ReadingLimits.unitBytes, "raw_unit", mayBeEmpty: true),
      kind: try word(channel.kind, "kind"), direction: try word(channel.direction, "direction"),
      minimum: channel.minimum.isFinite ? channel.minimum : nil,
      maximum: channel.maximum.isFinite ? channel.maximum : nil,
      // 0, as a C structure has it where nothing is said.
      capacity: channel.capacity.isFinite && channel.capacity != 0 ? channel.capacity : nil,
      resolution: channel.resolution.isFinite ? channel.resolution : nil,
      interval: try span(channel.interval_us, "interval_us"),
      usualInterval: try span(channel.usual_interval_us, "usual_interval_us"),
      uncertainty: try span(channel.uncertainty_us, "uncertainty_us"))
    if let minimum, let maximum, minimum > maximum { throw ContractBreach("minimum is above maximum") }
    if let capacity, capacity < 0 { throw ContractBreach("capacity is below 0") }
    if let resolution, resolution <= 0 { throw ContractBreach("resolution is not above 0") }
  }
}

/// A word that may be missing.
private func word(_ text: thenar_text, _ what: String) throws(ContractBreach) -> String {
  text.count == 0 ? "" : try name(text, what)
}
