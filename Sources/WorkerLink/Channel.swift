internal import Readings

extension Channel {
  func write(to writer: inout ByteWriter) {
    writer.integer(number)
    for text in [name, quantity, unit, rawUnit, kind, direction] { writer.text(text) }
    for number in [minimum, maximum, capacity, resolution] { writer.number(number ?? .nan) }
    for span in [interval, usualInterval, uncertainty] { writer.integer(span) }
  }

  init(from reader: inout ByteReader) throws(LinkError) {
    self.init(
      number: try reader.integer(), name: try reader.text(limit: ReadingLimits.nameBytes),
      quantity: try reader.text(limit: ReadingLimits.nameBytes), unit: try reader.text(limit: ReadingLimits.unitBytes),
      rawUnit: try reader.text(limit: ReadingLimits.unitBytes), kind: try reader.text(limit: ReadingLimits.nameBytes),
      direction: try reader.text(limit: ReadingLimits.nameBytes), minimum: try reader.numberIfKnown(),
      maximum: try reader.numberIfKnown(), capacity: try reader.numberIfKnown(),
      resolution: try reader.numberIfKnown(), interval: try reader.span(), usualInterval: try reader.span(),
      uncertainty: try reader.span())
    guard number < ReadingLimits.channels, isName(name), !quantity.isEmpty, !unit.isEmpty,
      kind.isEmpty || isName(kind), direction.isEmpty || isName(direction)
    else { throw reader.refuse() }
  }
}
