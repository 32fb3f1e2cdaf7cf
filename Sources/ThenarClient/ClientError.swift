public import Wire

/// What can go wrong between a consumer and the hub.
public enum ClientError: Error, Equatable, Sendable {
  /// No hub listens. All the paths that were tried.
  case notRunning(tried: [String])
  /// The user may not open the socket; `group` owns it and may (empty: not known).
  case notAllowed(path: String, group: String)
  /// A Unix socket's path has at most 107 bytes.
  case pathTooLong(String)
  /// What listens there does not greet as Thenar does.
  case notThenar(path: String)
  /// The hub speaks other versions of the protocol than this client.
  case otherProtocol(minimum: Int64, maximum: Int64)
  /// The hub closed the connection or ended. Connect again; resume with the last epoch and sequence number.
  case closed
  /// The hub did not answer in time; the method that was called, or what was waited for.
  case timedOut(String)
  /// The hub refused a request.
  case refused(RequestError)
  /// A line is longer than 1 MiB. The connection cannot be used any more.
  case lineTooLong
  /// A line is not what the protocol says; the connection can still be used. What is wrong, and the line.
  case malformed(problem: String, line: [UInt8])
  /// The system refused a call: its name and `errno`.
  case system(call: String, errno: Int32)
}
