import GoDirect
import Testing

@Suite struct AnswerTests {
  @Test(arguments: Worked.session)
  func answersEchoCommandAndCounter(_ command: GoDirectCommand, _ sent: String, _ text: String) {
    let response = answer(text)
    #expect(response.id == command.id.rawValue)
    #expect(response.counter == hex(sent)[2])
  }

  @Test func statusHasItsFields() {
    #expect(
      DeviceStatus(answer(Worked.status))
        == DeviceStatus(
          firmware: FirmwareVersion(1, 8, build: 564), radioFirmware: FirmwareVersion(2, 3, build: 5),
          batteryPercent: 87))
    #expect(DeviceStatus(answer("98 07 06 b8 1b f8 00")) == nil)
  }

  @Test func deviceInformationHasItsFields() {
    #expect(
      DeviceInfo(answer(Worked.deviceInfo))
        == DeviceInfo(
          orderCode: "GDX-HD", serial: "151000C1", name: "GDX-HD 151000C1", manufacturer: 1,
          made: DeviceInfo.ManufactureDate(year: 2021, month: 6, day: 15), firmware: FirmwareVersion(1, 8, build: 564),
          radioFirmware: FirmwareVersion(2, 3, build: 5), radioAddress: [0x11, 0x22, 0x33, 0x44, 0x55, 0x66],
          memorySize: 0, description: "Go Direct Hand Dynamometer"))
  }

  @Test func sensorInformationHasItsFields() {
    #expect(
      SensorInfo(answer(Worked.sensorInfo))
        == SensorInfo(
          channel: 1, sensorID: 1, description: "Force", unit: "N", uncertainty: 0.6, minimum: 0, maximum: 850,
          minimumPeriod: 1000, maximumPeriod: 86_400_000_000, typicalPeriod: 20_000, periodGranularity: 1000))
  }

  @Test func masksNameChannels() {
    #expect(answer(Worked.defaultMask).mask.map(channels(in:)) == [1])
    #expect(answer(Worked.availableMask).mask.map(channels(in:)) == [1, 2, 3, 4, 5, 6, 7])
    #expect(answer(Worked.status).mask == nil)
  }

  @Test(arguments: [
    ("98 07 06 ee 1b f8 36", AnswerStatus.invalidParameter), ("98 07 06 22 58 f4 31", .notSupported),
    ("98 07 06 b8 1b f8 00", .success), ("98 07 01 bb 1d fe 00", .success),
  ])
  func shortAnswersCarryAStatus(_ text: String, _ status: AnswerStatus) {
    #expect(answer(text).status == status)
  }

  @Test func everyStatusOfTheTableHasItsOwnReason() {
    let reasons = ([0x00] + Array(0x30...0x3D)).map { AnswerStatus(code: UInt8($0)).reason }
    #expect(Set(reasons).count == 15)
    #expect(reasons.allSatisfy { !$0.contains("not known") })
    #expect(AnswerStatus(code: 0x47).reason == "of a reason that is not known (status 47)")
  }

  @Test func complaintsAreWords() {
    #expect(DeviceStatus.Complaints(rawValue: 0x03).words == [])
    #expect(
      DeviceStatus.Complaints(rawValue: 0x44).words == [
        "its converter is not calibrated", "its memory for samples overflowed",
      ])
  }
}
