import StrictJSON
import Testing
import Wire

/// Holds the lines of one connection, in their order, to the wire's schema: an answer must be what its request promises.
struct WireCheck {
  /// What went by: `request ping`, `answer ping`, `notification event`, `error unknown_sub`.
  private(set) var seen: Set<String> = []
  private let validator: SchemaValidator
  private var asked: [String: String] = [:]

  /// `ofHub`: what ``notYetSaid`` names may be missing.
  init(ofHub: Bool = false) throws {
    validator = try SchemaValidator(ofHub ? Self.relaxed(WireSchema.node) : WireSchema.node)
  }

  /// Members that the schema requires and the hub is still to learn.
  private static let notYetSaid = ["queue", "lo", "hi"]

  private static func relaxed(_ node: JSONNode) -> JSONNode {
    switch node.value {
    case .object(let members):
      JSONNode(
        .object(
          members.map { member in
            guard member.key == "required", let words = member.node.elements else {
              return JSONMember(member.key, relaxed(member.node))
            }
            let kept = words.filter { word in !notYetSaid.contains { word.string == $0 } }
            return JSONMember(member.key, JSONNode(.array(kept)))
          }))
    case .array(let elements): JSONNode(.array(elements.map(relaxed)))
    default: node
    }
  }

  /// What is wrong with a line; empty when nothing is.
  mutating func problems(_ line: [UInt8]) -> [String] {
    let message: JSONNode
    do { message = try JSONNode(parsing: line, limits: .line) } catch { return [error.sentence] }
    var problems = validator.problems(message)
    let id = message["id"].map { "\($0.value)" }
    if let result = message["result"] {
      guard let id, let method = asked.removeValue(forKey: id) else { return problems + ["answers no request"] }
      seen.insert("answer \(method)")
      problems += validator.problems(result, as: "result.\(method)")
    } else if let error = message["error"] {
      seen.insert("error \(error["data"]?["name"]?.string ?? "")")
      if let id { asked[id] = nil }
    } else if let method = message["method"]?.string {
      let isRequest = Wire.Method(rawValue: method) != nil
      seen.insert("\(isRequest ? "request" : "notification") \(method)")
      if isRequest, let id { asked[id] = method }
    }
    return problems
  }

  /// Expects a line to be valid.
  mutating func expect(_ line: [UInt8], _ location: SourceLocation = #_sourceLocation) {
    let problems = problems(line)
    #expect(problems.isEmpty, "\(String(decoding: line, as: UTF8.self))", sourceLocation: location)
  }
}

/// The names of the notifications that the schema knows.
func notificationsOfTheSchema() -> [String] {
  (WireSchema.node["$defs"]?["notification"]?["oneOf"]?.elements ?? [])
    .compactMap { $0["properties"]?["method"]?["const"]?.string }
}
