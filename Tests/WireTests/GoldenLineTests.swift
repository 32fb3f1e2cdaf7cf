import Readings
import StrictJSON
import Testing
import Wire

/// The bytes of each line, as consumers have known them since protocol 1 began.
@Suite struct GoldenLineTests {
  private func text(_ told: some Telling) -> String {
    String(decoding: wireLine { $0.notification(told) }, as: UTF8.self)
  }

  private func expect(_ told: some Telling, _ lines: String..., location: SourceLocation = #_sourceLocation) {
    #expect(text(told) == #"{"jsonrpc":"2.0","method":"# + lines.joined() + "\n", sourceLocation: location)
  }

  @Test func aMeasurementKeepsRawValueUnitAndQuality() {
    expect(
      Example.measurement,
      #""measurement","params":{"seq":48211,"device":"grip-7f3a","channel":"force","n0":90310,"unit":"N","#,
      #""t0_us":81234567890,"dt_us":10000,"wall0_us":1771500000123456,"t_unc_us":800,"dev_t0_us":40960,"#,
      #""v":[312.5,null,313.5],"raw":[31.9,0,32],"raw_unit":"kgf","q":[[1,2,"over_range"]]}}"#)
  }

  @Test func irregularSamplesCarryTheirOffsets() {
    expect(
      Example.irregular,
      #""measurement","params":{"seq":1,"device":"peg-1","channel":"elapsed","n0":0,"unit":"s","t0_us":1000,"#,
      #""t_us":[0,70],"wall0_us":5000,"v":[1,1.5]}}"#)
  }

  @Test func qualityBitsWithoutAWordSayNothing() {
    var record = Example.irregular
    record.samples.values = [1, 2, 3]
    record.samples.quality = [1 << 10, 1 << 31 | 1, 1].map(Quality.init)
    #expect(text(record).hasSuffix(#""q":[[1,2,"in_motion"]]}}"# + "\n"))
    record.samples.quality = [1 << 10, 0, 0].map(Quality.init)
    #expect(text(record).hasSuffix(#""v":[1,2,3]}}"# + "\n"))
    var event = Example.event
    event.event.quality = Quality(rawValue: 1 << 20)
    #expect(!text(event).contains(#""q""#))
  }

  @Test func anEventKeepsItsFieldsInOrder() {
    expect(
      Example.event,
      #""event","params":{"seq":2,"device":"pegs","event":"peg.inserted","t_us":7,"wall_us":8,"t_unc_us":2,"#,
      #""dev_t_us":9,"fields":{"hole":4,"side":"left","level":0.25,"on":true},"q":["inferred"],"raw":"I,9,4"}}"#)
  }

  @Test func aResultStatesItsRule() {
    var record = Example.effort
    expect(
      record,
      #""result","params":{"seq":41,"result":"r-1","device":"grip","channel":"force","kind":"effort","#,
      #""state":"valid","peak_N":312.5,"peak_raw":31.866,"raw_unit":"kgf","at_us":5,"onset_us":1,"release_us":9,"#,
      #""samples":40,"baseline_N":null,"tare":null,"rule":{"id":"force-threshold","rev":1,"onset_N":5,"#,
      #""onset_hold_us":50000,"release_N":3,"release_hold_us":100000},"seqs":[3,40],"model":"GDX-HD","serial":"1","#,
      #""driver":"go-direct@0.1.0","engine":"trials@0.1.0","final":true,"supersedes":null}}"#)
    record.result.void = "device_lost"
    #expect(text(record).contains(#""state":"void","reason":"device_lost","peak_N":null,"at_us""#))
  }

  @Test func aTimeSaysWhoseClockTookIt() {
    var record = Example.time
    expect(
      record,
      #""result","params":{"seq":5,"result":"r-9","device":"mat","kind":"time","state":"valid","elapsed_s":18.42,"#,
      #""elapsed_us":18420000,"resolution_us":10000,"clock":"instrument","started_by":"hand_lift","#,
      #""stopped_by":"both_hands_down","at_us":77,"q":["suspect"],"seqs":[3,4],"engine":"trials@0.1.0","#,
      #""emulated":true,"final":true,"supersedes":null}}"#)
    record.result.void = "aborted"
    #expect(text(record).contains(#""reason":"aborted","elapsed_s":null,"resolution_us""#))
  }

  @Test func aDeviceRecordSaysAllThatIsKnown() {
    var report = DeviceReport(device: "grip", key: .init(kind: "usb-serial", value: "08f7:0010:A1"), since: 12)
    report.channels = [
      Channel(
        name: "force", quantity: "force", unit: "N", rawUnit: "kgf", minimum: 0, maximum: 900, interval: 10_000,
        uncertainty: 800)
    ]
    report.health = [.init(name: "checksum_errors", count: 2)]
    expect(
      DeviceRecord(sequence: 5, isSnapshot: true, report: report),
      #""device","params":{"seq":5,"snapshot":true,"device":"grip","state":"found","reason":"attached","#,
      #""text":"The device was found.","since_us":12,"key":{"kind":"usb-serial","value":"08f7:0010:A1"},"#,
      #""channels":[{"channel":"force","quantity":"force","unit":"N","raw_unit":"kgf","min":0,"max":900,"#,
      #""interval_us":10000,"t_unc_us":800}],"health":{"checksum_errors":2}}}"#)
    expect(
      Example.device,
      #""device","params":{"seq":6,"device":"grip","state":"lost","from":"streaming","reason":"usb_detached","#,
      #""text":"The device was unplugged.","fix":"Plug it in again.","since_us":13,"key":{"kind":"path","#,
      #""value":"/dev/x"},"node":"/dev/hidraw3","driver":{"id":"go-direct","version":"0.1.0"},"vendor":"Vernier","#,
      #""model":"GDX-HD","serial":"7F3A","fw":"1.8","battery_pct":87.5,"emulated":true,"channels":[{"#,
      #""channel":"force","quantity":"force","unit":"N","raw_unit":"kgf","kind":"grip","direction":"squeeze","#,
      #""min":-9.8,"max":900,"capacity":850,"resolution":0.1,"interval_us":10000,"usual_interval_us":20000,"#,
      #""t_unc_us":800}],"health":{"checksum_errors":2,"restarts":1}}}"#)
  }

  @Test func gaps() {
    expect(
      Example.sourceGap,
      #""gap","params":{"seq":6,"device":"grip","channel":"force","after_n":90881,"lost_samples":11,"#,
      #""reason":"device_dropped","t_us":4,"recoverable":false}}"#)
    expect(
      Example.slow,
      #""gap","params":{"after_seq":48220,"next_seq":48307,"lost_records":86,"lost_samples":516,"#,
      #""reason":"consumer_slow","recoverable":true}}"#)
    expect(
      ConsumerGap.noLongerHeld(from: 11_001, to: 12_007),
      #""gap","params":{"after_seq":11000,"next_seq":12007,"lost_records":1006,"reason":"no_longer_held","#,
      #""recoverable":false}}"#)
  }

  @Test func newsOfTheConnection() {
    expect(
      Example.welcome,
      #""welcome","params":{"server":"thenar","build":"0.1.0","station":"room-2","proto":{"min":1,"max":1},"#,
      #""epoch":"9f2c61d0","limits":{"line":65536,"subscriptions":16,"queue_bytes":4194304,"device_commands":32},"#,
      #""heartbeat_ms":1000}}"#)
    expect(
      Example.heartbeat,
      #""heartbeat","params":{"t_us":81236000000,"wall_us":1771500001555566,"epoch":"9f2c61d0","head_seq":48990,"#,
      #""sent_seq":48981,"sent_records":780,"sent_samples":7745,"lost_records":1,"lost_samples":7,"#,
      #""queued_bytes":5,"subs":{"live":{"mode":"all"},"big":{"mode":"latest","skipped":112}},"#,
      #""devices":{"ready":1,"streaming":2},"journal":{"state":"memory","oldest_seq":12007}}}"#)
    expect(SnapshotEnd(subscription: "live", sequence: 9), #""snapshot_end","params":{"sub":"live","seq":9}}"#)
    expect(
      Wire.Warning.queueHigh(queuedBytes: 2_200_140, maxBytes: 4_194_304),
      #""warning","params":{"name":"queue_high","queued_bytes":2200140,"max_bytes":4194304,"text":"This consumer "#,
      #"reads too slowly; measurements will be dropped, and counted, when its queue is full."}}"#)
  }

  @Test func aLatestValueTellsTheLeastAndTheGreatestSinceTheLast() {
    expect(
      Example.latest,
      #""measurement","params":{"sub":"big","seq":48994,"device":"grip-7f3a","channel":"force","n0":90355,"#,
      #""unit":"N","t0_us":81235017890,"v":[314.5],"raw":[32.07],"raw_unit":"kgf","q":[[0,1,"over_range"]],"#,
      #""skipped":4,"lo":12.5,"hi":391}}"#)
    var none = Example.latest
    (none.value, none.raw, none.quality, none.lowest, none.highest) = (nil, nil, [], nil, nil)
    #expect(text(none).hasSuffix(#""v":[null],"skipped":4,"lo":null,"hi":null}}"# + "\n"))
  }
}
