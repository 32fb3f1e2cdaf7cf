import DriverKit

let acornModule = DriverModule(
  id: "acorn", version: "0.1.0", driver: AcornDriver.self, emulator: AcornEmulator.self)

/// The module's entry.
@c(thenar_driver_acorn) public func acornEntry() -> UnsafeRawPointer? { acornModule.entry }
