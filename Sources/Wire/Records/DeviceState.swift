/// Where a device is in its life. A later hub may know more states than these: show the word.
public struct DeviceState: RawRepresentable, Hashable, CaseIterable, Sendable {
  /// The word on the wire.
  public let rawValue: String
  /// The state of a word.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// Seen, nothing done yet.
  public static let found = DeviceState(rawValue: "found")
  /// A serial port that the station's configuration does not name: it is not opened.
  public static let needsConsent = DeviceState(rawValue: "needs_consent")
  /// It is being opened.
  public static let starting = DeviceState(rawValue: "starting")
  /// It answers; no reading for now.
  public static let ready = DeviceState(rawValue: "ready")
  /// Readings come.
  public static let streaming = DeviceState(rawValue: "streaming")
  /// It is connected, but readings are overdue.
  public static let stalled = DeviceState(rawValue: "stalled")
  /// It was unplugged, or its line broke.
  public static let lost = DeviceState(rawValue: "lost")
  /// Another program holds it.
  public static let busyElsewhere = DeviceState(rawValue: "busy_elsewhere")
  /// Its driver ended and will be started again.
  public static let backoff = DeviceState(rawValue: "backoff")
  /// Its driver ended too often; it is left alone until it is plugged in anew.
  public static let quarantined = DeviceState(rawValue: "quarantined")
  /// The configuration says to leave it alone.
  public static let disabled = DeviceState(rawValue: "disabled")
  /// It cannot work until a person changes something.
  public static let failed = DeviceState(rawValue: "failed")

  /// The states that this build knows, in the order of a device's life.
  public static let allCases: [DeviceState] = [
    .found, .needsConsent, .starting, .ready, .streaming, .stalled, .lost, .busyElsewhere, .backoff, .quarantined,
    .disabled, .failed,
  ]
}
