package import StrictJSON

/// The JSON Schema of every line of the socket, from `wire.schema.json`, which is a part of the program.
package enum WireSchema {
  /// The schema as it is published.
  package static let text: [UInt8] = PackageResources.wire_schema_json

  /// The schema; `null` if the file were damaged, which the tests rule out.
  package static let node =
    (try? JSONNode(parsing: text, limits: JSONLimits(depth: 32, bytes: 1 << 20, comments: false))) ?? JSONNode(.null)

  /// The schema without line breaks and spaces, as `describe` sends it.
  package static let line: [UInt8] = {
    var writer = JSONWriter(capacity: 32_768)
    writer.node(node)
    return writer.bytes
  }()
}
