public import CThenarDriver

/// A driver module's table, made once for the life of the process.
///
/// Safe to share between threads: the table and all it points to are written once, here, and never freed or changed.
///
/// One line exports it, under the name that the contract derives from the module's id:
///
/// ```swift
/// private let module = DriverModule(id: "go-direct", version: "0.1.0", driver: GoDirectDriver.self)
/// @c(thenar_driver_go_direct) public func entry() -> UnsafeRawPointer? { module.entry }
/// ```
public struct DriverModule: @unchecked Sendable {
  /// The table that the exported function returns.
  public let table: UnsafePointer<thenar_driver>

  /// What the exported function returns: the table, for a module that imports DriverKit alone.
  public var entry: UnsafeRawPointer? { UnsafeRawPointer(table) }

  /// A module with a driver and its emulator.
  public init<D: Driver, E: Emulator>(id: StaticString, version: StaticString, driver: D.Type, emulator: E.Type) {
    let emulatorTable = UnsafeMutablePointer<thenar_emulator>.allocate(capacity: 1)
    emulatorTable.initialize(to: makeEmulatorTable(E.self))
    table = Self.makeTable(id: id, version: version, driver: D.self, emulator: UnsafePointer(emulatorTable))
  }

  /// A module with a driver and no emulator.
  public init<D: Driver>(id: StaticString, version: StaticString, driver: D.Type) {
    table = Self.makeTable(id: id, version: version, driver: D.self, emulator: nil)
  }

  private static func makeTable<D: Driver>(
    id: StaticString, version: StaticString, driver: D.Type, emulator: UnsafePointer<thenar_emulator>?
  ) -> UnsafePointer<thenar_driver> {
    let table = UnsafeMutablePointer<thenar_driver>.allocate(capacity: 1)
    table.initialize(to: makeDriverTable(D.self, id: id, version: version, emulator: emulator))
    return UnsafePointer(table)
  }
}

extension StaticString {
  /// The text lives as long as the process.
  var lentForEver: thenar_text {
    precondition(hasPointerRepresentation, "an id or version is longer than one character")
    return utf8Start.withMemoryRebound(to: CChar.self, capacity: utf8CodeUnitCount) {
      thenar_text(bytes: $0, count: utf8CodeUnitCount)
    }
  }
}
