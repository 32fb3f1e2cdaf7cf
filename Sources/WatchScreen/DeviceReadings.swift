internal import Readings
internal import ThenarClient

/// What is known of a device.
struct DeviceReadings: Sendable {
  let name: String
  /// What the hub told of it; `nil` until it has.
  private(set) var device: DeviceReport?
  private(set) var channels: [ChannelReadings] = []
  /// The newest last; without those by which a board only shows that it lives.
  private(set) var events: [EventRecord] = []
  /// The newest last.
  private(set) var results: [ResultRecord] = []
  /// Samples that were lost before they reached the station.
  private(set) var lostSamples: UInt64 = 0
  /// The hub has told of it on this connection.
  var isConfirmed = true

  private static let kept = 3

  init(name: String) { self.name = name }

  mutating func update(_ device: DeviceReport) {
    self.device = device
    isConfirmed = true
    for channel in device.channels { channels[index(of: channel.name)].declared = channel }
  }

  mutating func add(_ record: MeasurementRecord) { channels[index(of: record.channel)].add(record) }

  mutating func add(_ latest: LatestValue) { channels[index(of: latest.channel)].add(latest) }

  mutating func add(_ record: EventRecord) {
    if [EventName.deviceHeartbeat, EventName.deviceClockSync].contains(record.event.name) { return }
    events = (events + [record]).suffix(Self.kept)
  }

  mutating func add(_ record: ResultRecord) { results = (results + [record]).suffix(Self.kept) }

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
