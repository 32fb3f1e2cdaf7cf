internal import Glibc
internal import Wire

extension ClientError {
  /// What happened and what a person can do about it, in one or two plain sentences.
  public var sentence: String {
    switch self {
    case .notRunning(let tried):
      "Thenar is not running: start it with `thenar serve`. Tried \(tried.joined(separator: ", "))."
    case .notAllowed(let path, let group):
      "You may not open \(path). "
        + (group.isEmpty
          ? "Ask the technician for access to it."
          : "It is open to the group \(group): add your user with `sudo usermod -aG \(group) USER`, then log in again.")
    case .pathTooLong(let path):
      "The socket's path has \(path.utf8.count) bytes and may have 107: choose a shorter one than \(path)."
    case .notThenar(let path):
      "What listens at \(path) does not greet as Thenar does: is it another program's socket?"
    case .otherProtocol(let minimum, let maximum):
      "The hub speaks protocol versions \(minimum) to \(maximum), this program speaks \(HubClient.protocolVersion): "
        + "install the same version of both."
    case .closed: "The hub closed the connection."
    case .timedOut(let what): "The hub did not answer in time (\(what)): it may be overloaded."
    case .refused(let refused): refused.sentence + (refused.retry ? " Try again." : "")
    case .lineTooLong: "The hub sent a line of more than \(Message.longestLine) bytes: connect again."
    case .malformed(let problem, let line):
      "A line from the hub could not be understood. \(problem) It begins: \(Self.beginning(of: line))"
    case .system(let call, let errno): "The system refused \(call): \(String(cString: strerror(errno)))."
    }
  }

  /// The printable beginning of a line.
  private static func beginning(of line: [UInt8]) -> String {
    String(line.prefix(60).map { (0x20..<0x7F).contains($0) ? Character(UnicodeScalar($0)) : "?" })
  }
}
