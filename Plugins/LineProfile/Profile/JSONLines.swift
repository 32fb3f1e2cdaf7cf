internal import DriverKit
internal import StrictJSON

/// Lines that are JSON objects: which member tells their type, what their members are called here, what a type means.
struct JSONLines {
  /// The member whose text is the type.
  let type: String
  /// Our name of each member that is used; others are passed over.
  let names: [(member: String, field: String)]
  /// What lines mean.
  let rules: [Rule]
  /// Which of the rules is for a type.
  private let numbers: [String: Int]

  init(_ fields: inout JSONFields, _ reader: inout RuleReader) throws(JSONMismatch) {
    type = try fields.requiredString("type")
    var names: [(member: String, field: String)] = []
    if let node = fields.node("fields") {
      guard let members = node.members, members.count <= PatternReader.maximumGroups else {
        throw fields.mismatch("fields", node, "must be an object of at most \(PatternReader.maximumGroups) names")
      }
      for member in members {
        guard let name = member.node.string, isFieldName(name), !names.contains(where: { $0.field == name }) else {
          throw fields.mismatch(
            "fields.\(member.key)", member.node, "must be a field name of small letters, digits and \"_\", each once")
        }
        names.append((member.key, name))
      }
    }
    self.names = names
    let map = try fields.required("map")
    guard let members = map.members, !members.isEmpty else {
      throw fields.mismatch("map", map, "must be an object with one or more types")
    }
    var rules: [Rule] = []
    var numbers: [String: Int] = [:]
    for member in members {
      let path = fields.path(of: "map.\(member.key)")
      numbers[member.key] = rules.count
      rules.append(try reader.rule(json: member.node, path, names: names.map(\.field)))
    }
    self.rules = rules
    self.numbers = numbers
    try fields.end()
  }

  /// The rule of a line and the texts of its fields, or `nil` when the line is not JSON or its type is not known.
  func read(_ line: Line) -> (rule: Rule, texts: [[UInt8]?])? {
    let limits = JSONLimits(depth: 4, bytes: 16_384, comments: false)
    let text = asciiText(line.bytes[line.text])
    guard let node = try? JSONNode(parsing: Array(text.utf8), limits: limits), let type = node[type]?.string,
      let number = numbers[type]
    else { return nil }
    let texts = names.map { name in
      node[name.member].flatMap { Event.Value(scalar: $0) }.map { Array($0.text.utf8) }
    }
    return (rules[number], texts)
  }
}
