internal import Readings

extension Identity {
  func write(to writer: inout ByteWriter) {
    for text in [vendor, model, serial, firmware] { writer.text(text) }
    writer.number(batteryPercent ?? .nan)
  }

  init(from reader: inout ByteReader) throws(LinkError) {
    let limit = ReadingLimits.identityBytes
    self.init(
      vendor: try reader.text(limit: limit), model: try reader.text(limit: limit),
      serial: try reader.text(limit: limit), firmware: try reader.text(limit: limit),
      batteryPercent: try reader.numberIfKnown())
  }
}

extension Loss {
  func write(to writer: inout ByteWriter) {
    writer.integer(channel)
    writer.integer(count)
    writer.text(reason)
  }

  init(from reader: inout ByteReader) throws(LinkError) {
    self.init(channel: try reader.integer(), count: try reader.count(), reason: try reader.name())
  }
}

extension SerialLine {
  func write(to writer: inout ByteWriter) {
    for number in [baud, dataBits, parity.rawValue, stopBits] { writer.integer(number) }
    writer.integer(UInt8(dtr ? 1 : 0))
    writer.integer(UInt8(rts ? 1 : 0))
  }

  init(from reader: inout ByteReader) throws(LinkError) {
    self.init(baud: try reader.integer(), dataBits: try reader.integer())
    guard let parity = Parity(rawValue: try reader.integer()) else { throw reader.refuse() }
    self.parity = parity
    stopBits = try reader.integer()
    dtr = try reader.flag()
    rts = try reader.flag()
    guard isPossible else { throw reader.refuse() }
  }
}
