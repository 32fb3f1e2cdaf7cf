package import StrictJSON

/// What is known of a device, as a record of the stream, in a snapshot, or in an answer to `devices.list`.
public struct DeviceRecord: Equatable, Sendable {
  /// The record's number; `nil` where the hub gave none.
  public var sequence: UInt64?
  /// It repeats an older record under its old number, for a new subscriber; nothing has changed.
  public var isSnapshot: Bool
  /// All that is known.
  public var report: DeviceReport

  /// A record; see the properties.
  package init(sequence: UInt64?, isSnapshot: Bool = false, report: DeviceReport) {
    self.sequence = sequence
    self.isSnapshot = isSnapshot
    self.report = report
  }
}

extension DeviceRecord: Telling {
  package static let method: StaticString = "device"

  package func write(to writer: inout JSONWriter) {
    writer.known("seq", sequence)
    if isSnapshot { writer.member("snapshot", true) }
    report.write(to: &writer)
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    sequence = try fields.count("seq")
    isSnapshot = try fields.flag("snapshot") ?? false
    report = try DeviceReport(fields)
  }
}
