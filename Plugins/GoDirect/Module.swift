package import DriverKit

/// The module: driver and emulator of Vernier Go Direct instruments.
package let goDirectModule = DriverModule(
  id: "go-direct", version: "0.1.0", driver: GoDirectDriver.self, emulator: GoDirectEmulator.self)

/// The module's entry.
@c(thenar_driver_go_direct) public func goDirectEntry() -> UnsafeRawPointer? { goDirectModule.entry }
