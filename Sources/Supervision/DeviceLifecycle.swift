package import Wire
package import WorkerLink

/// The life of one device: when its worker is started, restarted and left alone.
///
/// A pure state machine: what happened goes in with its time, what to do comes out.
package struct DeviceLifecycle: Sendable {
  /// What the hub is to do.
  package enum Action: Equatable, Sendable {
    /// Start a worker.
    case spawn
    /// Ask the worker to close the instrument in good order.
    case askToStop
    /// End the worker's process now.
    case kill
    /// Publish that the device is, or for a moment was, in this state.
    case publish(Status)
  }

  /// Where a device is, and why.
  package struct Status: Equatable, Sendable {
    /// Where it is.
    package var state: DeviceState
    /// Where it was before.
    package var previous: DeviceState?
    /// Why, in one word.
    package var reason: String
    /// Why, in one plain sentence.
    package var sentence: String
    /// What a person can do, or empty.
    package var fix: String
    /// When the state began.
    package var since: Int64
  }

  /// Where the device is, and why.
  package private(set) var status: Status
  /// Where the device is.
  package var state: DeviceState { status.state }
  /// How often a worker was started again.
  package private(set) var restarts: UInt64 = 0

  private let isDiscovered: Bool
  private var isAttached = true
  private var hasWorker = false
  private var stopping = false
  /// The worker that runs is the last one of a device that was changed or plugged in again: another one follows.
  private var isReplaced = false
  private var closed: CloseReason?
  private var deaths: [Int64] = []
  private var losses: [Int64] = []
  private var delay = Self.firstDelay
  private var retryAt: Int64?
  private var endBy: Int64?

  static let firstDelay: Int64 = 250_000
  static let longestDelay: Int64 = 30_000_000
  static let deathsToQuarantine = 5
  static let deathWindow: Int64 = 60_000_000
  /// What nobody can plug in again is tried again after so long.
  static let quarantine: Int64 = 300_000_000
  /// For how long a worker may close its instrument.
  package static let graceToEnd: Int64 = 2_000_000

  /// A device that was just found. A discovered one is tried again when it is plugged in; others by themselves.
  package init(isDiscovered: Bool, at now: Int64) {
    self.isDiscovered = isDiscovered
    status = Status(
      state: .found, previous: nil, reason: "attached", sentence: "The device was found.", fix: "", since: now)
  }

  /// Begins: the device is there and to be driven.
  package mutating func begin(at now: Int64) -> [Action] { [.publish(status)] + start(at: now) }

  /// The device is plugged in again.
  package mutating func attach(at now: Int64) -> [Action] {
    isAttached = true
    deaths = []
    losses = []
    delay = Self.firstDelay
    if hasWorker {
      isReplaced = true
      return endWorker(at: now)
    }
    enter(.found, "attached", "The device was plugged in again.", at: now)
    return [.publish(status)] + start(at: now)
  }

  /// The device was unplugged. Its worker may still be handing over the last readings.
  package mutating func detach(at now: Int64) -> [Action] {
    isAttached = false
    retryAt = nil
    if hasWorker { endBy = endBy ?? now + Self.graceToEnd }
    guard state != .lost else { return [] }
    enter(.lost, "usb_detached", "The device was unplugged.", fix: "Plug it in again.", at: now)
    return [.publish(status)]
  }

  /// The instrument has answered.
  package mutating func ready(at now: Int64) -> [Action] {
    guard state == .starting else { return [] }
    enter(.ready, "answered", "The instrument answers.", at: now)
    return [.publish(status)]
  }

  /// A reading came on a channel that has a rate.
  package mutating func reading(at now: Int64) -> [Action] {
    guard state == .ready || state == .stalled else { return [] }
    let resumed = state == .stalled
    enter(.streaming, resumed ? "resumed" : "readings", resumed ? "Readings come again." : "Readings come.", at: now)
    return [.publish(status)]
  }

  /// Readings are overdue: they stopped, or never began.
  package mutating func overdue(at now: Int64) -> [Action] {
    guard state == .streaming || state == .ready else { return [] }
    enter(
      .stalled, "silent", "The instrument is connected, but no readings come.",
      fix: "Check the instrument; if this lasts, unplug it and plug it in again.", at: now)
    return [.publish(status)]
  }

  /// The worker said why it ends; its process will follow.
  package mutating func workerClosed(
    _ reason: CloseReason, code: String, sentence: String, at now: Int64
  ) -> [Action] {
    guard hasWorker, closed == nil else { return [] }
    closed = reason
    endBy = now + Self.graceToEnd
    // Of what is unplugged there is nothing else to say.
    guard isAttached else { return [] }
    switch reason {
    case .stopped: return []
    case .lost where state == .lost: return []
    case .lost: enter(.lost, code, sentence, fix: "Check the cable and plug it in again.", at: now)
    case .busy:
      enter(
        .busyElsewhere, code, sentence, fix: "Close the other program; Thenar tries again by itself.", at: now)
    case .forbidden:
      enter(
        .backoff, code, sentence,
        fix: "Install the udev rules that `thenar udev-rules` prints, make the user who runs Thenar a member of the "
          + "group thenar, and plug the device in again.", at: now)
    case .unopened: enter(.backoff, code, sentence, fix: "Thenar tries again by itself.", at: now)
    case .refused: enter(.failed, code, sentence, fix: "Mend what is named and start Thenar again.", at: now)
    case .restart: enter(.backoff, code, sentence, fix: "Thenar starts the driver again by itself.", at: now)
    }
    return [.publish(status)]
  }

  /// What the worker did is not allowed: it is ended, and that counts as a death.
  package mutating func misbehaved(_ code: String, _ sentence: String, at now: Int64) -> [Action] {
    guard hasWorker, closed == nil else { return [] }
    closed = .restart
    endBy = now
    guard isAttached else { return [.kill] }
    enter(.backoff, code, sentence, fix: "Thenar starts the driver again by itself.", at: now)
    return [.publish(status), .kill]
  }

  /// The worker's process is over; `how` is one plain sentence.
  package mutating func workerEnded(_ how: String, at now: Int64) -> [Action] {
    guard hasWorker else { return [] }
    hasWorker = false
    endBy = nil
    let reason = closed
    closed = nil
    if stopping { return [] }
    if isReplaced {
      isReplaced = false
      return restartIfAttached(at: now)
    }
    guard isAttached else { return [] }
    switch reason {
    case .refused: return []
    case .stopped: return start(at: now)
    case .lost where diesOfLosses(at: now):
      enter(
        .quarantined, "lost_often",
        "The connection to the instrument broke \(Self.deathsToQuarantine) times within a minute"
          + (isDiscovered ? ", though it stayed plugged in." : "."),
        fix: isDiscovered
          ? "Check the cable, then unplug the instrument and plug it in again."
          : "Check what is at its other end; Thenar tries again every \(Self.quarantine / 60_000_000) minutes.", at: now
      )
      comeBackByItself(at: now)
      return [.publish(status)]
    case .lost, .busy, .forbidden, .unopened:
      // Not the driver's fault: try again, unless discovery will tell of the unplugging in a moment.
      retryAt = now + (reason == .lost && isDiscovered ? 1_000_000 : max(delay, 500_000))
      delay = min(delay * 2, reason == .lost || reason == .unopened ? 5_000_000 : Self.longestDelay)
      return []
    case .restart, nil:
      deaths = deaths.filter { $0 > now - Self.deathWindow } + [now]
      if deaths.count >= Self.deathsToQuarantine {
        enter(
          .quarantined, "died_often", "The driver died \(deaths.count) times within a minute. The last time: \(how)",
          fix: isDiscovered
            ? "Unplug the device and plug it in again; if it happens again, tell the maker of the driver."
            : "Tell the maker of the driver; Thenar tries again every \(Self.quarantine / 60_000_000) minutes.", at: now
        )
        comeBackByItself(at: now)
        return [.publish(status)]
      }
      retryAt = now + delay
      delay = min(delay * 2, Self.longestDelay)
      // Where the worker said why, that reason stands.
      if reason == .restart { return [] }
      enter(.backoff, "died", how, fix: "Thenar starts the driver again by itself.", at: now)
      return [.publish(status)]
    }
  }

  /// Time passes; called a few times a second.
  package mutating func tick(at now: Int64) -> [Action] {
    if let endBy, now >= endBy, hasWorker {
      self.endBy = now + Self.graceToEnd
      return [.kill]
    }
    if let retryAt, now >= retryAt {
      self.retryAt = nil
      restarts += 1
      return start(at: now)
    }
    if state == .streaming || state == .ready, now - status.since > Self.deathWindow {
      deaths = []
      losses = []
      delay = Self.firstDelay
    }
    return []
  }

  /// What is to be run for the device changed: its worker is ended in good order and another one started.
  package mutating func change(at now: Int64) -> [Action] {
    deaths = []
    losses = []
    delay = Self.firstDelay
    if hasWorker {
      isReplaced = true
      return endWorker(at: now)
    }
    guard isAttached else { return [] }
    retryAt = nil
    return start(at: now)
  }

  /// The station slept: what is waited for is waited for anew.
  package mutating func slept(until now: Int64) {
    if endBy != nil { endBy = now + Self.graceToEnd }
    if retryAt != nil { retryAt = now }
    status.since = min(status.since, now)
  }

  /// The hub ends.
  package mutating func shutDown(at now: Int64) -> [Action] {
    stopping = true
    retryAt = nil
    return hasWorker ? endWorker(at: now) : []
  }

  /// A worker runs, or its process is not yet over.
  package var isRunning: Bool { hasWorker }

  /// A line that breaks again and again while nothing is unplugged is left alone, as a driver that dies again and again.
  private mutating func diesOfLosses(at now: Int64) -> Bool {
    losses = losses.filter { $0 > now - Self.deathWindow } + [now]
    return losses.count >= Self.deathsToQuarantine
  }

  /// A configured path or an emulator: nobody will plug it in again.
  private mutating func comeBackByItself(at now: Int64) {
    if !isDiscovered { retryAt = now + Self.quarantine }
  }

  private mutating func endWorker(at now: Int64) -> [Action] {
    endBy = now + Self.graceToEnd
    return [.askToStop]
  }

  private mutating func restartIfAttached(at now: Int64) -> [Action] {
    guard isAttached else { return [] }
    return start(at: now)
  }

  private mutating func start(at now: Int64) -> [Action] {
    guard !hasWorker, !stopping else { return [] }
    hasWorker = true
    closed = nil
    retryAt = nil
    enter(.starting, "opening", "The device is being opened; it has not answered yet.", at: now)
    return [.spawn, .publish(status)]
  }

  private mutating func enter(
    _ next: DeviceState, _ reason: String, _ sentence: String, fix: String = "", at now: Int64
  ) {
    status = Status(
      state: next, previous: state == next ? status.previous : state, reason: reason, sentence: sentence, fix: fix,
      since: now)
  }
}
