internal import Glibc
package import WorkerLink

/// Why the way to an instrument could not be opened.
package struct OpenFailure: Error, Equatable {
  /// `busy`, `forbidden`, `unopened` or `lost`.
  package var reason: CloseReason
  /// One word.
  package var code: String
  /// One plain sentence that names the node, and the fix where the hub does not say it for this reason.
  package var sentence: String

  static func busy(_ node: String) -> OpenFailure {
    OpenFailure(reason: .busy, code: "port_held", sentence: "Another program holds \(node).")
  }

  static func forbidden(_ node: String) -> OpenFailure {
    OpenFailure(reason: .forbidden, code: "no_permission", sentence: "Thenar may not open \(node).")
  }

  static func missing(_ node: String) -> OpenFailure {
    OpenFailure(
      reason: .lost, code: "node_missing", sentence: "\(node) is not there: plug the instrument in again.")
  }

  static func unopened(_ code: String, _ sentence: String) -> OpenFailure {
    OpenFailure(reason: .unopened, code: code, sentence: sentence)
  }

  /// What an errno means for a person.
  init(errno code: Int32, node: String) {
    switch code {
    case EBUSY, EWOULDBLOCK: self = .busy(node)
    case EACCES, EPERM: self = .forbidden(node)
    case ENOENT, ENODEV, ENXIO: self = .missing(node)
    default:
      self = .unopened(
        "not_opened", "\(node) could not be opened (\(errorText(code))): plug the instrument out and in again.")
    }
  }

  init(reason: CloseReason, code: String, sentence: String) {
    self.reason = reason
    self.code = code
    self.sentence = sentence
  }
}

/// The system's words for an errno.
package func errorText(_ code: Int32) -> String { strerror(code).map { String(cString: $0) } ?? "error \(code)" }
