package import StrictJSON

/// A command for an instrument: the parameters of `device.command`.
package struct CommandRequest: Equatable {
  /// The device's name.
  package var device: String
  /// The command.
  package var command: String
  /// An object that the driver understands.
  package var arguments: JSONNode

  /// A command.
  package init(device: String, command: String, arguments: JSONNode = .emptyObject) {
    self.device = device
    self.command = command
    self.arguments = arguments
  }
}

extension CommandRequest: WireObject {
  package func write(to writer: inout JSONWriter) {
    writer.member("device", device)
    writer.member("command", command)
    writer.key("arguments")
    writer.node(arguments)
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    device = try fields.requiredString("device")
    command = try fields.requiredString("command")
    arguments = fields.node("arguments") ?? .emptyObject
    guard command.utf8.count <= 64, arguments.members != nil else {
      throw JSONMismatch(
        line: 0, key: fields.path, problem: "must hold a short word \"command\" and an object \"arguments\"")
    }
  }
}

/// A command was carried out: the answer to `device.command`.
package struct CommandAnswer: Equatable {
  /// The device's name.
  package var device: String
  /// The command.
  package var command: String

  /// An answer.
  package init(device: String, command: String) {
    self.device = device
    self.command = command
  }
}

extension CommandAnswer: WireObject {
  package func write(to writer: inout JSONWriter) {
    writer.member("device", device)
    writer.member("command", command)
    writer.member("state", "done")
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    device = try fields.requiredString("device")
    command = try fields.requiredString("command")
  }
}
