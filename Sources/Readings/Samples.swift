/// A run of samples of one channel, oldest first. `raw`, `quality` and `offsets` are empty or as long as `values`.
public struct Samples: Equatable, Sendable {
  /// Number of the channel.
  public var channel: UInt32
  /// Station time of the first sample.
  public var time: Microseconds
  /// Time between samples.
  public var interval: Microseconds
  /// For samples at irregular times: microseconds after `time`, never falling.
  public var offsets: [Microseconds]
  /// The instrument's own time of the first sample.
  public var deviceTime: Microseconds?
  /// In the channel's unit; not finite where there is no valid number.
  public var values: [Double]
  /// In the channel's raw unit, as the instrument gave them.
  public var raw: [Double]
  /// What is to be said about each.
  public var quality: [Quality]

  /// Samples; see the properties.
  public init(
    channel: UInt32, time: Microseconds, interval: Microseconds = 0, offsets: [Microseconds] = [],
    deviceTime: Microseconds? = nil, values: [Double], raw: [Double] = [], quality: [Quality] = []
  ) {
    self.channel = channel
    self.time = time
    self.interval = interval
    self.offsets = offsets
    self.deviceTime = deviceTime
    self.values = values
    self.raw = raw
    self.quality = quality
  }

  /// Station time of a sample.
  public func time(of index: Int) -> Microseconds {
    time + (offsets.isEmpty ? Microseconds(index) * interval : offsets[index])
  }
}

extension Samples {
  /// The samples before an index and those from it on, each with times of its own.
  package func split(at middle: Int) -> (Samples, Samples) {
    func part(_ range: Range<Int>) -> Samples {
      let start = time(of: range.lowerBound)
      return Samples(
        channel: channel, time: start, interval: interval,
        offsets: offsets.isEmpty ? [] : offsets[range].map { $0 - (start - time) },
        // The instrument's clock went as the station's did between the two, as far as anybody knows.
        deviceTime: deviceTime.map { $0 + (start - time) }, values: Array(values[range]),
        raw: raw.isEmpty ? [] : Array(raw[range]), quality: quality.isEmpty ? [] : Array(quality[range]))
    }
    return (part(0..<middle), part(middle..<values.count))
  }
}
