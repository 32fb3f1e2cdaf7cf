package import StrictJSON

/// All driver modules that the hub found: the answer to `drivers.list`.
public struct DriverList: Equatable, Sendable {
  /// The modules.
  public var drivers: [DriverReport]

  /// An answer.
  package init(drivers: [DriverReport]) { self.drivers = drivers }
}

extension DriverList: WireObject {
  package func write(to writer: inout JSONWriter) { writer.list("drivers", drivers) }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    drivers = try fields.objects("drivers")
  }
}
