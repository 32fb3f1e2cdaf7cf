/// How bad a fault of a driver is.
public enum FaultSeverity: UInt32, Sendable {
  /// Worth telling; work goes on.
  case note
  /// This instance cannot go on; another start may help.
  case restart
  /// No start can help until a person changes something.
  case refuse
}
