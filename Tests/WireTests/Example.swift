import Readings
import StrictJSON
import Wire

/// One of each kind, with every member that there can be.
enum Example {
  static let measurement = MeasurementRecord(
    sequence: 48_211, device: "grip-7f3a", channel: "force", unit: "N", rawUnit: "kgf", firstSample: 90_310,
    samples: Samples(
      channel: 0, time: 81_234_567_890, interval: 10_000, deviceTime: 40_960, values: [312.5, .nan, 313.5],
      raw: [31.9, 0, 32], quality: [[], .overRange, .overRange]),
    wallTime: 1_771_500_000_123_456, uncertainty: 800)

  static let irregular = MeasurementRecord(
    sequence: 1, device: "peg-1", channel: "elapsed", unit: "s", firstSample: 0,
    samples: Samples(channel: 0, time: 1000, offsets: [0, 70], values: [1, 1.5]), wallTime: 5000)

  static let event = EventRecord(
    sequence: 2, device: "pegs", wallTime: 8,
    event: Event(
      "peg.inserted", at: 7, deviceTime: 9, uncertainty: 2, quality: .inferred,
      fields: [("hole", .integer(4)), ("side", .text("left")), ("level", .number(0.25)), ("on", .flag(true))],
      raw: "I,9,4"))

  static let effort = ResultRecord(
    sequence: 41, id: "r-1",
    result: TrialResult(
      device: "grip", channel: "force",
      outcome: .effort(
        .init(
          peak: 312.5, peakRaw: 31.866, rawUnit: "kgf", peakTime: 5, onset: 1, release: 9, baseline: nil, samples: 40,
          rule: .standard)), sequences: 3...40, instrument: Identity(model: "GDX-HD", serial: "1"),
      driver: "go-direct@0.1.0"))

  static let time = ResultRecord(
    sequence: 5, id: "r-9",
    result: TrialResult(
      device: "mat",
      outcome: .time(
        .init(
          elapsed: 18_420_000, resolution: 10_000, clock: "instrument", startedBy: "hand_lift",
          stoppedBy: "both_hands_down", stop: 77)), quality: .suspect, sequences: 3...4, emulated: true))

  static var device: DeviceRecord {
    var report = DeviceReport(
      device: "grip", key: .init(kind: "path", value: "/dev/x"), since: 13, state: .lost, reason: "usb_detached",
      sentence: "The device was unplugged.")
    report.previous = .streaming
    report.fix = "Plug it in again."
    report.node = "/dev/hidraw3"
    report.driver = .init(id: "go-direct", version: "0.1.0")
    report.identity = Identity(
      vendor: "Vernier", model: "GDX-HD", serial: "7F3A", firmware: "1.8", batteryPercent: 87.5)
    report.emulated = true
    report.channels = [
      Channel(
        name: "force", quantity: "force", unit: "N", rawUnit: "kgf", kind: "grip", direction: "squeeze",
        minimum: -9.8, maximum: 900, capacity: 850, resolution: 0.1, interval: 10_000, usualInterval: 20_000,
        uncertainty: 800)
    ]
    report.health = [.init(name: "checksum_errors", count: 2), .init(name: "restarts", count: 1)]
    return DeviceRecord(sequence: 6, report: report)
  }

  static let sourceGap = SourceGap(
    sequence: 6, device: "grip", channel: "force", firstSample: 90_881, lostSamples: 11, reason: "device_dropped",
    time: 4)

  static let slow = ConsumerGap.slow(
    after: 48_220, next: 48_307, lostRecords: 86, lostSamples: 516, recoverable: true)

  static let welcome = Welcome(
    build: "0.1.0", station: "room-2", epoch: "9f2c61d0",
    limits: .init(line: 65_536, subscriptions: 16, queueBytes: 4_194_304, deviceCommands: 32))

  static var counters: ConnectionCounters {
    var counters = ConnectionCounters()
    counters.sentRecords = 780
    counters.sentSamples = 7745
    counters.lostRecords = 1
    counters.lostSamples = 7
    counters.queuedBytes = 5
    counters.subscriptions = [.init(name: "live", mode: .all), .init(name: "big", mode: .latest, skipped: 112)]
    return counters
  }

  static let heartbeat = Heartbeat(
    time: 81_236_000_000, wallTime: 1_771_500_001_555_566, epoch: "9f2c61d0", headSequence: 48_990,
    sentSequence: 48_981, counters: counters, devices: [.streaming: 2, .ready: 1], oldestSequence: 12_007)

  static let latest = LatestValue(
    subscription: "big", sequence: 48_994, device: "grip-7f3a", channel: "force", sample: 90_355, unit: "N",
    time: 81_235_017_890, value: 314.5, raw: 32.07, rawUnit: "kgf", quality: .overRange, skipped: 4, lowest: 12.5,
    highest: 391)

  static var subscription: Subscription {
    var subscription = Subscription(.latest)
    subscription.name = "big"
    subscription.highestRate = 12.5
    subscription.filter.devices = ["grip-*"]
    subscription.filter.kinds = [.measurement, .gap]
    subscription.filter.quantities = ["force"]
    subscription.filter.channels = ["force", "pinch"]
    subscription.start = .after(epoch: "e", sequence: 7)
    subscription.snapshot = false
    subscription.delivery = .committed
    subscription.queue = SubscriptionQueue(maxBytes: 65_536, onFull: .close)
    return subscription
  }

  static var driver: DriverReport {
    var report = DriverReport(id: "go-direct", name: "Go Direct", version: "0.1.0", transport: "hid", file: "/x")
    report.matches = ["usb 08f7:0010"]
    report.channels = [Channel(name: "force", quantity: "force", unit: "N")]
    report.commands = [.init(name: "zero", description: "Zeroes.")]
    report.settings = [.init(name: "period_ms", description: "Time between samples.")]
    report.instruments = [
      .init(name: "GDX-HD", usb: "08f7:0010", evidence: "Tried."), .init(name: "B", evidence: "C."),
    ]
    return report
  }
}
