internal import ArgumentParser
internal import ThenarClient

/// Does what needs the hub; says on standard error what went wrong, and ends with the status for it.
func orExplain(_ work: () throws(ClientError) -> Void) throws {
  do {
    try work()
  } catch {
    StandardError.write("thenar: \(error.sentence)")
    throw ExitCode(error.exitStatus)
  }
}

extension ClientError {
  /// As in `sysexits.h`.
  var exitStatus: Int32 {
    switch self {
    case .notRunning, .closed, .timedOut: 69
    case .notThenar, .otherProtocol, .lineTooLong, .malformed: 76
    case .notAllowed: 77
    case .pathTooLong: 64
    case .refused, .system: 1
    }
  }
}
