/// What an instrument says of itself. Empty texts where it says nothing.
public struct Identity: Equatable, Sendable {
  /// Who made it.
  public var vendor: String
  /// The maker's name for the model.
  public var model: String
  /// The instrument's own serial number.
  public var serial: String
  /// Its firmware version.
  public var firmware: String
  /// Charge of its battery in percent, where it has one.
  public var batteryPercent: Double?

  /// An identity; leave out what the instrument does not say.
  public init(
    vendor: String = "", model: String = "", serial: String = "", firmware: String = "", batteryPercent: Double? = nil
  ) {
    self.vendor = vendor
    self.model = model
    self.serial = serial
    self.firmware = firmware
    self.batteryPercent = batteryPercent
  }
}
