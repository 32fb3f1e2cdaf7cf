internal import ThenarClient

/// What is known of a channel.
struct ChannelReadings: Sendable {
  /// A sample.
  struct Reading: Sendable {
    var value: Double?
    var raw: Double?
    var quality: [String]
    var time: Int64
  }

  let name: String
  var declared: Channel?
  private(set) var unit = ""
  private(set) var rawUnit = ""
  private(set) var newest: Reading?
  private(set) var trace = Trace()
  /// The greatest magnitude since the watch began.
  private(set) var greatest = 0.0

  init(name: String) { self.name = name }

  mutating func add(_ record: MeasurementRecord) {
    unit = record.unit
    rawUnit = record.rawUnit
    let samples = record.samples
    for index in samples.values.indices {
      let reading = Reading(
        value: samples.values[index].ifValid, raw: samples.raw.isEmpty ? nil : samples.raw[index].ifValid,
        quality: record.qualityWords(of: index), time: samples.time(of: index))
      add(reading, extremes: [reading.value])
    }
  }

  /// The newest of several samples. The others are drawn by their least and greatest value, so that no peak is hidden.
  mutating func add(_ latest: LatestValue) {
    unit = latest.unit
    if !latest.rawUnit.isEmpty { rawUnit = latest.rawUnit }
    let reading = Reading(value: latest.value, raw: latest.raw, quality: latest.qualityWords, time: latest.time)
    add(reading, extremes: [latest.value, latest.lowest, latest.highest])
  }

  private mutating func add(_ reading: Reading, extremes: [Double?]) {
    for value in extremes {
      guard let value else { continue }
      trace.add(value, at: reading.time)
      greatest = max(greatest, value.magnitude)
    }
    newest = reading
  }

  /// It is shown as a bar and a curve; a time or a count is not.
  var isCurve: Bool { !["time", "count", "contact"].contains(declared?.quantity ?? "") }

  /// The end of its bar: what the channel can measure, or a round number above all that it has shown.
  var fullScale: Double {
    if let declared, let end = [declared.minimum, declared.maximum].compactMap({ $0?.magnitude }).max(), end > 0 {
      return end
    }
    var decade = 1.0
    while decade < greatest, decade < 1e15 { decade *= 10 }
    return [0.1, 0.2, 0.5].map { $0 * decade }.first { $0 >= greatest } ?? decade
  }

  /// A value of the channel, without unit.
  func text(_ value: Double?) -> String {
    guard let value else { return "---" }
    return NumberText.fixed(value, decimals: decimals)
  }

  /// Decimals with which its values are shown.
  var decimals: Int { NumberText.decimals(resolution: declared?.resolution, unit: unit) }

  /// The present value with its unit and, where that is another, what the instrument itself said: `312.5 N (31.87 kgf)`.
  func text(_ reading: Reading) -> String {
    var text = "\(self.text(reading.value)) \(NumberText.unit(unit))"
    if let own = ownText(reading) { text += " (\(own))" }
    return text
  }

  /// What the instrument itself said, where that is in another unit: `31.87 kgf`. Also where it makes no valid
  /// number: an instrument is calibrated by it. Milliseconds beside seconds are the same number.
  func ownText(_ reading: Reading) -> String? {
    guard let raw = reading.raw, rawUnit != unit, !rawUnit.isEmpty, (unit, rawUnit) != ("s", "ms") else { return nil }
    return "\(NumberText.short(raw)) \(NumberText.unit(rawUnit))"
  }
}

extension Double {
  /// The number; `nil` where the instrument had none to give.
  fileprivate var ifValid: Double? { isFinite ? self : nil }
}
