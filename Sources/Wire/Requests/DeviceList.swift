package import StrictJSON

/// All devices that the hub knows, in the order in which they were first seen: the answer to `devices.list`.
public struct DeviceList: Equatable, Sendable {
  /// The name of the stream's present life.
  public var epoch: String
  /// The newest record of each device.
  public var devices: [DeviceRecord]

  /// An answer.
  package init(epoch: String, devices: [DeviceRecord]) {
    self.epoch = epoch
    self.devices = devices
  }
}

extension DeviceList: WireObject {
  package func write(to writer: inout JSONWriter) {
    writer.member("epoch", epoch)
    writer.list("devices", devices)
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    epoch = try fields.text("epoch")
    devices = try fields.objects("devices")
  }
}
