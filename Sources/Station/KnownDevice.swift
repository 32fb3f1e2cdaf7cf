package import Supervision

/// A device that the station knows, and what the hub shall do with it.
package enum KnownDevice: Equatable, Sendable {
  /// A worker runs its driver.
  case driven(DeviceAssignment)
  /// It is shown, and why it is not driven.
  case idle(IdleDevice)

  /// What it is known by.
  package var key: DeviceIdentityKey {
    switch self {
    case .driven(let assignment): assignment.key
    case .idle(let device): device.key
    }
  }

  /// Its name in the stream.
  package var name: String {
    switch self {
    case .driven(let assignment): assignment.name
    case .idle(let device): device.name
    }
  }
}
