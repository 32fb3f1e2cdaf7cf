/// The answer to GET_STATUS, 18 bytes (PROTOCOL.md 4.2).
package struct DeviceStatus: Equatable, Sendable {
  /// What the instrument complains of.
  package struct Complaints: OptionSet, Sendable {
    /// The status byte.
    package let rawValue: UInt8
    /// From the status byte.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// In words, in the order of the bits. The two lowest bits speak of earlier commands and say nothing of its health.
    package var words: [String] {
      let names = [
        "", "", "its converter is not calibrated", "its sensor detection is not calibrated", "internal error 1",
        "internal error 2", "its memory for samples overflowed", "it missed a transition",
      ]
      return names.indices.filter { rawValue & 1 << UInt8($0) != 0 && !names[$0].isEmpty }.map { names[$0] }
    }
  }

  /// What it complains of.
  package var complaints: Complaints
  /// Main firmware.
  package var firmware: FirmwareVersion
  /// Firmware of the radio.
  package var radioFirmware: FirmwareVersion
  /// Charge of the battery, 0 to 100 by the book.
  package var batteryPercent: UInt8
  /// 0 idle, 1 charging, 2 full, 3 error.
  package var charger: UInt8

  /// A status with everything given.
  package init(
    complaints: Complaints = [], firmware: FirmwareVersion, radioFirmware: FirmwareVersion, batteryPercent: UInt8,
    charger: UInt8 = 0
  ) {
    self.complaints = complaints
    self.firmware = firmware
    self.radioFirmware = radioFirmware
    self.batteryPercent = batteryPercent
    self.charger = charger
  }

  /// `nil` when the answer has another length.
  package init?(_ response: GoDirectResponse) {
    let bytes = response.bytes
    guard bytes.count == 18 else { return nil }
    complaints = Complaints(rawValue: bytes[6])
    firmware = FirmwareVersion(bytes, at: 8)
    radioFirmware = FirmwareVersion(bytes, at: 12)
    batteryPercent = bytes[16]
    charger = bytes[17]
  }
}

/// A version as the instrument gives it: two bytes and a build number.
package struct FirmwareVersion: Equatable, Sendable, CustomStringConvertible {
  /// `1` of 1.8.564.
  package var major: UInt8
  /// `8` of 1.8.564.
  package var minor: UInt8
  /// `564` of 1.8.564.
  package var build: UInt16

  /// From its parts.
  package init(_ major: UInt8, _ minor: UInt8, build: UInt16) {
    self.major = major
    self.minor = minor
    self.build = build
  }

  init(_ bytes: [UInt8], at offset: Int) {
    self.init(bytes[offset], bytes[offset + 1], build: bytes.littleEndian(at: offset + 2))
  }

  /// `1.8.564`
  package var description: String { "\(major).\(minor).\(build)" }
}
