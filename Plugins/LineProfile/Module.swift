package import DriverKit

package let lineProfileModule = DriverModule(
  id: "line-profile", version: "0.1.0", driver: LineProfileDriver.self, emulator: ReferencePegboard.self)

/// The module's entry.
@c(thenar_driver_line_profile) public func lineProfileEntry() -> UnsafeRawPointer? { lineProfileModule.entry }
