public import StrictJSON

/// A line from the hub.
public enum Message: Sendable {
  /// Something that the hub tells.
  case notification(Notification)
  /// The answer to a request.
  case reply(Reply)

  /// The most bytes that a line from the hub may have.
  public static let longestLine = 1 << 20

  /// Deeper and longer than what we send: `describe` answers with a schema.
  private static let limits = JSONLimits(depth: 64, bytes: longestLine, comments: false)

  /// Reads a line (without its newline). Members that are not known are passed over.
  package init(line: [UInt8]) throws(MalformedLine) {
    let node: JSONNode
    do { node = try JSONNode(parsing: line, limits: Self.limits) } catch {
      throw MalformedLine(problem: error.sentence)
    }
    do { self = try Self(node, line: line) } catch { throw MalformedLine(problem: error.sentence) }
  }

  private init(_ node: JSONNode, line: [UInt8]) throws(JSONMismatch) {
    var fields = try JSONFields(node, "")
    if let method = try fields.string("method") {
      let content = try Notification.Content(method, fields.node("params") ?? .emptyObject)
      self = .notification(Notification(method: method, content: content, line: line))
    } else {
      self = .reply(try Reply(&fields, line: line))
    }
  }
}

/// A line from the hub that is not what the protocol says.
package struct MalformedLine: Error, Equatable {
  /// What is wrong, in one plain sentence.
  package let problem: String

  /// What is wrong with a line.
  package init(problem: String) { self.problem = problem }
}

/// The answer to a request.
public struct Reply: Sendable {
  /// The request's id; `nil` when the hub could not read the request.
  public let id: Int64?
  /// What the hub answered.
  public let outcome: Result<JSONNode, RequestError>
  /// The line as it came, without its newline.
  public let line: [UInt8]

  fileprivate init(_ fields: inout JSONFields, line: [UInt8]) throws(JSONMismatch) {
    id = try fields.integer("id", in: 0...exactIntegers.upperBound)
    self.line = line
    outcome =
      if let error = try fields.object("error") { .failure(try RequestError(error)) } else {
        .success(try fields.required("result"))
      }
  }

  /// Reads what the hub answered.
  package static func read<Answer: WireObject>(
    _ result: JSONNode, as _: Answer.Type = Answer.self
  ) throws(JSONMismatch) -> Answer {
    try Answer(JSONFields(result, "result"))
  }
}
