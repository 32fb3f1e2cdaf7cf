/// A channel as a driver declared it. Numbers that are not known are NaN.
package struct LinkChannel: Equatable, Sendable {
  /// The driver's own number.
  package var number: UInt32
  /// Unique in the device.
  package var name: String
  /// `force`, `time`, …
  package var quantity: String
  /// UCUM code of the values.
  package var unit: String
  /// UCUM code of the raw values, or empty.
  package var rawUnit: String
  /// Range in `unit`.
  package var minimum: Double?
  /// Range in `unit`.
  package var maximum: Double?
  /// Smallest step in `unit`.
  package var resolution: Double?
  /// Microseconds between samples; 0: irregular.
  package var interval: Int64
  /// Microseconds; 0: not known.
  package var uncertainty: Int64

  /// A channel; see the properties.
  package init(
    number: UInt32, name: String, quantity: String, unit: String, rawUnit: String = "", minimum: Double? = nil,
    maximum: Double? = nil, resolution: Double? = nil, interval: Int64 = 0, uncertainty: Int64 = 0
  ) {
    self.number = number
    self.name = name
    self.quantity = quantity
    self.unit = unit
    self.rawUnit = rawUnit
    self.minimum = minimum
    self.maximum = maximum
    self.resolution = resolution
    self.interval = interval
    self.uncertainty = uncertainty
  }

  func write(to writer: inout ByteWriter) {
    writer.integer(number)
    for text in [name, quantity, unit, rawUnit] { writer.text(text) }
    for number in [minimum, maximum, resolution] { writer.number(number ?? .nan) }
    writer.integer(interval)
    writer.integer(uncertainty)
  }

  init(from reader: inout ByteReader) throws(LinkError) {
    number = try reader.integer()
    name = try reader.text(limit: 64)
    quantity = try reader.text(limit: 64)
    unit = try reader.text(limit: 32)
    rawUnit = try reader.text(limit: 32)
    minimum = Self.known(try reader.number())
    maximum = Self.known(try reader.number())
    resolution = Self.known(try reader.number())
    interval = try reader.span()
    uncertainty = try reader.span()
    guard number < 64, isName(name), !quantity.isEmpty, !unit.isEmpty else {
      throw reader.refuse()
    }
  }

  private static func known(_ number: Double) -> Double? { number.isFinite ? number : nil }
}

/// Letters, digits, `-`, `_` and `.`, 1 to 64 of them.
package func isName(_ text: String) -> Bool {
  (1...64).contains(text.utf8.count)
    && text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
        true
      default: false
      }
    }
}

/// A run of samples of one channel. `raw`, `quality` and `offsets` are empty or as long as `values`.
package struct LinkSamples: Equatable, Sendable {
  /// Number of the channel.
  package var channel: UInt32
  /// Station time of the first sample in microseconds.
  package var time: Int64
  /// Microseconds between samples.
  package var interval: Int64
  /// The instrument's own time of the first sample.
  package var deviceTime: Int64?
  /// In the channel's unit; not finite where there is no valid number.
  package var values: [Double]
  /// In the channel's raw unit.
  package var raw: [Double]
  /// Bits of `THENAR_QUALITY_…`.
  package var quality: [UInt32]
  /// Microseconds after `time`, never falling.
  package var offsets: [Int64]

  /// Samples; see the properties.
  package init(
    channel: UInt32, time: Int64, interval: Int64 = 0, deviceTime: Int64? = nil, values: [Double], raw: [Double] = [],
    quality: [UInt32] = [], offsets: [Int64] = []
  ) {
    self.channel = channel
    self.time = time
    self.interval = interval
    self.deviceTime = deviceTime
    self.values = values
    self.raw = raw
    self.quality = quality
    self.offsets = offsets
  }

  func write(to writer: inout ByteWriter) {
    writer.integer(channel)
    writer.integer(time)
    writer.integer(interval)
    writer.optional(deviceTime)
    writer.list(values) { $0.number($1) }
    writer.list(raw) { $0.number($1) }
    writer.list(quality) { $0.integer($1) }
    writer.list(offsets) { $0.integer($1) }
  }

  init(from reader: inout ByteReader) throws(LinkError) {
    channel = try reader.integer()
    time = try reader.time()
    interval = try reader.span()
    deviceTime = try reader.optionalTime()
    values = try reader.list(limit: 4096) { reader throws(LinkError) in try reader.number() }
    raw = try reader.list(limit: 4096) { reader throws(LinkError) in try reader.number() }
    quality = try reader.list(limit: 4096) { reader throws(LinkError) in try reader.integer() }
    offsets = try reader.list(limit: 4096) { reader throws(LinkError) in try reader.span() }
    let lengths = [raw.count, quality.count, offsets.count]
    guard !values.isEmpty, lengths.allSatisfy({ $0 == 0 || $0 == values.count }),
      zip(offsets, offsets.dropFirst()).allSatisfy({ $0 <= $1 })
    else { throw reader.refuse() }
  }
}

/// Something that happened.
package struct LinkEvent: Equatable, Sendable {
  /// A field's value.
  package enum Value: Equatable, Sendable {
    /// At most 2^53 in magnitude.
    case integer(Int64)
    /// Finite.
    case number(Double)
    /// Any text.
    case text(String)
    /// Yes or no.
    case flag(Bool)
  }

  /// A field.
  package struct Field: Equatable, Sendable {
    /// Unique in the event.
    package var key: String
    /// Its value.
    package var value: Value
    /// A field.
    package init(_ key: String, _ value: Value) {
      self.key = key
      self.value = value
    }
  }

  /// `group.verb`
  package var name: String
  /// Bits of `THENAR_QUALITY_…`.
  package var quality: UInt32
  /// Station time in microseconds.
  package var time: Int64
  /// The instrument's own time.
  package var deviceTime: Int64?
  /// Microseconds; 0: not known.
  package var uncertainty: Int64
  /// In order.
  package var fields: [Field]
  /// What the instrument sent, or empty.
  package var raw: String

  /// An event; see the properties.
  package init(
    name: String, quality: UInt32 = 0, time: Int64, deviceTime: Int64? = nil, uncertainty: Int64 = 0,
    fields: [Field] = [], raw: String = ""
  ) {
    self.name = name
    self.quality = quality
    self.time = time
    self.deviceTime = deviceTime
    self.uncertainty = uncertainty
    self.fields = fields
    self.raw = raw
  }

  /// The value of a field.
  package subscript(_ key: String) -> Value? { fields.first { $0.key == key }?.value }

  func write(to writer: inout ByteWriter) {
    writer.text(name)
    writer.integer(quality)
    writer.integer(time)
    writer.optional(deviceTime)
    writer.integer(uncertainty)
    writer.text(raw)
    writer.list(fields) { writer, field in
      writer.text(field.key)
      switch field.value {
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
  }

  init(from reader: inout ByteReader) throws(LinkError) {
    name = try reader.text(limit: 64)
    quality = try reader.integer()
    time = try reader.time()
    deviceTime = try reader.optionalTime()
    uncertainty = try reader.span()
    raw = try reader.text(limit: 4096)
    fields = try reader.list(limit: 32) { reader throws(LinkError) in
      let key = try reader.text(limit: 64)
      guard isName(key) else { throw reader.refuse() }
      switch try reader.integer(UInt8.self) {
      case 0:
        let integer = try reader.integer(Int64.self)
        guard integer.magnitude <= 1 << 53 else { throw reader.refuse() }
        return Field(key, .integer(integer))
      case 1: return Field(key, .number(try reader.finite()))
      case 2: return Field(key, .text(try reader.text(limit: 4096)))
      case 3: return Field(key, .flag(try reader.flag()))
      default: throw reader.refuse()
      }
    }
    guard isName(name), Set(fields.map(\.key)).count == fields.count else { throw reader.refuse() }
  }
}

/// What the instrument says of itself.
package struct LinkIdentity: Equatable, Sendable {
  /// Who made it.
  package var vendor: String
  /// The maker's name for the model.
  package var model: String
  /// The instrument's own serial number.
  package var serial: String
  /// Its firmware version.
  package var firmware: String
  /// Charge of its battery.
  package var batteryPercent: Double?

  /// An identity; empty texts where the instrument says nothing.
  package init(
    vendor: String = "", model: String = "", serial: String = "", firmware: String = "", batteryPercent: Double? = nil
  ) {
    self.vendor = vendor
    self.model = model
    self.serial = serial
    self.firmware = firmware
    self.batteryPercent = batteryPercent
  }

  func write(to writer: inout ByteWriter) {
    for text in [vendor, model, serial, firmware] { writer.text(text) }
    writer.number(batteryPercent ?? .nan)
  }

  init(from reader: inout ByteReader) throws(LinkError) {
    vendor = try reader.text(limit: 256)
    model = try reader.text(limit: 256)
    serial = try reader.text(limit: 256)
    firmware = try reader.text(limit: 256)
    let battery = try reader.number()
    batteryPercent = battery.isFinite ? battery : nil
  }
}
