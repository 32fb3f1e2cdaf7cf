public import StrictJSON

/// Why a request was not carried out, or, without a request, why the connection ends.
public struct RequestError: Error, Equatable, Sendable {
  /// The words for what is wrong that this build knows. The numbers are a convenience.
  public enum Name: String, CaseIterable, Sendable {
    case parseError = "parse_error"
    case invalidRequest = "invalid_request"
    case unknownMethod = "unknown_method"
    case invalidParameters = "invalid_params"
    case protocolUnsupported = "proto_unsupported"
    case helloTimeout = "hello_timeout"
    case lineTooLong = "line_too_long"
    case tooManySubscriptions = "too_many_subscriptions"
    case epochChanged = "epoch_changed"
    case notAllowed = "not_allowed"
    case unknownDevice = "unknown_device"
    case committedUnavailable = "committed_unavailable"
    case subscriptionExists = "sub_exists"
    case unknownSubscription = "unknown_sub"
    case resumeConflict = "resume_conflict"
    case deviceNotReady = "device_not_ready"
    case commandFailed = "command_failed"
    case tooManyConnections = "too_many_connections"
    case consumerSlow = "consumer_slow"
    case tooManyErrors = "too_many_errors"
    case tooManyInFlight = "too_many_in_flight"
    case shuttingDown = "shutting_down"
    /// More bytes wait for the user's connections than one user may have. Ends the connection.
    case overBudget = "over_budget"
    /// The command was not given, because the audit log cannot be written.
    case notRecorded = "not_recorded"

    /// JSON-RPC's own codes where they fit, else one of the block that it leaves to servers, in the order of the words:
    /// a new word goes to the end.
    package var code: Int64 {
      switch self {
      case .parseError: -32700
      case .invalidRequest: -32600
      case .unknownMethod: -32601
      case .invalidParameters: -32602
      default: -32000 - Int64(Self.allCases.firstIndex(of: self) ?? 0) + 4
      }
    }

    /// The same request may succeed later.
    package var mayRetry: Bool {
      switch self {
      case .deviceNotReady, .commandFailed, .tooManyConnections, .consumerSlow, .tooManyInFlight, .shuttingDown,
        .overBudget, .notRecorded:
        true
      default: false
      }
    }
  }

  /// The stable word for what is wrong: `unknown_method`. A later hub may know more than ``Name``; empty: it gave none.
  public var word: String
  /// JSON-RPC error code.
  public var code: Int64
  /// The same request may succeed later.
  public var retry: Bool
  /// One plain sentence fit for a screen.
  public var sentence: String
  /// What else a program may want to know: `epoch`, `device`.
  public var details: [JSONMember]

  /// The word, where this build knows it.
  public var name: Name? { Name(rawValue: word) }

  /// An error.
  package init(_ name: Name, _ sentence: String, details: [JSONMember] = []) {
    word = name.rawValue
    code = name.code
    retry = name.mayRetry
    self.sentence = sentence
    self.details = details
  }
}

extension RequestError: WireObject {
  package func write(to writer: inout JSONWriter) {
    writer.member("code", code)
    writer.member("message", sentence)
    writer.object("data") { writer in
      writer.member("name", word)
      writer.member("retry", retry)
      for detail in details {
        writer.key(detail.key)
        writer.node(detail.node)
      }
    }
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    code = try fields.integer("code", in: exactIntegers) ?? 0
    sentence = try fields.requiredString("message")
    let members = fields.node("data")?.members ?? []
    var data = try fields.object("data")
    word = try data?.text("name") ?? ""
    retry = try data?.flag("retry") ?? false
    details = members.filter { !["name", "retry"].contains($0.key) }
  }
}
