package import StrictJSON

/// One request line of a consumer.
package struct Request: Sendable {
  /// What the reply is matched by; `nil` for a notification, which gets no reply.
  package let id: JSONNode?
  /// What to do: the word of a ``Method``, or one that there is not.
  package let method: String
  /// With what; an empty object when absent.
  package let parameters: JSONNode

  /// Reads a line. The error says what is wrong; the id is given back where it could be read.
  package init(line: [UInt8]) throws(Refusal) {
    let node: JSONNode
    do {
      node = try JSONNode(parsing: line, limits: .line)
    } catch {
      throw Refusal(
        id: nil, error: RequestError(.parseError, "This line is not JSON that Thenar reads: \(error.sentence)"))
    }
    guard case .object = node.value else {
      let batch = node.elements != nil ? " Lists of requests are not taken: send one request per line." : ""
      throw Refusal(id: nil, error: RequestError(.invalidRequest, "A request must be an object.\(batch)"))
    }
    let id = node["id"]
    switch id?.value {
    case nil, .null, .string, .integer: break
    default: throw Refusal(id: nil, error: RequestError(.invalidRequest, "\"id\" must be a string or a whole number."))
    }
    guard node["jsonrpc"]?.string == "2.0" else {
      throw Refusal(id: id, error: RequestError(.invalidRequest, "\"jsonrpc\" must be \"2.0\"."))
    }
    guard let method = node["method"]?.string else {
      throw Refusal(id: id, error: RequestError(.invalidRequest, "\"method\" must be a string."))
    }
    let parameters = node["params"] ?? .emptyObject
    guard parameters.members != nil else {
      throw Refusal(id: id, error: RequestError(.invalidParameters, "\"params\" must be an object."))
    }
    self.id = id
    self.method = method
    self.parameters = parameters
  }

  /// Reads the parameters.
  package func parameters<Parameters: WireObject>(
    as _: Parameters.Type = Parameters.self
  ) throws(JSONMismatch) -> Parameters {
    try Parameters(JSONFields(parameters, "params"))
  }

  /// A line that is no request.
  package struct Refusal: Error {
    /// Its id, where it could be read.
    package var id: JSONNode?
    /// What is wrong.
    package var error: RequestError
  }
}
