import DriverKit
import GoDirect
import Testing

@Suite struct MeasurementPlanTests {
  private func sensor(
    _ channel: UInt8 = 1, unit: String = "N", description: String = "Force", least: UInt32 = 1000,
    typical: UInt32 = 20_000, step: UInt32 = 1000, excludes: UInt32 = 0
  ) -> MeasuredChannel {
    MeasuredChannel(
      SensorInfo(
        channel: channel, sensorID: 1, description: description, unit: unit, uncertainty: 0.6, minimum: 0, maximum: 850,
        minimumPeriod: least, typicalPeriod: typical, periodGranularity: step, exclusionMask: excludes))!
  }

  private func expectRefusal(_ sentence: String, from body: () throws(MeasurementPlan.Refusal) -> Void) {
    do throws(MeasurementPlan.Refusal) {
      try body()
      Issue.record("nothing was refused")
    } catch {
      #expect(error.sentence == sentence)
    }
  }

  @Test(arguments: [
    ("N", "force", "N", nil, 1), ("kg", "force", "N", "kgf", 9.80665), ("g", "force", "N", "gf", 0.00980665),
    ("lb", "force", "N", "[lbf_av]", 4.4482216152605), ("oz", "force", "N", "[lbf_av]/16", 0.27801385095378),
    ("kN", "force", "N", "kN", 1000), ("m/s²", "acceleration", "m/s2", nil, 1),
    ("rad/s", "angular-velocity", "rad/s", nil, 1),
  ])
  func unitWordsHaveAMeaning(_ word: String, _ quantity: String, _ unit: String, _ raw: String?, _ factor: Double) {
    let known = SensorUnit(word: word)
    #expect(known?.quantity == quantity)
    #expect(known?.unit == unit)
    #expect(known?.rawUnit == raw)
    #expect(known?.factor == factor)
  }

  @Test(arguments: ["", "°C", "n", "Nm", "V", "%"])
  func otherUnitWordsHaveNone(_ word: String) { #expect(SensorUnit(word: word) == nil) }

  @Test func channelsAreNamedAfterQuantityAndAxis() throws {
    let plan = try MeasurementPlan(
      [
        sensor(), sensor(3, unit: "m/s²", description: "Y-axis acceleration"),
        sensor(7, unit: "rad/s", description: "Z-axis gyro"), sensor(8),
      ], period: nil)
    #expect(plan.channels.map(\.name) == ["force", "acceleration-y", "angular-velocity-z", "force-8"])
    #expect(plan.mask == 0x18A)
  }

  @Test(
    arguments: [
      (0b1000_1110, 0b1000_1100, 2), (0xFE, 0x02, 1), (0b1000_0001, 0b1000_0000, 7),
    ] as [(UInt32, UInt32, UInt8)])
  func theLowestDefaultSensorIsChosen(_ available: UInt32, _ byDefault: UInt32, _ channel: UInt8) throws {
    #expect(
      try MeasurementPlan.sensors(wanted: [], defaultMask: byDefault, availableMask: available) == [channel])
  }

  @Test func sensorsThatAreNotThereAreRefused() {
    expectRefusal("The instrument has no sensor 9: \"sensors\" may name 1, 2.") { () throws(MeasurementPlan.Refusal) in
      _ = try MeasurementPlan.sensors(wanted: [1, 9], defaultMask: 2, availableMask: 6)
    }
    expectRefusal("The instrument names no default sensor: choose with \"sensors\" from 1, 2.") {
      () throws(MeasurementPlan.Refusal) in
      _ = try MeasurementPlan.sensors(wanted: [], defaultMask: 8, availableMask: 6)
    }
  }

  @Test(
    arguments: [
      (nil, 1000, 20_000, 1000, 20_000), (nil, 1000, 5000, 1000, 10_000), (nil, 50_000, 20_000, 1000, 50_000),
      (nil, 1000, 0, 0, 10_000), (nil, 1000, 20_500, 1000, 21_000), (2000, 1000, 20_000, 1000, 2000),
      (2500, 1000, 20_000, 1000, 3000), (2500, 1000, 20_000, 0, 2500),
    ] as [(Microseconds?, UInt32, UInt32, UInt32, Microseconds)])
  func thePeriodFollowsSettingsAndSensor(
    _ wanted: Microseconds?, _ least: UInt32, _ typical: UInt32, _ step: UInt32, _ period: Microseconds
  ) throws {
    let plan = try MeasurementPlan([sensor(least: least, typical: typical, step: step)], period: wanted)
    #expect(plan.period == period)
  }

  @Test func aPeriodThatIsTooShortIsRefused() {
    expectRefusal("Sensor 1 cannot measure every 0.5 ms: set \"period_ms\" to 1 or more, at most 86400000.") {
      () throws(MeasurementPlan.Refusal) in _ = try MeasurementPlan([sensor()], period: 500)
    }
  }

  @Test func sensorsThatExcludeEachOtherAreRefused() {
    expectRefusal("Sensors 1 and 2 cannot run together: leave one out of \"sensors\".") {
      () throws(MeasurementPlan.Refusal) in
      _ = try MeasurementPlan([sensor(1, excludes: 0b110), sensor(2)], period: nil)
    }
  }

  @Test(arguments: [
    (832.9, Quality()), (833, .overRange), (900, .overRange), (-1.39, Quality()), (.nan, .noData), (.infinity, .noData),
  ])
  func valuesNearTheEndOfTheRangeAreMarked(_ value: Double, _ quality: Quality) {
    #expect(sensor().quality(of: value) == quality)
  }
}
