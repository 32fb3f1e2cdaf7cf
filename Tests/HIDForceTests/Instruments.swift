import DriverKit
import DriverTestKit
import HIDForce

/// Bytes from `05 8d 09 20`.
func bytes(_ hex: String) -> [UInt8] {
  hex.split(whereSeparator: \.isWhitespace).map { UInt8($0, radix: 16)! }
}

/// A driver that has the descriptor and is started.
func started(_ descriptor: [UInt8], settings: String = "{}") -> DriverInstance {
  let driver = DriverInstance(hidForceModule, setup: DriverSetup(reportDescriptor: descriptor), settings: settings)
  if !driver.isRefused { driver.start(at: 0) }
  return driver
}

/// The sentence with which the driver refuses the setup.
func refusal(_ descriptor: [UInt8], settings: String = "{}") -> String? {
  let driver = DriverInstance(hidForceModule, setup: DriverSetup(reportDescriptor: descriptor), settings: settings)
  return driver.isRefused ? driver.recorder.faults.first?.sentence : nil
}

/// A scale whose first report counts.
func scale(_ descriptor: [UInt8] = EmulatedKind.scale.reportDescriptor) -> DriverInstance {
  started(descriptor, settings: #"{"discard_first": false}"#)
}

/// One expected sample of the force channel.
func sample(_ value: Double?, raw: Double?, _ quality: Quality = [], at time: Microseconds = 0) -> Recorder.Samples {
  Recorder.Samples(
    channel: 0, values: [value], raw: raw.map { [$0] } ?? [], quality: quality.isEmpty ? [] : [quality], time: time)
}

extension Recorder.Samples {
  /// The same with the value rounded to a ten-thousandth of a newton.
  var rounded: Recorder.Samples {
    var copy = self
    copy.values = values.map { $0.map { ($0 * 1e4).rounded() / 1e4 } }
    return copy
  }
}

/// The Pitney Bowes scale of Plugins/HIDForce/PROTOCOL.md 2.3: 221 bytes, with reports that a plain scale lacks.
let pitneyBowes = bytes(
  """
  05 8d 09 20 a1 01
  09 30 a1 02 85 01 75 08 95 01 15 01 09 27 a1 02 25 0a 19 21 29 2a b1 00 c0 09 50 a1 02 25 0c 19 51 29 5c b1 00 c0 c0
  09 31 a1 02 85 02 75 01 95 02 15 00 25 01 09 81 09 80 91 02 75 06 95 01 91 03 c0
  09 32 a1 02 85 03 75 08 15 01 09 70 a1 02 25 08 19 71 29 78 81 00 c0 09 50 a1 02 25 0c 19 51 29 5c 81 00 c0 15 81 25 7f
  09 41 81 02 75 10 15 00 27 ff ff 00 00 09 40 81 02 c0
  09 34 a1 02 85 05 75 08 95 01 09 50 a1 02 15 01 25 0c 19 51 29 5c b1 00 c0 15 81 25 7f 09 41 b1 02 75 10 15 00 27 ff ff
  00 00 09 40 b1 03 c0
  09 35 a1 02 85 06 75 10 95 02 15 00 27 ff ff 00 00 09 60 09 61 b1 03 c0
  09 30 a1 02 85 07 75 08 95 0f 15 00 25 7f 09 40 b1 02 c0
  c0
  """)

/// A scale with a status report of its own, number 4, and no output.
let scaleWithStatusReport = bytes(
  """
  05 8d 09 01 a1 01
  09 32 a1 02 85 03 75 08 95 01 15 01 25 08 19 71 29 78 81 00 25 0c 19 51 29 5c 81 00 15 81 25 7f 09 41 81 02
  75 10 15 00 27 ff ff 00 00 09 40 81 02 c0
  09 33 a1 02 85 04 75 08 15 01 25 08 19 71 29 78 81 00 c0
  85 09 15 00 25 7f 09 60 81 02
  c0
  """)

/// The joystick of PROTOCOL.md 4.4 whose Y axis is in dynes.
let joystickInDynes = bytes(
  """
  05 01 09 04 a1 01 85 01 a1 00
  09 31 15 00 26 ff 03 35 00 46 f4 01 55 05 66 11 e1 75 10 95 01 81 02
  55 00 65 00 35 00 45 00 c0
  05 09 19 01 29 02 15 00 25 01 75 01 95 02 81 02 75 06 95 01 81 03 c0
  """)
