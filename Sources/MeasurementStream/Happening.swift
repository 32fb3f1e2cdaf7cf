internal import StrictJSON

/// Something that happened at a device: an event of the stream.
package struct Happening: Sendable {
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

  /// The device's name.
  package var device: String
  /// `group.verb`: `peg.inserted`.
  package var name: String
  /// Station time, microseconds on the boot-time clock.
  package var time: Int64
  /// The same moment on the wall clock; informative.
  package var wallTime: Int64
  /// The instrument's own time.
  package var deviceTime: Int64?
  /// Microseconds, of the better of the two times; 0: not known.
  package var uncertainty: Int64
  /// Quality bits.
  package var quality: UInt32
  /// Its fields, in order.
  package var fields: [(key: String, value: Value)]
  /// What the instrument sent, or empty.
  package var raw: String

  /// An event; see the properties.
  package init(
    device: String, name: String, time: Int64, wallTime: Int64, deviceTime: Int64? = nil, uncertainty: Int64 = 0,
    quality: UInt32 = 0, fields: [(key: String, value: Value)] = [], raw: String = ""
  ) {
    self.device = device
    self.name = name
    self.time = time
    self.wallTime = wallTime
    self.deviceTime = deviceTime
    self.uncertainty = uncertainty
    self.quality = quality
    self.fields = fields
    self.raw = raw
  }

  func write(to writer: inout JSONWriter) {
    writer.key("device")
    writer.string(device)
    writer.key("event")
    writer.string(name)
    writer.key("t_us")
    writer.integer(time)
    writer.key("wall_us")
    writer.integer(wallTime)
    if uncertainty > 0 {
      writer.key("t_unc_us")
      writer.integer(uncertainty)
    }
    if let deviceTime {
      writer.key("dev_t_us")
      writer.integer(deviceTime)
    }
    if !fields.isEmpty {
      writer.key("fields")
      writer.beginObject()
      for (key, value) in fields {
        writer.key(key)
        switch value {
        case .integer(let integer): writer.integer(integer)
        case .number(let number): writer.number(number)
        case .text(let text): writer.string(text)
        case .flag(let flag): writer.flag(flag)
        }
      }
      writer.endObject()
    }
    writeQualityWords(quality, to: &writer)
    if !raw.isEmpty {
      writer.key("raw")
      writer.string(raw)
    }
  }
}

func writeQualityWords(_ quality: UInt32, to writer: inout JSONWriter) {
  guard quality & QualityWords.known != 0 else { return }
  writer.key("q")
  writer.beginArray()
  for word in QualityWords.words(quality) { writer.string(word) }
  writer.endArray()
}
