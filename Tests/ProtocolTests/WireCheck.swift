import Hub
import StrictJSON
import Testing

/// Holds the lines of one connection, in their order, to the wire's schema: an answer must be what its request promises.
struct WireCheck {
  /// What went by: `request ping`, `answer ping`, `notification event`, `error unknown_sub`.
  private(set) var seen: Set<String> = []
  private let validator: SchemaValidator
  private var asked: [String: String] = [:]

  init() throws {
    validator = try SchemaValidator(JSONNode(parsing: Array(WireSchema.text.utf8), limits: .file))
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
      let isRequest = Request.Method(rawValue: method) != nil
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
func notificationsOfTheSchema() throws -> [String] {
  let schema = try JSONNode(parsing: Array(WireSchema.text.utf8), limits: .file)
  return (schema["$defs"]?["notification"]?["oneOf"]?.elements ?? [])
    .compactMap { $0["properties"]?["method"]?["const"]?.string }
}
