import Matching

/// A device as it was seen at one moment.
struct Sighting: Equatable {
  let device: AttachedDevice
  /// udev's rules have been applied: the device has its links and permissions. Without udev, in a container say, that
  /// never happens.
  let isSettled: Bool
}

/// Keeps every device from being told twice: the first look around and the monitor may both see it.
struct PresentDevices {
  private var sightings: [String: Sighting] = [:]

  /// A device was seen; what is to be told.
  mutating func see(_ sighting: Sighting) -> [DiscoveryEvent] {
    let device = sighting.device
    guard let known = sightings.updateValue(sighting, forKey: device.syspath) else { return [.attached(device)] }
    // Its going was missed: another device, or the same one plugged in anew, has taken the place.
    let isAnother = !known.device.isSamePlugIn(as: device)
    // The links, by which the configuration may know the device, were still to be made when it was seen first. Later
    // changes of a device that stays are not told: they must not interrupt a measurement.
    let hasSettled = !known.isSettled && sighting.isSettled && known.device.links != device.links
    return isAnother || hasSettled ? [.detached(syspath: device.syspath), .attached(device)] : []
  }

  /// A device went; what is to be told. Only the place counts: asked for its ids now, a device that is going gives those
  /// of the hub that it was plugged into (observed with kernel devices).
  mutating func lose(syspath: String) -> [DiscoveryEvent] {
    sightings.removeValue(forKey: syspath) == nil ? [] : [.detached(syspath: syspath)]
  }

  /// Everything that is there was looked at; what is to be told of the difference.
  mutating func replace(with present: [Sighting]) -> [DiscoveryEvent] {
    let places = Set(present.map(\.device.syspath))
    let gone = sightings.keys.filter { !places.contains($0) }.sorted()
    return gone.flatMap { lose(syspath: $0) } + present.flatMap { see($0) }
  }
}

extension AttachedDevice {
  /// Whether nobody pulled it out in between.
  fileprivate func isSamePlugIn(as other: AttachedDevice) -> Bool {
    devnode == other.devnode && usb == other.usb && serialNumber == other.serialNumber && busAddress == other.busAddress
  }
}
