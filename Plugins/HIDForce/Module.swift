package import DriverKit

/// The module's tables.
package let hidForceModule = DriverModule(
  id: "hid-force", version: "0.1.0", driver: HIDForceDriver.self, emulator: HIDForceEmulator.self)

/// The module's entry.
@c(thenar_driver_hid_force) public func hidForceEntry() -> UnsafeRawPointer? { hidForceModule.entry }
