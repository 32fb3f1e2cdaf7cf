package import Readings
package import Wire

/// Follows the events of a timer or a pegboard and gives the time of each trial that it stops.
///
/// The time is the instrument's own wherever it has a clock.
package struct TimedTrial: Sendable {
  /// A trial that is over.
  package struct Finding: Sendable, Equatable {
    /// The time.
    package var timing: TrialResult.Timing
    /// Why it does not count, in one word; `nil` when it is valid.
    package var void: String?
    /// Quality bits of its start and stop together.
    package var quality: Quality
    /// Numbers of the first and the last record of the trial.
    package var sequences: ClosedRange<UInt64>
  }

  private var started: (sequence: UInt64, source: String, quality: Quality)?

  /// A timer that does not run.
  package init() {}

  /// Takes an event that went out under `sequence`.
  package mutating func take(_ event: Event, sequence: UInt64) -> Finding? {
    switch event.name {
    case EventName.trialStarted:
      started = (sequence, event.text("source"), event.quality)
      return nil
    case EventName.trialAborted:
      return interrupt(event.text("reason").isEmpty ? "aborted" : event.text("reason"), at: event.time, sequence)
    case EventName.trialReset:
      started = nil
      return nil
    case EventName.trialStopped:
      defer { started = nil }
      // A result that was on the display before we looked is not a trial of ours.
      guard let elapsed = event.integer("elapsed_us"), event.flag("pre_existing") != true else { return nil }
      let timing = TrialResult.Timing(
        elapsed: elapsed, resolution: event.integer("resolution_us") ?? 0,
        clock: event.deviceTime == nil ? "station" : "instrument",
        startedBy: started?.source ?? event.text("start_source"), stoppedBy: event.text("source"), stop: event.time)
      return Finding(
        timing: timing, void: nil, quality: event.quality.union(started?.quality ?? []),
        sequences: min(started?.sequence ?? sequence, sequence)...sequence)
    default:
      return nil
    }
  }

  /// The device is gone: gives the trial that this spoilt.
  package mutating func interrupt(_ reason: String, at time: Int64, _ sequence: UInt64) -> Finding? {
    guard let begun = started else { return nil }
    started = nil
    return Finding(
      timing: TrialResult.Timing(
        elapsed: nil, resolution: 0, clock: "", startedBy: begun.source, stoppedBy: "", stop: time),
      void: reason, quality: begun.quality, sequences: begun.sequence...max(begun.sequence, sequence))
  }
}

extension Event {
  fileprivate func text(_ key: String) -> String { if case .text(let text)? = self[key] { text } else { "" } }
  fileprivate func integer(_ key: String) -> Int64? {
    if case .integer(let integer)? = self[key] { integer } else { nil }
  }
  fileprivate func flag(_ key: String) -> Bool? { if case .flag(let flag)? = self[key] { flag } else { nil } }
}
