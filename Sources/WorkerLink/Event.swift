internal import Readings

extension Event {
  func write(to writer: inout ByteWriter) {
    writer.text(name)
    writer.integer(quality.rawValue)
    writer.integer(time)
    writer.optional(deviceTime)
    writer.integer(uncertainty)
    writer.text(raw)
    writer.list(fields) { writer, field in field.write(to: &writer) }
  }

  init(from reader: inout ByteReader) throws(LinkError) {
    self.init(try reader.name(), at: 0)
    quality = try reader.quality()
    time = try reader.time()
    deviceTime = try reader.optionalTime()
    uncertainty = try reader.span()
    raw = try reader.text(limit: ReadingLimits.textBytes)
    fields = try reader.list(limit: ReadingLimits.fields) { reader throws(LinkError) in try Field(from: &reader) }
    guard Set(fields.map(\.key)).count == fields.count else { throw reader.refuse() }
  }
}

extension Event.Field {
  fileprivate func write(to writer: inout ByteWriter) {
    writer.text(key)
    switch value {
    case .integer(let integer):
      writer.integer(UInt8(0))
      writer.integer(integer)
    case .number(let number):
      writer.integer(UInt8(1))
      writer.number(number)
    case .text(let text):
      writer.integer(UInt8(2))
      writer.text(text)
    case .flag(let flag):
      writer.integer(UInt8(3))
      writer.integer(UInt8(flag ? 1 : 0))
    }
  }

  fileprivate init(from reader: inout ByteReader) throws(LinkError) {
    let key = try reader.name()
    switch try reader.integer(UInt8.self) {
    case 0: self.init(key, .integer(try reader.time()))
    case 1: self.init(key, .number(try reader.finite()))
    case 2: self.init(key, .text(try reader.text(limit: ReadingLimits.textBytes)))
    case 3: self.init(key, .flag(try reader.flag()))
    default: throw reader.refuse()
    }
  }
}
