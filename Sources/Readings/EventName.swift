/// The names of events that something in Thenar looks at, or that more than one driver uses.
public enum EventName {
  /// The instrument behind an adapter came.
  public static let deviceConnected = "device.connected"
  /// The instrument behind an adapter went; field `reason` says how that was found out.
  public static let deviceDisconnected = "device.disconnected"
  /// Something is wrong with the device; fields `code`, `severity` and `text`.
  public static let deviceFault = "device.fault"
  /// The instrument is ready for a start.
  public static let trialArmed = "trial.armed"
  /// It is no longer ready for one.
  public static let trialDisarmed = "trial.disarmed"
  /// A trial began; field `source` says at what.
  public static let trialStarted = "trial.started"
  /// A time in between; fields `index` and `elapsed_us`.
  public static let trialSplit = "trial.split"
  /// A trial is over; field `elapsed_us` has its time.
  public static let trialStopped = "trial.stopped"
  /// A trial was broken off; field `reason` says why.
  public static let trialAborted = "trial.aborted"
  /// A timer was set back to zero.
  public static let trialReset = "trial.reset"
  /// A hand came down on a pad; field `side`.
  public static let handDown = "hand.down"
  /// A hand left its pad; field `side`.
  public static let handUp = "hand.up"
  /// A peg went into a hole; field `hole`.
  public static let pegInserted = "peg.inserted"
  /// A peg left its hole; field `hole`.
  public static let pegRemoved = "peg.removed"
}
