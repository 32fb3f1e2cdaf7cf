/// What an emulated instrument says of itself. Force range and sensors of the hand dynamometer follow PROTOCOL.md 6
/// and 8.2; what is not published is invented.
struct EmulatedInstrument {
  let info: DeviceInfo
  let status: DeviceStatus
  let sensors: [SensorInfo]
  /// Force alone.
  let defaultMask: UInt32 = 1 << 1

  init(_ settings: EmulatorSettings) {
    let code = settings.orderCode.rawValue
    let isHandDynamometer = settings.orderCode == .handDynamometer
    let firmware = FirmwareVersion(1, 8, build: 564)
    let radioFirmware = FirmwareVersion(2, 3, build: 5)
    info = DeviceInfo(
      orderCode: code, serial: settings.serial, name: "\(code) \(settings.serial)", manufacturer: 1,
      made: DeviceInfo.ManufactureDate(year: 2021, month: 6, day: 15), firmware: firmware,
      radioFirmware: radioFirmware, radioAddress: [0x11, 0x22, 0x33, 0x44, 0x55, 0x66], memorySize: 0,
      description: isHandDynamometer ? "Go Direct Hand Dynamometer" : "Go Direct Force and Acceleration")
    status = DeviceStatus(
      firmware: firmware, radioFirmware: radioFirmware, batteryPercent: settings.faults.batteryPercent)
    let force =
      isHandDynamometer
      ? SensorInfo(
        channel: 1, sensorID: 1, description: "Force", unit: "N", uncertainty: 0.6, minimum: 0, maximum: 850)
      : SensorInfo(
        channel: 1, sensorID: 1, description: "Force", unit: "N", uncertainty: 0.1, minimum: -50, maximum: 50)
    let axes = ["X", "Y", "Z"].enumerated()
    let accelerations = axes.map { index, axis in
      SensorInfo(
        channel: UInt8(2 + index), sensorID: UInt32(2 + index), description: "\(axis)-axis acceleration", unit: "m/s²",
        uncertainty: 0.5, minimum: -157, maximum: 157)
    }
    let rotations = axes.map { index, axis in
      SensorInfo(
        channel: UInt8(5 + index), sensorID: UInt32(5 + index), description: "\(axis)-axis gyro", unit: "rad/s",
        uncertainty: 0.1, minimum: -35, maximum: 35)
    }
    sensors = [force] + accelerations + rotations
  }

  var availableMask: UInt32 { sensors.reduce(0) { $0 | 1 << UInt32($1.channel) } }
  /// Every sensor has the same limits.
  var periods: ClosedRange<UInt64> { UInt64(sensors[0].minimumPeriod)...sensors[0].maximumPeriod }
}
