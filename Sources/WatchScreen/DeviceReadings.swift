internal import ThenarClient

/// What is known of a device.
struct DeviceReadings: Sendable {
  let name: String
  /// What the hub told of it; `nil` until it has.
  private(set) var device: Device?
  private(set) var channels: [ChannelReadings] = []
  /// The newest last; without those by which a board only shows that it lives.
  private(set) var events: [Event] = []
  /// The newest last.
  private(set) var results: [TrialResult] = []
  /// Samples that were lost before they reached the station.
  private(set) var lostSamples: UInt64 = 0
  /// The hub has told of it on this connection.
  var isConfirmed = true

  private static let kept = 3

  init(name: String) { self.name = name }

  mutating func update(_ device: Device) {
    self.device = device
    isConfirmed = true
    for channel in device.channels { channels[index(of: channel.name)].declared = channel }
  }

  mutating func add(_ measurement: Measurement) { channels[index(of: measurement.channel)].add(measurement) }

  mutating func add(_ event: Event) {
    if ["device.heartbeat", "device.clock_sync"].contains(event.name) { return }
    events = (events + [event]).suffix(Self.kept)
  }

  mutating func add(_ result: TrialResult) { results = (results + [result]).suffix(Self.kept) }

  mutating func lost(_ samples: UInt64) { lostSamples &+= samples }

  private mutating func index(of channel: String) -> Int {
    if let index = channels.firstIndex(where: { $0.name == channel }) { return index }
    channels.append(ChannelReadings(name: channel))
    return channels.count - 1
  }

  /// The channel that the person at the instrument looks at.
  var mainChannel: ChannelReadings? {
    channels.first { $0.declared?.quantity == "force" } ?? channels.first { $0.declared?.quantity == "time" }
      ?? channels.first
  }

  /// Decimals with which the values of a channel are shown; `nil`: there is no such channel.
  func decimals(of channel: String) -> Int? { channels.first { $0.name == channel }?.decimals }

  /// Readings may come from it.
  var isActive: Bool { device?.state == .streaming || device?.state == .ready }
}
