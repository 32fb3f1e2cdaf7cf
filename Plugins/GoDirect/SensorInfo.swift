/// The answer to GET_SENSOR_INFO, 154 bytes (PROTOCOL.md 4.5). Periods are in microseconds.
package struct SensorInfo: Equatable, Sendable {
  /// Number of the channel.
  package var channel: UInt8
  /// The maker's number for the sensor; not 0.
  package var sensorID: UInt32
  /// Values arrive as 32-bit integers; otherwise as 32-bit floats.
  package var isInteger: Bool
  /// It speaks when it has something to say; otherwise once per period.
  package var isAperiodic: Bool
  /// `Force`
  package var description: String
  /// `N`, as the instrument writes it.
  package var unit: String
  /// In the instrument's unit.
  package var uncertainty: Double
  /// Least value in the instrument's unit.
  package var minimum: Double
  /// Greatest value in the instrument's unit.
  package var maximum: Double
  /// Shortest time between samples.
  package var minimumPeriod: UInt32
  /// Longest time between samples.
  package var maximumPeriod: UInt64
  /// What the maker thinks usual.
  package var typicalPeriod: UInt32
  /// Periods are multiples of this; 0: any.
  package var periodGranularity: UInt32
  /// Channels that cannot run together with this one: bit n is channel n.
  package var exclusionMask: UInt32

  /// Information with everything given.
  package init(
    channel: UInt8, sensorID: UInt32, isInteger: Bool = false, isAperiodic: Bool = false, description: String,
    unit: String, uncertainty: Double, minimum: Double, maximum: Double, minimumPeriod: UInt32 = 1000,
    maximumPeriod: UInt64 = 86_400_000_000, typicalPeriod: UInt32 = 20_000, periodGranularity: UInt32 = 1000,
    exclusionMask: UInt32 = 0
  ) {
    self.channel = channel
    self.sensorID = sensorID
    self.isInteger = isInteger
    self.isAperiodic = isAperiodic
    self.description = description
    self.unit = unit
    self.uncertainty = uncertainty
    self.minimum = minimum
    self.maximum = maximum
    self.minimumPeriod = minimumPeriod
    self.maximumPeriod = maximumPeriod
    self.typicalPeriod = typicalPeriod
    self.periodGranularity = periodGranularity
    self.exclusionMask = exclusionMask
  }

  /// `nil` when the answer has another length.
  package init?(_ response: GoDirectResponse) {
    let bytes = response.bytes
    guard bytes.count == 154 else { return nil }
    channel = bytes[6]
    sensorID = bytes.littleEndian(at: 8)
    isInteger = bytes[12] == 1
    isAperiodic = bytes[13] == 1
    description = bytes.text(at: 14, count: 60)
    unit = bytes.text(at: 74, count: 32)
    uncertainty = bytes.real64(at: 106)
    minimum = bytes.real64(at: 114)
    maximum = bytes.real64(at: 122)
    minimumPeriod = bytes.littleEndian(at: 130)
    maximumPeriod = bytes.littleEndian(at: 134)
    typicalPeriod = bytes.littleEndian(at: 142)
    periodGranularity = bytes.littleEndian(at: 146)
    exclusionMask = bytes.littleEndian(at: 150)
  }
}
