internal import DriverKit

/// What goes wrong with an emulated instrument. Frames are counted from the start of measuring, from 1.
struct EmulatorFaults: Equatable, Sendable {
  /// Every nth measurement frame is not sent, and nothing is said about it.
  var dropEvery: Int64?
  /// Every nth measurement frame has a wrong checksum.
  var badChecksumEvery: Int64?
  /// In place of every nth measurement frame the instrument says that it dropped samples.
  var droppedFrameEvery: Int64?
  /// Answers come this much later, in milliseconds.
  var responseDelay: Int64 = 0
  /// The answer to GET_DEVICE_INFO alone comes this much later, in milliseconds.
  var infoDelay: Int64 = 0
  /// While it measures, a measurement frame comes before every answer.
  var interleave = false
  /// The first answer to GET_DEVICE_INFO lacks its last report.
  var truncateInfo = false
  /// Charge of the battery in percent.
  var batteryPercent: UInt8 = 87

  /// Nothing goes wrong.
  init() {}

  /// Reads the object `faults`.
  init(_ fields: inout JSONFields) throws(JSONMismatch) {
    let often: ClosedRange<Int64> = 1...1_000_000
    let delay: ClosedRange<Int64> = 0...60_000
    dropEvery = try fields.integer("drop_every", in: often)
    badChecksumEvery = try fields.integer("bad_checksum_every", in: often)
    droppedFrameEvery = try fields.integer("dropped_frame_every", in: often)
    responseDelay = try fields.integer("response_delay_ms", in: delay) ?? 0
    infoDelay = try fields.integer("info_delay_ms", in: delay) ?? 0
    interleave = try fields.flag("interleave") ?? false
    truncateInfo = try fields.flag("truncate_info") ?? false
    batteryPercent = UInt8(try fields.integer("battery_percent", in: 0...100) ?? 87)
    try fields.end()
  }
}
