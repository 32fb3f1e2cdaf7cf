internal import DriverKit

/// The profile that a station uses: the file, with what the station's settings say otherwise.
enum ProfileSettings {
  /// The parts of a profile that depend on the board on the table or its cable, and not on the model.
  static let overridable = ["checksum", "fields", "limits", "open", "serial", "watchdog"]

  /// Reads `{"profile": {…}, "serial": {"baud": 38400}}`: a setting replaces the same key of the profile, object by
  /// object (RFC 7396, JSON Merge Patch).
  static func profile(_ settings: JSONNode) throws(JSONMismatch) -> Profile {
    guard let node = settings["profile"] else {
      throw JSONMismatch(
        line: 0, key: "profile", problem: "is missing: name a file of the module's profiles folder, without .json")
    }
    guard case .object(var members) = node.value else {
      throw JSONMismatch(
        line: node.line, key: "profile",
        problem: "must be the profile itself here, not \(node.kind): the host replaces the name by the file's content")
    }
    for member in settings.members ?? [] where member.key != "profile" {
      if !overridable.contains(member.key) {
        throw JSONMismatch(
          line: member.node.line, key: member.key,
          problem: "is not a setting; known: profile, \(overridable.joined(separator: ", "))")
      }
      members = merge([member], into: members)
    }
    return try Profile(JSONNode(.object(members), line: node.line, column: node.column))
  }

  private static func merge(_ changes: [JSONMember], into members: [JSONMember]) -> [JSONMember] {
    var members = members
    for change in changes {
      let index = members.firstIndex { $0.key == change.key }
      var node = change.node
      if case .object(let inner) = node.value {
        node = JSONNode(
          .object(merge(inner, into: index.flatMap { members[$0].node.members } ?? [])), line: node.line,
          column: node.column)
      }
      if let index {
        if node.value == .null { members.remove(at: index) } else { members[index] = JSONMember(change.key, node) }
      } else if node.value != .null {
        members.append(JSONMember(change.key, node))
      }
    }
    return members
  }
}
