public import StrictJSON

/// A line from the hub.
public enum Message: Sendable {
  /// Something that the hub tells.
  case notification(Notification)
  /// The answer to a request.
  case reply(Reply)

  /// Reads a line (without its newline); throws ``ClientError/malformed(problem:line:)``. Members that are not known
  /// are passed over.
  public init(parsing line: [UInt8]) throws(ClientError) {
    do {
      self = try Self(node: JSONNode(parsing: line, limits: lineLimits), line: line)
    } catch let error as JSONError {
      throw .malformed(problem: error.sentence, line: line)
    } catch let error as JSONMismatch {
      throw .malformed(problem: error.sentence, line: line)
    } catch {
      throw .malformed(problem: "\(error)", line: line)
    }
  }

  private init(node: JSONNode, line: [UInt8]) throws(JSONMismatch) {
    var fields = try JSONFields(node, "")
    if let method = try fields.string("method") {
      let content = try Notification.Content(method, fields.node("params") ?? .emptyObject)
      self = .notification(Notification(method: method, content: content, line: line))
    } else {
      self = .reply(try Reply(&fields, line: line))
    }
  }
}

/// The answer to a request.
public struct Reply: Sendable {
  /// The request's id; `nil` when the hub could not read the request.
  public let id: Int64?
  /// What the hub answered.
  public let outcome: Result<JSONNode, RefusedRequest>
  /// The line as it came, without its newline.
  public let line: [UInt8]

  init(_ fields: inout JSONFields, line: [UInt8]) throws(JSONMismatch) {
    id = try fields.integer("id", in: 0...exactIntegers.upperBound)
    self.line = line
    if var error = try fields.object("error") {
      let code = try error.integer("code", in: exactIntegers)
      let message = try error.requiredString("message")
      var data = try error.object("data")
      outcome = .failure(
        RefusedRequest(
          code: code ?? 0, name: try data?.string("name") ?? "", message: message,
          retry: try data?.flag("retry") ?? false))
    } else {
      outcome = .success(try fields.required("result"))
    }
  }
}

/// Deeper and longer than what we send: `describe` answers with a schema.
private let lineLimits = JSONLimits(depth: 64, bytes: LineSocket.longestLine, comments: false)

/// The whole numbers that every JSON parser keeps exactly.
let exactIntegers: ClosedRange<Int64> = -(1 << 53)...(1 << 53)
