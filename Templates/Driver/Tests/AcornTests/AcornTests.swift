import DriverKit
import DriverTestKit
import Testing

@testable import Acorn

@Suite struct AcornTests {
  private func station(_ emulatorSettings: String = "{}") -> VirtualStation {
    let station = VirtualStation(acornModule, emulatorSettings: emulatorSettings, hid: true)
    station.open()
    return station
  }

  @Test func aReportOfTheManualIsReadAsTheManualSays() {
    let driver = DriverInstance(acornModule)
    driver.start()
    driver.receive([0x07, 0x00, 0xB3, 0x01, 0xBB, 0, 0, 0], at: 5000)  // 435 hundredths: 4.35 kgf
    #expect(
      driver.recorder.samples == [.init(channel: 0, values: [4.35 * standardGravity], raw: [4.35], time: 5000)])
    #expect(driver.recorder.readyCount == 1)
  }

  @Test func tenSecondsOfPinchingArriveWhole() {
    let station = station()
    station.run(for: 10_000_000)
    let said = station.recorder
    #expect(said.values(of: 0).count == 1000)
    #expect(said.values(of: 0).compactMap { $0 }.max().map { (30...80).contains($0) } == true)
    #expect(said.lost.isEmpty && said.tallies.isEmpty && said.faults.isEmpty)
  }

  @Test func everyReportIsEitherASampleOrCountedAsLost() {
    let station = station(#"{"drop_every": 7}"#)
    station.run(for: 10_000_000)
    let lost = station.recorder.lost.reduce(0) { $0 + $1.count }
    #expect((station.recorder.values(of: 0).count, lost) == (858, 142))
  }

  @Test func zeroIsAnsweredWhenTheGaugeSaysSo() {
    let station = station()
    station.run(for: 2_000_000)
    station.driver.command("zero", at: station.now)
    #expect(station.recorder.outcomes == [:])
    station.run(for: 20_000)
    #expect(station.recorder.outcomes == [1: ""])
  }

  @Test func aGaugeThatDoesNotAnswerIsTold() {
    let driver = DriverInstance(acornModule)
    driver.start()
    driver.command("zero", at: 1000)
    #expect(driver.recorder.writes == [[0, 0x5A, 0, 0, 0, 0, 0, 0, 0]])
    #expect(driver.recorder.wakeTime == 1_001_000)
    driver.wake(at: 1_001_000)
    #expect(driver.recorder.outcomes[1]?.hasPrefix("The gauge did not answer") == true)
  }

  @Test func aMisspeltSettingIsRefusedByName() {
    let driver = DriverInstance(acornModule, settings: #"{"range": 20}"#)
    #expect(driver.isRefused)
    #expect(driver.recorder.faults.first?.sentence.contains("\"range\" is not a known key") == true)
  }

  @Test func damagedReportsNeverMakeANumberUp() {
    let driver = DriverInstance(acornModule)
    driver.start()
    var inputs = RandomInput(seeds: [AcornReport(counter: 7, hundredths: 435).bytes])
    var sound = 0
    for _ in 0..<20_000 {
      let input = inputs.next()
      if input.count == 8, input[4] == input[..<4].reduce(0, &+) { sound += 1 }
      driver.receive(input)
    }
    #expect(driver.recorder.samples.count == sound)
    #expect(driver.recorder.tallies == ["damaged_reports": 20_000 - UInt64(sound)])
    #expect(driver.recorder.values(of: 0).allSatisfy { $0?.isFinite == true })
  }
}
