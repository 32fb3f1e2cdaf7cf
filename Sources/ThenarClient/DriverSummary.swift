internal import StrictJSON

/// A driver module as the hub found it.
public struct DriverSummary: Equatable, Sendable {
  /// The module's id: `go-direct`.
  public let id: String
  /// Its name: `Vernier Go Direct over USB`.
  public let name: String
  /// Its version.
  public let version: String
  /// `hid` or `serial`.
  public let transport: String
  /// `ok`, or `refused` when the hub does not use it.
  public let state: String
  /// Why, in one plain sentence, or empty.
  public let sentence: String
  /// The file that it was read from.
  public let file: String
  /// The names of the channels that it can declare.
  public let channels: [String]
  /// The instruments that it knows.
  public let instruments: [String]

  init(_ node: JSONNode) throws(JSONMismatch) {
    var fields = try JSONFields(node, "drivers")
    id = try fields.text("id")
    name = try fields.text("name")
    version = try fields.text("version")
    transport = try fields.text("transport")
    state = try fields.requiredString("state")
    sentence = try fields.text("text")
    file = try fields.text("file")
    channels = try fields.list("channels").compactMap(\.title)
    instruments = try fields.list("instruments").compactMap(\.title)
  }
}

extension JSONNode {
  /// The thing's name: it is a name, or an object that has one.
  fileprivate var title: String? { string ?? self["name"]?.string ?? self["channel"]?.string }
}
