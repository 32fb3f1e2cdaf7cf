import CUdev
import Glibc
import Matching

/// libudev's view of hidraw and tty devices. Its objects are not thread-safe: one thread at a time may use this.
final class UdevMonitor {
  private let context: OpaquePointer
  private let monitor: OpaquePointer

  /// Begins to listen. What is plugged in from now on is not missed, so a look around comes after this.
  init() throws(DiscoveryFailure) {
    guard let context = udev_new() else { throw DiscoveryFailure("libudev could not be started; restart the station.") }
    // The source "udev" speaks when udev has applied its rules: only then are permissions and links what they will be.
    guard let monitor = udev_monitor_new_from_netlink(context, "udev") else {
      udev_unref(context)
      throw DiscoveryFailure(
        "The kernel's device events cannot be listened to; let the account that runs Thenar open netlink sockets.")
    }
    self.context = context
    self.monitor = monitor
    for subsystem in Self.subsystems { udev_monitor_filter_add_match_subsystem_devtype(monitor, subsystem, nil) }
    // A hub with many instruments makes many events at once. A refusal is no harm: a loss is noticed and made good.
    _ = udev_monitor_set_receive_buffer_size(monitor, 1 << 20)
    if udev_monitor_enable_receiving(monitor) < 0 {
      throw DiscoveryFailure(
        "The kernel's device events cannot be received; let the account that runs Thenar open netlink sockets.")
    }
  }

  deinit {
    udev_monitor_unref(monitor)
    udev_unref(context)
  }

  private static let subsystems = ["hidraw", "tty"]

  /// Becomes readable when there is an event.
  var descriptor: Int32 { udev_monitor_get_fd(monitor) }

  /// An event of the monitor.
  enum Event {
    case present(Sighting)
    case gone(syspath: String)
    case other
    /// No more events for now.
    case none
    /// Events were lost: look around anew.
    case lost
  }

  /// The next event; does not wait.
  func next() -> Event {
    errno = 0
    guard let pointer = udev_monitor_receive_device(monitor) else { return errno == ENOBUFS ? .lost : .none }
    defer { udev_device_unref(pointer) }
    let device = UdevDevice(borrowing: pointer)
    switch device.action {
    case "remove": return device.syspath.map { .gone(syspath: $0) } ?? .other
    case "add", "change": return device.sighting().map { .present($0) } ?? .other
    default: return .other
    }
  }

  /// All devices that are there now, in order of their places.
  func lookAround() -> [Sighting] {
    guard let enumeration = udev_enumerate_new(context) else { return [] }
    defer { udev_enumerate_unref(enumeration) }
    for subsystem in Self.subsystems { udev_enumerate_add_match_subsystem(enumeration, subsystem) }
    udev_enumerate_scan_devices(enumeration)
    var sightings: [Sighting] = []
    var entry = udev_enumerate_get_list_entry(enumeration)
    while let current = entry {
      if let pointer = udev_device_new_from_syspath(context, udev_list_entry_get_name(current)) {
        if let sighting = UdevDevice(borrowing: pointer).sighting() { sightings.append(sighting) }
        udev_device_unref(pointer)
      }
      entry = udev_list_entry_get_next(current)
    }
    return sightings.sorted { $0.device.syspath < $1.device.syspath }
  }
}

/// Why devices cannot be discovered.
package struct DiscoveryFailure: Error, Equatable {
  /// One plain sentence that names the fix.
  package let sentence: String

  init(_ sentence: String) { self.sentence = sentence }
}
