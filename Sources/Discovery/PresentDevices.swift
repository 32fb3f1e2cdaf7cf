import Modules

/// Keeps every device from being told twice: the first look around and the monitor may both see it.
struct PresentDevices {
  private var devices: [String: AttachedDevice] = [:]

  /// A device was seen; what is to be told.
  mutating func see(_ device: AttachedDevice) -> [DiscoveryEvent] {
    if let known = devices[device.syspath] {
      if known.isSamePlugIn(as: device) { return [] }
      // Its going was missed: another device, or the same one plugged in anew, has taken the place.
      devices[device.syspath] = device
      return [.detached(syspath: device.syspath), .attached(device)]
    }
    devices[device.syspath] = device
    return [.attached(device)]
  }

  /// A device went; what is to be told. Only the place counts: asked for its ids now, a device that is going gives those
  /// of the hub that it was plugged into (fact sheet on test beds, "What real hardware paths do").
  mutating func lose(syspath: String) -> [DiscoveryEvent] {
    devices.removeValue(forKey: syspath) == nil ? [] : [.detached(syspath: syspath)]
  }

  /// Everything that is there was looked at; what is to be told of the difference.
  mutating func replace(with present: [AttachedDevice]) -> [DiscoveryEvent] {
    let places = Set(present.map(\.syspath))
    let gone = devices.keys.filter { !places.contains($0) }.sorted()
    return gone.flatMap { lose(syspath: $0) } + present.flatMap { see($0) }
  }
}

extension AttachedDevice {
  /// Whether nobody pulled it out in between. Links and kernel driver may change while a device stays where it is.
  fileprivate func isSamePlugIn(as other: AttachedDevice) -> Bool {
    devnode == other.devnode && usb == other.usb && serialNumber == other.serialNumber && busAddress == other.busAddress
  }
}
