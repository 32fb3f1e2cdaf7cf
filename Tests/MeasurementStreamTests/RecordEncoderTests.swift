import MeasurementStream
import Testing

private let force = StreamChannel(
  name: "force", quantity: "force", unit: "N", rawUnit: "kgf", minimum: 0, maximum: 900, interval: 10_000,
  uncertainty: 800)

private func line(_ record: Record) -> String { String(decoding: record.line, as: UTF8.self) }

@Suite struct RecordEncoderTests {
  @Test func aMeasurementKeepsRawValueUnitAndQuality() {
    var encoder = RecordEncoder()
    let record = encoder.encode(
      Measurement(
        device: "grip-7f3a", channel: force, firstSample: 90_310, time: 81_234_567_890, wallTime: 1_771_500_000_123_456,
        interval: 10_000, deviceTime: 40_960, values: [312.5, .nan, 313.5], raw: [31.9, 0, 32],
        quality: [0, 4, 4]), sequence: 48_211)
    #expect(
      line(record)
        == #"{"jsonrpc":"2.0","method":"measurement","params":{"seq":48211,"device":"grip-7f3a","channel":"force","#
        + #""n0":90310,"unit":"N","t0_us":81234567890,"dt_us":10000,"wall0_us":1771500000123456,"t_unc_us":800,"#
        + #""dev_t0_us":40960,"v":[312.5,null,313.5],"raw":[31.9,0,32],"raw_unit":"kgf","q":[[1,2,"over_range"]]}}"#
        + "\n")
    #expect(record.sampleCount == 3)
    #expect(
      record.topic == Topic(kind: .measurement, device: "grip-7f3a", channel: "force", quantity: "force"))
  }

  @Test func qualityBitsWithoutAWordSayNothing() {
    var encoder = RecordEncoder()
    let measurement = Measurement(
      device: "grip", channel: force, firstSample: 0, time: 0, wallTime: 0, interval: 1, values: [1, 2, 3],
      quality: [1 << 10, 1 << 31 | 1, 1])
    #expect(line(encoder.encode(measurement, sequence: 1)).hasSuffix(#""q":[[1,2,"in_motion"]]}}"# + "\n"))
    let event = Happening(device: "pegs", name: "peg.inserted", time: 7, wallTime: 8, quality: 1 << 20)
    #expect(line(encoder.encode(event, sequence: 2)).hasSuffix(#""wall_us":8}}"# + "\n"))
  }

  @Test func irregularSamplesCarryTheirOffsets() {
    var encoder = RecordEncoder()
    let measurement = Measurement(
      device: "peg-1", channel: StreamChannel(name: "elapsed", quantity: "time", unit: "s", rawUnit: "ms"),
      firstSample: 0, time: 1000, wallTime: 5000, offsets: [0, 70], values: [1, 1.5])
    #expect(
      line(encoder.encode(measurement, sequence: 1)).contains(
        #""t0_us":1000,"t_us":[0,70],"wall0_us":5000,"v":[1,1.5]}}"#))
    #expect(measurement.time(of: 1) == 1070)
  }

  @Test func anEventKeepsItsFieldsInOrder() {
    var encoder = RecordEncoder()
    let record = encoder.encode(
      Happening(
        device: "pegs", name: "peg.inserted", time: 7, wallTime: 8, deviceTime: 9, uncertainty: 2, quality: 1 << 9,
        fields: [("hole", .integer(4)), ("side", .text("left")), ("level", .number(0.25)), ("on", .flag(true))],
        raw: "I,9,4"), sequence: 2)
    #expect(
      line(record)
        == #"{"jsonrpc":"2.0","method":"event","params":{"seq":2,"device":"pegs","event":"peg.inserted","t_us":7,"#
        + #""wall_us":8,"t_unc_us":2,"dev_t_us":9,"fields":{"hole":4,"side":"left","level":0.25,"on":true},"#
        + #""q":["inferred"],"raw":"I,9,4"}}"# + "\n")
  }

  @Test func aResultStatesItsRule() {
    var encoder = RecordEncoder()
    var result = TrialResult(
      device: "grip", channel: "force",
      outcome: .effort(
        .init(
          peak: 312.5, peakRaw: 31.866, rawUnit: "kgf", peakTime: 5, onset: 1, release: 9, baseline: nil, samples: 40,
          rule: .standard)), sequences: 3...40, instrument: ("GDX-HD", "1", ""), driver: "go-direct@0.1.0")
    #expect(
      line(encoder.encode(result, id: "r-1", sequence: 41))
        == #"{"jsonrpc":"2.0","method":"result","params":{"seq":41,"result":"r-1","device":"grip","channel":"force","#
        + #""kind":"effort","state":"valid","peak_N":312.5,"peak_raw":31.866,"raw_unit":"kgf","at_us":5,"onset_us":1,"#
        + #""release_us":9,"samples":40,"baseline_N":null,"tare":null,"rule":{"id":"force-threshold","rev":1,"#
        + #""onset_N":5,"onset_hold_us":50000,"release_N":3,"release_hold_us":100000},"seqs":[3,40],"model":"GDX-HD","#
        + #""serial":"1","driver":"go-direct@0.1.0","engine":"trials@0.1.0","final":true,"supersedes":null}}"# + "\n")
    result.void = "device_lost"
    let void = line(encoder.encode(result, id: "r-2", sequence: 42))
    #expect(void.contains(#""state":"void","reason":"device_lost","peak_N":null,"at_us""#))
  }

  @Test func aDeviceRecordSaysAllThatIsKnown() {
    var encoder = RecordEncoder()
    var report = DeviceReport(device: "grip", key: ("usb-serial", "08f7:0010:A1"), since: 12)
    report.channels = [force]
    report.health = [("checksum_errors", 2)]
    let text = line(encoder.encode(report, sequence: 5, snapshot: true))
    #expect(
      text
        == #"{"jsonrpc":"2.0","method":"device","params":{"seq":5,"snapshot":true,"device":"grip","state":"found","#
        + #""reason":"attached","text":"The device was found.","since_us":12,"key":{"kind":"usb-serial","#
        + #""value":"08f7:0010:A1"},"channels":[{"channel":"force","quantity":"force","unit":"N","raw_unit":"kgf","#
        + #""min":0,"max":900,"interval_us":10000,"t_unc_us":800}],"health":{"checksum_errors":2}}}"# + "\n")
  }

  @Test func aGapSaysWhatIsMissing() {
    var encoder = RecordEncoder()
    let gap = SourceGap(
      device: "grip", channel: force, firstSample: 90_881, lostSamples: 11, reason: "device_dropped", time: 4)
    #expect(
      line(encoder.encode(gap, sequence: 6)).contains(
        #""after_n":90881,"lost_samples":11,"reason":"device_dropped","t_us":4,"recoverable":false"#))
  }
}
