/// How large the parts of a reading may be: one list for drivers, for the link to the hub, and for the stream.
public enum ReadingLimits {
  /// Channels of a device; their numbers are below it.
  public static let channels: UInt32 = 64
  /// Samples of one call of a driver, and so of one message on the link.
  public static let samples = 4096
  /// Bytes of a name, a code or a quantity.
  public static let nameBytes = 64
  /// Bytes of a UCUM code.
  public static let unitBytes = 32
  /// Fields of an event.
  public static let fields = 32
  /// Bytes of an event's text, and of what the instrument sent.
  public static let textBytes = 4096
  /// Bytes of each part of an identity.
  public static let identityBytes = 256
  /// Bytes of a sentence for a person.
  public static let sentenceBytes = 1024
  /// Health counters of a device.
  public static let counters = 64
  /// The largest whole number, time or count: what goes through JSON unharmed.
  public static let integer: Int64 = 1 << 53
  /// The longest interval, offset or uncertainty, twelve days: so that a row of them is still a time.
  public static let span: Microseconds = 1 << 40
}

/// Letters, digits, `-`, `_` and `.`, 1 to 64 of them: what names of channels, events, fields, counters and reasons are
/// made of.
public func isName(_ text: String) -> Bool {
  let bytes = text.utf8
  guard (1...ReadingLimits.nameBytes).contains(bytes.count) else { return false }
  return bytes.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}
