/// The names of events that something in Thenar looks at, or that more than one driver uses.
public enum EventName {
  /// A trial began; field `source` says at what.
  public static let trialStarted = "trial.started"
  /// A trial is over; field `elapsed_us` has its time.
  public static let trialStopped = "trial.stopped"
  /// A trial was broken off; field `reason` says why.
  public static let trialAborted = "trial.aborted"
  /// A timer was set back to zero.
  public static let trialReset = "trial.reset"
  /// Something is wrong with the device; fields `code`, `severity` and `text`.
  public static let deviceFault = "device.fault"
}
