/// The answer to GET_DEVICE_INFO, 158 bytes (PROTOCOL.md 4.3).
package struct DeviceInfo: Equatable, Sendable {
  /// `GDX-HD`: the only thing that tells the models apart.
  package var orderCode: String
  /// `151000C1`
  package var serial: String
  /// Order code and serial number.
  package var name: String
  /// Number of the maker.
  package var manufacturer: UInt16
  /// Year, month and day of manufacture.
  package var made: ManufactureDate
  /// Main firmware.
  package var firmware: FirmwareVersion
  /// Firmware of the radio.
  package var radioFirmware: FirmwareVersion
  /// Address of the radio, as people write it: most significant byte first.
  package var radioAddress: [UInt8]
  /// Size of its memory in bytes.
  package var memorySize: UInt32
  /// `Go Direct Hand Dynamometer`
  package var description: String

  /// A day of manufacture.
  package struct ManufactureDate: Equatable, Sendable {
    /// With century.
    package var year: UInt16
    /// 1 to 12.
    package var month: UInt8
    /// 1 to 31.
    package var day: UInt8

    /// A day.
    package init(year: UInt16, month: UInt8, day: UInt8) {
      self.year = year
      self.month = month
      self.day = day
    }
  }

  /// Information with everything given.
  package init(
    orderCode: String, serial: String, name: String, manufacturer: UInt16, made: ManufactureDate,
    firmware: FirmwareVersion, radioFirmware: FirmwareVersion, radioAddress: [UInt8], memorySize: UInt32,
    description: String
  ) {
    self.orderCode = orderCode
    self.serial = serial
    self.name = name
    self.manufacturer = manufacturer
    self.made = made
    self.firmware = firmware
    self.radioFirmware = radioFirmware
    self.radioAddress = radioAddress
    self.memorySize = memorySize
    self.description = description
  }

  /// `nil` when the answer has another length.
  package init?(_ response: GoDirectResponse) {
    let bytes = response.bytes
    guard bytes.count == 158 else { return nil }
    orderCode = bytes.text(at: 6, count: 16)
    serial = bytes.text(at: 22, count: 16)
    name = bytes.text(at: 38, count: 32)
    manufacturer = bytes.littleEndian(at: 70)
    made = ManufactureDate(year: bytes.littleEndian(at: 72), month: bytes[74], day: bytes[75])
    firmware = FirmwareVersion(bytes, at: 76)
    radioFirmware = FirmwareVersion(bytes, at: 80)
    radioAddress = bytes[84..<90].reversed()
    memorySize = bytes.littleEndian(at: 90)
    description = bytes.text(at: 94, count: 64)
  }
}
