/// The names of events. Drivers that speak of the same thing use the same name, so each is written down here alone.
public enum EventName {
  /// The instrument behind an adapter came.
  public static let deviceConnected = "device.connected"
  /// The instrument behind an adapter went; field `reason` says how that was found out.
  public static let deviceDisconnected = "device.disconnected"
  /// Something is wrong with the device; fields `code`, `severity` and `text`.
  public static let deviceFault = "device.fault"
  /// The instrument has started.
  public static let deviceReady = "device.ready"
  /// The instrument is there.
  public static let deviceHeartbeat = "device.heartbeat"
  /// The instrument's clock was compared with the station's.
  public static let deviceClockSync = "device.clock_sync"
  /// Somebody pressed a button of the instrument; fields `id` and `state`.
  public static let deviceButton = "device.button"
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
  /// The instrument tells a result again; field `elapsed_us`.
  public static let trialResult = "trial.result"
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
  /// A peg was taken up.
  public static let pegLifted = "peg.lifted"
  /// A peg came back to where pegs are kept.
  public static let pegReturned = "peg.returned"
  /// A peg fell.
  public static let pegDropped = "peg.dropped"
  /// A part of an assembly was put in its place; fields `kind` and `row`.
  public static let partPlaced = "part.placed"
  /// The instrument takes an event back.
  public static let eventRevoked = "event.revoked"
  /// A number without a channel; fields `channel`, `value` and `unit`.
  public static let sampleRaw = "sample.raw"
}
