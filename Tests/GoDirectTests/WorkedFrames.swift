import GoDirect

/// Frames of Plugins/GoDirect/PROTOCOL.md 8, as they stand there.
enum Worked {
  static let initAnswer = "b8 1a 00 e0 1a fe 55 aa 56 a9 57 a8 58 a7 59 a6 5a a5 5b a4 5c a3 5d a2 5e a1"
  static let status = "98 12 01 58 10 fd 00 00 01 08 34 02 02 03 05 00 57 00"
  static let deviceInfo = """
    98 9e 02 38 55 fc 47 44 58 2d 48 44 00 00 00 00 00 00 00 00 00 00 31 35 31 30 30 30 43 31 00 00
    00 00 00 00 00 00 47 44 58 2d 48 44 20 31 35 31 30 30 30 43 31 00 00 00 00 00 00 00 00 00 00 00
    00 00 00 00 00 00 01 00 e5 07 06 0f 01 08 34 02 02 03 05 00 66 55 44 33 22 11 00 00 00 00 47 6f
    20 44 69 72 65 63 74 20 48 61 6e 64 20 44 79 6e 61 6d 6f 6d 65 74 65 72 00 00 00 00 00 00 00 00
    00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
    """
  static let defaultMask = "98 0a 03 f8 56 fb 02 00 00 00"
  static let availableMask = "98 0a 04 ef 51 fa fe 00 00 00"
  static let sensorInfo = """
    98 9a 05 19 50 f9 01 00 01 00 00 00 00 00 46 6f 72 63 65 00 00 00 00 00 00 00 00 00 00 00 00 00
    00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
    00 00 00 00 00 00 00 00 00 00 4e 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
    00 00 00 00 00 00 00 00 00 00 33 33 33 33 33 33 e3 3f 00 00 00 00 00 00 00 00 00 00 00 00 00 90
    8a 40 e8 03 00 00 00 60 d7 1d 14 00 00 00 20 4e 00 00 e8 03 00 00 00 00 00 00
    """
  static let firstSample = "20 0d 08 cb 06 02 00 01 00 00 20 31 3c"
  static let secondSample = "20 0d 09 34 06 02 00 01 00 80 ff 37 3f"
  static let threeSamples = "20 15 0a ec 06 02 00 03 00 c0 87 85 3f 00 80 c8 42 00 00 cb 42"
  static let fourChannels = "20 19 20 61 06 1e 00 01 00 00 00 48 41 cd cc cc 3d cd cc 4c be c3 f5 1c 41"
  static let wide = "20 0f 21 e3 07 02 00 00 00 01 00 00 00 48 41"
  static let singleChannel = "20 10 22 77 08 00 01 02 00 00 48 41 00 00 50 41"
  static let aperiodic = "20 0c 23 e4 0a 00 01 01 00 00 48 41"
  static let integer = "20 0c 24 53 09 00 01 01 fb ff ff ff"
  static let negative = "20 0d 25 3b 06 02 00 01 00 85 eb b1 bf"
  static let corrupted = "20 0d 08 34 06 02 00 01 00 00 20 31 3c"
  static let legacy = "20 14 01 09 01 00 00 02 00 05 e2 5b 52 02 01 05 72 6f 52 02"

  static let measurements = [
    firstSample, secondSample, threeSamples, fourChannels, wide, singleChannel, aperiodic, integer, negative, corrupted,
    legacy,
  ]

  /// The device information as three reports.
  static let deviceInfoReports = [
    """
    3f 98 9e 02 38 55 fc 47 44 58 2d 48 44 00 00 00 00 00 00 00 00 00 00 31 35 31 30 30 30 43 31 00
    00 00 00 00 00 00 00 47 44 58 2d 48 44 20 31 35 31 30 30 30 43 31 00 00 00 00 00 00 00 00 00 00
    """,
    """
    3f 00 00 00 00 00 00 00 01 00 e5 07 06 0f 01 08 34 02 02 03 05 00 66 55 44 33 22 11 00 00 00 00
    47 6f 20 44 69 72 65 63 74 20 48 61 6e 64 20 44 79 6e 61 6d 6f 6d 65 74 65 72 00 00 00 00 00 00
    """,
    """
    20 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
    00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
    """,
  ]

  /// A whole session: each command of the host and the answer to it.
  static let session: [(command: GoDirectCommand, sent: String, answer: String)] = [
    (.initialize, "58 19 fe 3f 1a a5 4a 06 49 07 48 08 47 09 46 0a 45 0b 44 0c 43 0d 42 0e 41", initAnswer),
    (.status, "58 05 fd 6a 10", status),
    (.deviceInfo, "58 05 fc ae 55", deviceInfo),
    (.defaultMask, "58 05 fb ae 56", defaultMask),
    (.availableMask, "58 05 fa a8 51", availableMask),
    (.sensorInfo(channel: 1), "58 06 f9 a8 50 01", sensorInfo),
    (.setPeriod(10_000), "58 0f f8 b0 1b ff 00 10 27 00 00 00 00 00 00", "98 07 06 b8 1b f8 00"),
    (
      .startMeasuring(mask: 2), "58 13 f7 7c 18 ff 01 02 00 00 00 00 00 00 00 00 00 00 00", "98 07 07 b5 18 f7 00"
    ),
    (.stopMeasuring, "58 0b f6 6d 19 ff 00 ff ff ff ff", "98 07 0b b9 19 f6 00"),
    (.disconnect, "58 05 f5 a6 54", "98 07 0c f4 54 f5 00"),
  ]
}

/// The bytes of a text of hexadecimal numbers.
func hex(_ text: String) -> [UInt8] {
  text.split(whereSeparator: \.isWhitespace).map { UInt8($0, radix: 16)! }
}

/// A frame that must be good.
func frame(_ text: String) -> GoDirectFrame { GoDirectFrame(validating: hex(text))! }

/// One 64-byte report that begins with these bytes.
func report(_ text: String) -> [UInt8] {
  let bytes = hex(text)
  return bytes + [UInt8](repeating: 0, count: 64 - bytes.count)
}

/// The answer in a frame that must be one.
func answer(_ text: String) -> GoDirectResponse { GoDirectResponse(frame(text))! }
