import GoDirect
import Testing

@Suite struct MeasurementTests {
  private static func run(
    _ channels: [UInt8], _ count: Int, _ values: [Float], periodic: Bool = true
  ) -> Measurement {
    .samples(
      Measurement.SampleRun(channels: channels, count: count, values: values.map(Double.init), isPeriodic: periodic))
  }

  @Test(arguments: [
    (Worked.firstSample, run([1], 1, [0.010810852])),
    (Worked.secondSample, run([1], 1, [0.71874237])),
    (Worked.threeSamples, run([1], 3, [1.0432053, 100.25, 101.5])),
    (Worked.fourChannels, run([1, 2, 3, 4], 1, [12.5, 0.1, -0.2, 9.81])),
    (Worked.wide, run([1], 1, [12.5])),
    (Worked.singleChannel, run([1], 2, [12.5, 13])),
    (Worked.aperiodic, run([1], 1, [12.5], periodic: false)),
    (Worked.integer, run([1], 1, [-5])),
    (Worked.negative, run([1], 1, [-1.39])),
    (Worked.legacy, .skipped),
  ])
  func workedFramesAreRead(_ text: String, _ measurement: Measurement) {
    #expect(Measurement(frame(text)) == measurement)
  }

  @Test(
    arguments: [
      ([0x0B, 0, 1, 1, 0xFF, 0xFF, 0xFF, 0], run([1], 1, [0xFF_FFFF], periodic: false)),
      ([0x0C, 1, 2, 3], .skipped), ([0x0E], .skipped), ([0x00], .skipped), ([0x05, 9], .skipped),
      ([0x0D, 2, 0, 5, 0], .dropped(mask: 2, count: 5)), ([0x0D, 2, 0, 5, 0, 7], .dropped(mask: 2, count: 5)),
      ([0x0D, 2], .dropped(mask: nil, count: nil)), ([0x0F], .unknown(type: 0x0F)), ([0xC8, 1], .unknown(type: 0xC8)),
      ([0x06, 2, 0, 1, 0, 0, 0, 0], .malformed), ([0x06, 2, 0, 1], .malformed), ([0x06, 2, 0, 1, 0], .malformed),
      ([0x07, 2, 0, 0, 0, 1], .malformed), ([0x08, 0, 1], .malformed), ([0x08, 0, 1, 1, 0, 0, 0, 0, 0], .malformed),
      ([0x06, 0, 0, 0, 0], run([], 0, [])),
    ] as [([UInt8], Measurement)])
  func otherFramesAreRead(_ body: [UInt8], _ measurement: Measurement) {
    #expect(Measurement(GoDirectFrame(header: 0x20, counter: 0, body: body)) == measurement)
  }

  @Test func valuesAreSampleMajor() {
    let run = Measurement.SampleRun(channels: [1, 2, 3], count: 2, values: [11, 12, 13, 21, 22, 23])
    #expect((0..<3).map(run.values(at:)) == [[11, 21], [12, 22], [13, 23]])
  }

  @Test(arguments: [
    (13, 1, 1), (21, 1, 3), (25, 4, 1), (15, 1, 1), (16, 1, 2), (16, 2, nil), (25, 3, nil), (14, 1, nil), (9, 1, nil),
    (5, 1, nil), (8, 1, nil), (0, 1, nil), (13, 0, nil),
  ])
  func theLengthTellsHowMuchADamagedFrameCarried(_ length: Int, _ channels: Int, _ count: Int?) {
    #expect(Measurement.sampleCount(ofLength: length, channelCount: channels) == count)
  }
}
