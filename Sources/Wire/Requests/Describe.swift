package import StrictJSON

/// The schema of all lines and the list of errors: the answer to `describe`.
package struct DescribeAnswer: Equatable {
  /// An error that a request can get.
  package struct KnownError: Equatable {
    /// Its word.
    package var name: String
    /// Its number.
    package var code: Int64
    /// The same request may succeed later.
    package var retry: Bool
  }

  /// The schema, as one line of JSON.
  package var schema: [UInt8]
  /// The errors.
  package var errors: [KnownError]

  /// What this build can say of itself.
  /// The members of the answer, without their braces: made once.
  package static let members: [UInt8] = {
    let whole = wireLine { writer in writer.object { DescribeAnswer().write(to: &$0) } }
    return Array(whole[1..<whole.count - 1])
  }()

  /// An answer whose members are put in afterwards.
  package struct Frame: WireObject {
    /// An empty answer.
    package init() {}
    package func write(to writer: inout JSONWriter) {}
    package init(_ fields: JSONFields) throws(JSONMismatch) {}
  }

  package init() {
    schema = WireSchema.line
    errors = RequestError.Name.allCases.map { KnownError(name: $0.rawValue, code: $0.code, retry: $0.mayRetry) }
  }
}

extension DescribeAnswer: WireObject {
  package func write(to writer: inout JSONWriter) {
    writer.key("schema")
    writer.verbatim(schema)
    writer.list("errors", errors)
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    var writer = JSONWriter(capacity: 32_768)
    writer.node(try fields.required("schema"))
    schema = writer.bytes
    errors = try fields.objects("errors")
  }
}

extension DescribeAnswer.KnownError: WireObject {
  package func write(to writer: inout JSONWriter) {
    writer.member("name", name)
    writer.member("code", code)
    writer.member("retry", retry)
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    name = try fields.requiredString("name")
    code = try fields.integer("code", in: exactIntegers) ?? 0
    retry = try fields.flag("retry") ?? false
  }
}
