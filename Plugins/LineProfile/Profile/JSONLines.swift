internal import DriverKit
internal import Schemas

/// Lines that are JSON objects: which member tells their type, what their members are called here, what a type means.
final class JSONLines {
  /// The member whose text is the type.
  let type: String
  /// Our name of each member that is used; others are passed over.
  let names: [(member: String, field: String)]
  /// What lines mean, by type.
  let rules: [String: Rule]

  static var schema: Schema {
    let names = "must be a field name of small letters, digits and \"_\", each once"
    let most = PatternReader.maximumGroups
    return .object([
      .required("type", .name, "Member that tells the type of a line."),
      SchemaField(
        "fields",
        .saying("must be an object of at most \(most) names", .map(.saying(names, .fieldName), count: 0...most)),
        "Our name of each member that is used."),
      .required(
        "map",
        .saying(
          "must be an object with one or more types",
          .map(
            .short(key: "event", [EventNames.schema, .null], .part("actions", .object(RuleKeys.all))),
            count: 1...Int.max)), "What a type means."),
    ])
  }

  init(_ value: CheckedValue, _ reader: inout RuleReader) throws(JSONMismatch) {
    type = value.text("type") ?? ""
    var names: [(member: String, field: String)] = []
    for (member, name) in value["fields"]?.members ?? [] {
      let field = name.node.string ?? ""
      if names.contains(where: { $0.field == field }) {
        throw name.mismatch("must be a field name of small letters, digits and \"_\", each once")
      }
      names.append((member, field))
    }
    self.names = names
    var rules: [String: Rule] = [:]
    for (type, rule) in value["map"]?.members ?? [] { rules[type] = try reader.rule(rule, names: names.map(\.field)) }
    self.rules = rules
  }

  /// The rule of a line and the texts of its fields, or `nil` when the line is not JSON or its type is not known.
  func read(_ line: Line) -> (rule: Rule, texts: [[UInt8]?])? {
    let limits = JSONLimits(depth: 4, bytes: 16_384, comments: false)
    let text = asciiText(line.bytes[line.text])
    guard let node = try? JSONNode(parsing: Array(text.utf8), limits: limits), let type = node[type]?.string,
      let rule = rules[type]
    else { return nil }
    let texts = names.map { name in
      node[name.member].flatMap { Event.Value(scalar: $0) }.map { Array($0.text.utf8) }
    }
    return (rule, texts)
  }
}
