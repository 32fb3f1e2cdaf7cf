package import StrictJSON

/// Why a request was not carried out.
package struct RequestError: Error, Equatable {
  /// The stable word for what is wrong. The numbers are a convenience.
  package enum Name: String, CaseIterable, Sendable {
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

    /// JSON-RPC's own codes where they fit, else one of the block that it leaves to servers.
    package var code: Int {
      switch self {
      case .parseError: -32700
      case .invalidRequest: -32600
      case .unknownMethod: -32601
      case .invalidParameters: -32602
      default: -32000 - (Self.allCases.firstIndex(of: self) ?? 0) + 4
      }
    }

    /// The same request may succeed later.
    package var mayRetry: Bool {
      switch self {
      case .deviceNotReady, .commandFailed, .tooManyConnections, .consumerSlow, .tooManyInFlight, .shuttingDown: true
      default: false
      }
    }
  }

  /// The word.
  package var name: Name
  /// One plain sentence fit for a screen.
  package var sentence: String
  /// What else a program may want to know.
  package var details: [(key: String, value: JSONNode)] = []

  /// An error.
  package init(_ name: Name, _ sentence: String, details: [(key: String, value: JSONNode)] = []) {
    self.name = name
    self.sentence = sentence
    self.details = details
  }

  /// Equal words and sentences.
  package static func == (a: RequestError, b: RequestError) -> Bool { a.name == b.name && a.sentence == b.sentence }
}
