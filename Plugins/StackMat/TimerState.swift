import DriverKit

/// A packet and the station time at which the timer read its clock for it.
struct Reading: Equatable {
  var packet: Packet
  var time: Microseconds

  var milliseconds: Int64 { packet.milliseconds }
}

/// What the timer is doing, concluded from its packets: the table of PROTOCOL.md 4.2.
///
/// The time is the authority, the head a hint, so this holds for timers with all heads, with two and with one.
struct TimerState {
  /// Something to tell the station. Times are milliseconds on the timer's clock.
  enum Change: Equatable {
    case sample(Int64, Quality)
    case handDown(Side), handUp(Side)
    case armed, disarmed
    case started(Int64, Quality)
    /// `preExisting`: the trial was not seen; its result stood on the display.
    case stopped(Int64, Quality, preExisting: Bool)
    case reset(ResetReason, Quality)
    /// A smaller time than before in the middle of a trial.
    case timeError
    /// The display shows another result than the one that was reported.
    case contradicted(reported: Int64, shown: Int64)
  }

  /// Why a trial is over without a result, or its result is gone.
  enum ResetReason: String {
    /// A result was shown and is cleared.
    case cleared
    /// The clock ran and is at zero.
    case aborted
    /// The timer was silent, and is doing something else now.
    case lost
  }

  private enum Phase {
    case unknown, idle, armed
    case running(Run)
    case stopped(Int64)
  }

  private struct Run {
    var newest: Reading
    var isSuspect = false
    /// Packets in a row that show zero.
    var zeros = 0

    /// The clock went on since the newest reading as the station's clock did.
    func continues(in reading: Reading) -> Bool {
      let drift = (reading.milliseconds - newest.milliseconds) * 1000 - (reading.time - newest.time)
      return drift.magnitude <= TimerState.tolerance
    }

    /// The clock can have stopped here, unseen, since the newest reading.
    func canHaveStopped(at reading: Reading) -> Bool {
      let passed = (reading.milliseconds - newest.milliseconds) * 1000
      return (0...max(0, reading.time - newest.time) + TimerState.tolerance).contains(passed)
    }
  }

  /// How far two times of one clock may disagree through late reads.
  private static let tolerance: Microseconds = 500_000
  /// A trial whose first packet shows more than this has lost packets at its start.
  private static let latestStart: Int64 = 600

  private var phase = Phase.unknown
  private var pads = Pads()
  /// A time that came from nowhere: after opening, after silence, or beside a result. The next packet says what it is.
  private var candidate: Reading?
  private var mustLookTwice = true
  /// The time of the newest sample.
  private var shown: Int64?

  /// Takes the next packet.
  mutating func take(_ reading: Reading) -> [Change] {
    var changes: [Change] = []
    if case .running = phase, reading.packet.head == .armed {
      // Some timers say this once in a while in the middle of a trial: no hand has moved.
    } else {
      changes = pads.take(reading.packet.head)
    }
    return changes + (reading.milliseconds == 0 ? takeZero(reading) : takeTime(reading))
  }

  /// No packet came for so long that anything may have happened meanwhile.
  mutating func lose() {
    mustLookTwice = true
    candidate = nil
    pads = Pads()
  }

  // MARK: The display shows zero

  private mutating func takeZero(_ reading: Reading) -> [Change] {
    mustLookTwice = false
    candidate = nil
    switch phase {
    case .unknown:
      shown = 0
      phase = .idle
      return takeZeroAtRest(reading)
    case .idle, .armed:
      return takeZeroAtRest(reading)
    case .running(var run):
      let isRunning = reading.packet.head == .running
      if !isRunning || run.newest.milliseconds > 0 { run.zeros += 1 }
      phase = .running(run)
      return run.zeros >= 2 && !isRunning ? reset(.aborted, reading) : []
    case .stopped:
      return reset(.cleared, reading)
    }
  }

  private mutating func reset(_ reason: ResetReason, _ reading: Reading) -> [Change] {
    phase = .idle
    return [.reset(reason, [])] + sample(0) + takeZeroAtRest(reading)
  }

  private mutating func takeZeroAtRest(_ reading: Reading) -> [Change] {
    switch (phase, reading.packet.head) {
    case (_, .running):
      return start(reading, [])
    case (.idle, .armed):
      phase = .armed
      return [.armed]
    case (.armed, .idle), (.armed, .leftHand), (.armed, .rightHand), (.armed, .bothHands):
      phase = .idle
      return [.disarmed]
    default:
      return []
    }
  }

  // MARK: The display shows a time

  private mutating func takeTime(_ reading: Reading) -> [Change] {
    switch phase {
    case .stopped(let result) where reading.milliseconds == result:
      candidate = nil
      mustLookTwice = false
      return []
    case .unknown, .stopped:
      return lookTwice(reading)
    case _ where mustLookTwice:
      return lookTwice(reading)
    case .idle, .armed:
      return start(reading, reading.milliseconds > Self.latestStart ? .suspect : [])
    case .running(let run):
      return takeTime(reading, in: run)
    }
  }

  private mutating func takeTime(_ reading: Reading, in run: Run) -> [Change] {
    var run = run
    let last = run.newest.milliseconds
    if run.zeros > 0, !run.continues(in: reading) {
      return [.reset(.lost, [.suspect, .inferred])] + start(reading, .suspect)
    }
    run.zeros = 0
    run.newest = reading
    if reading.milliseconds < last {
      run.isSuspect = true
      phase = .running(run)
      return [.timeError] + sample(reading.milliseconds, .suspect)
    }
    if reading.milliseconds == last || reading.packet.head == .stopped {
      return stop(reading, run.isSuspect ? .suspect : [], preExisting: false)
    }
    phase = .running(run)
    return sample(reading.milliseconds)
  }

  private mutating func start(_ reading: Reading, _ quality: Quality) -> [Change] {
    phase = .running(Run(newest: reading))
    return [.started(reading.milliseconds, quality.union(.inferred))] + sample(reading.milliseconds)
  }

  private mutating func stop(_ reading: Reading, _ quality: Quality, preExisting: Bool) -> [Change] {
    phase = .stopped(reading.milliseconds)
    // A clock that stands at the end of its scale has not measured how long the trial took.
    let quality = reading.milliseconds == reading.packet.layout.largest ? quality.union(.overRange) : quality
    return sample(reading.milliseconds, quality)
      + [.stopped(reading.milliseconds, quality, preExisting: preExisting)]
  }

  private mutating func sample(_ milliseconds: Int64, _ quality: Quality = []) -> [Change] {
    if shown == milliseconds { return [] }
    shown = milliseconds
    return [.sample(milliseconds, quality)]
  }

  // MARK: A time that came from nowhere

  private mutating func lookTwice(_ reading: Reading) -> [Change] {
    guard let first = candidate, reading.milliseconds >= first.milliseconds else {
      candidate = reading
      return []
    }
    let wasLost = mustLookTwice
    candidate = nil
    mustLookTwice = false
    return reading.milliseconds == first.milliseconds
      ? findStopped(first, wasLost: wasLost) : findRunning(reading)
  }

  private mutating func findStopped(_ reading: Reading, wasLost: Bool) -> [Change] {
    switch phase {
    case .running(let run) where run.canHaveStopped(at: reading):
      return stop(reading, [.suspect, .inferred], preExisting: false)
    case .running:
      return [.reset(.lost, [.suspect, .inferred])] + stop(reading, .inferred, preExisting: true)
    case .stopped(let result) where !wasLost:
      return [.contradicted(reported: result, shown: reading.milliseconds)]
        + stop(reading, [.suspect, .inferred], preExisting: true)
    default:
      return stop(reading, .inferred, preExisting: true)
    }
  }

  private mutating func findRunning(_ reading: Reading) -> [Change] {
    guard case .running(var run) = phase else { return start(reading, .suspect) }
    guard run.continues(in: reading) else {
      return [.reset(.lost, [.suspect, .inferred])] + start(reading, .suspect)
    }
    run.newest = reading
    run.zeros = 0
    run.isSuspect = true
    phase = .running(run)
    return sample(reading.milliseconds)
  }
}
