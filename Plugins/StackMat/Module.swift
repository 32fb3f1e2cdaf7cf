package import DriverKit

package let stackMatModule = DriverModule(
  id: "stackmat", version: "0.1.0", driver: StackMatDriver.self, emulator: StackMatEmulator.self)

/// The module's entry.
@c(thenar_driver_stackmat) public func stackMatEntry() -> UnsafeRawPointer? { stackMatModule.entry }
