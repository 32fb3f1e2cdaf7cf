import GoDirect
import Testing

@Suite struct FrameTests {
  @Test(arguments: Worked.session)
  func commandsAreBuiltAsWorkedOut(_ command: GoDirectCommand, _ sent: String, _ answer: String) {
    let counter = hex(sent)[2]
    #expect(command.frame(counter: counter).bytes == hex(sent))
  }

  @Test(arguments: [
    (GoDirectCommand.initialize, "58 19 ff 40 1a a5 4a 06 49 07 48 08 47 09 46 0a 45 0b 44 0c 43 0d 42 0e 41"),
    (.status, "58 05 fe 6b 10"),
    (.sensorInfo(channel: 2), "58 06 f8 a8 50 02"),
    (.startMeasuring(mask: 0x1E), "58 13 f7 98 18 ff 01 1e 00 00 00 00 00 00 00 00 00 00 00"),
    (.setPeriod(100_000), "58 0f f8 a0 1b ff 00 a0 86 01 00 00 00 00 00"),
  ])
  func furtherCommandsAreBuiltAsWorkedOut(_ command: GoDirectCommand, _ sent: String) {
    #expect(command.frame(counter: hex(sent)[2]).bytes == hex(sent))
  }

  @Test(arguments: [
    Worked.initAnswer, "58 05 fe 6b 10", "58 05 fd 6a 10", "58 08 fe 0b 1d 00 80 10", "98 07 01 bb 1d fe 00",
    "98 0e 04 cd 28 fb 00 00 00 00 00 00 00 00", Worked.legacy,
  ])
  func capturedFramesHaveRightChecksums(_ text: String) {
    #expect(GoDirectFrame(validating: hex(text))?.bytes == hex(text))
  }

  @Test(arguments: [Worked.corrupted, "58 05 fe 6b", "58 06 fe 6c 10", "", "98 04 00 9c"])
  func damagedFramesAreRejected(_ text: String) {
    #expect(GoDirectFrame(validating: hex(text)) == nil)
  }

  @Test func aCommandIsOneReportBehindReportIdZero() {
    let written = GoDirectCommand.initialize.frame(counter: 0xFE).outputReport
    #expect(
      written == [0] + report("19 58 19 fe 3f 1a a5 4a 06 49 07 48 08 47 09 46 0a 45 0b 44 0c 43 0d 42 0e 41"))
    #expect(written.count == 65)
  }

  @Test func aMeasurementIsOneReport() {
    #expect(frame(Worked.firstSample).reports == [report("0d 20 0d 08 cb 06 02 00 01 00 00 20 31 3c")])
  }

  @Test func theDeviceInformationIsThreeReports() {
    #expect(frame(Worked.deviceInfo).reports == Worked.deviceInfoReports.map(hex))
  }
}
