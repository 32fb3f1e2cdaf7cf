// What the instrument puts on the wire, in the layouts of PROTOCOL.md 4.

extension DeviceStatus {
  var payload: [UInt8] {
    [complaints.rawValue, 0] + firmware.payload + radioFirmware.payload + [batteryPercent, charger]
  }
}

extension FirmwareVersion {
  var payload: [UInt8] {
    var bytes = [major, minor]
    bytes.append(littleEndian: build)
    return bytes
  }
}

extension DeviceInfo {
  var payload: [UInt8] {
    var bytes = padded(orderCode, to: 16) + padded(serial, to: 16) + padded(name, to: 32)
    bytes.append(littleEndian: manufacturer)
    bytes.append(littleEndian: made.year)
    bytes += [made.month, made.day] + firmware.payload + radioFirmware.payload + radioAddress.reversed()
    bytes.append(littleEndian: memorySize)
    return bytes + padded(description, to: 64)
  }
}

extension SensorInfo {
  var payload: [UInt8] {
    var bytes = [channel, 0]
    bytes.append(littleEndian: sensorID)
    bytes += [isInteger ? 1 : 0, isAperiodic ? 1 : 0] + padded(description, to: 60) + padded(unit, to: 32)
    for number in [uncertainty, minimum, maximum] { bytes.append(littleEndian: number.bitPattern) }
    bytes.append(littleEndian: minimumPeriod)
    bytes.append(littleEndian: maximumPeriod)
    for number in [typicalPeriod, periodGranularity, exclusionMask] { bytes.append(littleEndian: number) }
    return bytes
  }
}

private func padded(_ text: String, to count: Int) -> [UInt8] {
  let bytes = Array(text.utf8.prefix(count))
  return bytes + [UInt8](repeating: 0, count: count - bytes.count)
}
