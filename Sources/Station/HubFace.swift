package import Consumers
package import Hub
package import Supervision
package import Wire

/// What the station tells the hub.
package protocol HubFace: Sendable {
  /// A device is there, or is there again, and is to be driven.
  func attach(_ assignment: DeviceAssignment)
  /// A device that is driven has another assignment: its worker starts anew if it needs another setup, else it goes on.
  func update(_ assignment: DeviceAssignment)
  /// A device is there and is not driven; if it was until now, its worker ends.
  func show(_ device: IdleDevice)
  /// A device was unplugged.
  func detach(_ key: DeviceIdentityKey)
  /// A device is no longer known.
  func forget(_ key: DeviceIdentityKey)
  /// From now on these may do what the roles say.
  func setRoles(_ roles: Roles)
  /// From now on these are the driver modules, as `drivers.list` tells of them.
  func setDrivers(_ drivers: [DriverReport])
}

extension HubServer: HubFace {}

extension HubFace {
  /// Tells a change.
  package func tell(_ change: PlanChange) {
    switch change {
    case .attach(let assignment): attach(assignment)
    case .update(let assignment): update(assignment)
    case .show(let device): show(device)
    case .detach(let key): detach(key)
    case .forget(let key): forget(key)
    }
  }
}
