import DriverKit
import DriverTestKit
import HIDForce
import Testing

@Suite struct DamagedInputTests {
  private static let calibrated = #"{"axis": "y", "calibration": {"raw0": 512, "raw1": 900, "newtons1": 100}}"#

  @Test(arguments: [
    (EmulatedKind.sensor.reportDescriptor, "{}", "01 01 03 39 30 00 00"),
    (scaleWithStatusReport, "{}", "03 04 03 fe 98 12"),
    (EmulatedKind.joystick.reportDescriptor, calibrated, "01 84 03 00"),
  ])
  func damagedReportsNeverMakeANumberUp(_ descriptor: [UInt8], _ settings: String, _ report: String) {
    let driver = started(descriptor, settings: settings)
    var inputs = RandomInput(seeds: [bytes(report), bytes("04 02")])
    for _ in 0..<7000 {
      driver.receive(inputs.next())
      for sample in driver.recorder.samples {
        let trouble: Quality = [.noData, .instrumentFault, .overRange, .underRange, .suspect]
        let isExplained = sample.values[0] != nil || !(sample.quality.first ?? []).isDisjoint(with: trouble)
        #expect(isExplained && sample.values[0]?.isFinite != false, "\(sample)")
      }
      driver.recorder.clear()
    }
    #expect(driver.recorder.tallies["short_reports", default: 0] > 0)
  }

  @Test func damagedDescriptorsAreRefusedOrUsed() {
    var inputs = RandomInput(seeds: EmulatedKind.allCases.map(\.reportDescriptor) + [pitneyBowes, joystickInDynes])
    var used = 0
    for _ in 0..<3000 {
      let driver = started(inputs.next(), settings: Self.calibrated)
      if driver.isRefused { continue }
      used += 1
      for id: UInt8 in 0...4 { driver.receive([id] + (0..<8).map { _ in UInt8(inputs.below(256)) }) }
      #expect(driver.recorder.samples.allSatisfy { $0.values[0]?.isFinite != false })
    }
    #expect((100..<2900).contains(used), "both outcomes are met, not \(used) of 3000")
  }
}
