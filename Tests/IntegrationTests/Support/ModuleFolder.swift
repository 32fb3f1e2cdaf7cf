import StrictJSON
import Testing

/// A driver.json of the repository, with other values for some keys.
func manifest(of module: String, _ changes: [String: JSONNode] = [:], settings: String? = nil) throws -> String {
  let text = try contents(of: "\(Build.repository)/\(module)/driver.json")
  let root = try JSONNode(parsing: Array(text.utf8), limits: JSONLimits(depth: 16, bytes: 1 << 20, comments: true))
  var members = try #require(root.members).filter { $0.key != "$schema" }
  if let settings {
    let node = try JSONNode(
      parsing: Array(settings.utf8), limits: JSONLimits(depth: 16, bytes: 1 << 20, comments: false))
    let emulator = try #require(root["emulator"]?.members).filter { $0.key != "settings" }
    members = members.filter { $0.key != "emulator" }
    members.append(JSONMember("emulator", JSONNode(.object(emulator + [JSONMember("settings", node)]))))
  }
  members = members.map { JSONMember($0.key, changes[$0.key] ?? $0.node) }
  var writer = JSONWriter()
  writer.node(JSONNode(.object(members)))
  return String(decoding: writer.bytes, as: UTF8.self)
}
