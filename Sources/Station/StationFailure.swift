/// Why a station cannot run.
package struct StationFailure: Error, Equatable {
  /// What kind of failure it is; the command line turns it into an exit status.
  package enum Kind: Sendable {
    /// A file or an option that a person must correct.
    case configuration
    /// Something of the machine that is not to be had: a socket, a directory.
    case unavailable
  }

  /// What kind of failure it is.
  package var kind: Kind
  /// One plain sentence.
  package var sentence: String

  /// A failure.
  package init(_ kind: Kind, _ sentence: String) {
    self.kind = kind
    self.sentence = sentence
  }
}
