package import Matching

/// Something that discovery saw.
package enum DiscoveryEvent: Equatable, Sendable {
  /// A device is there: it was when discovery began, or it was plugged in.
  case attached(AttachedDevice)
  /// The device with that place in sysfs is gone.
  case detached(syspath: String)
  /// Discovery cannot go on: nothing more will be seen. One plain sentence for a person.
  case failed(String)
}
