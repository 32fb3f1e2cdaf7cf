import DriverKit
import EmulatedHand

/// A person who does one trial after another with an emulated timer.
///
/// Hands go down, wait for the green light, lift, do a peg test and come down again; the result is shown for a while and
/// cleared. Times are microseconds since the timer was switched on and must not run backwards.
struct TimerScript {
  /// What the timer does, as one with all heads tells it, and the time on its clock.
  struct Moment: Equatable {
    var head: Head
    var clock: Microseconds
    /// Part of the trial that is over, 0 to 1.
    var progress: Double
  }

  /// A timer switches itself off just before its scale ends (PROTOCOL.md 2.4).
  private static let autoOff: Microseconds = 599_841_000
  private static let offTime: Microseconds = 3_000_000
  /// Since the beginning of a trial: a hand comes down, the other one, the green light, the lift.
  private static let (oneHand, bothHands, green, lift): (Microseconds, Microseconds, Microseconds, Microseconds) = (
    100_000, 250_000, 750_000, 1_000_000
  )
  /// How long both hands lie on the pads at the stop.
  private static let landing: Microseconds = 300_000

  private struct Trial {
    var begin: Microseconds
    var length: Microseconds
    var firstHand: Head
    var switchesOff: Bool

    var stop: Microseconds { begin + TimerScript.lift + length }
  }

  private let settings: EmulatorSettings
  private var random: SeededRandom
  private var number = 0
  private var trial: Trial?

  init(_ settings: EmulatorSettings) {
    self.settings = settings
    random = SeededRandom(seed: settings.seed)
    trial = next(at: 0)
  }

  /// What the timer does; `nil` while it is off.
  mutating func moment(at time: Microseconds) -> Moment? {
    while let old = trial, time >= old.stop + (old.switchesOff ? Self.offTime : settings.rest) {
      trial = next(at: old.stop + (old.switchesOff ? Self.offTime : settings.rest))
    }
    guard let trial else { return Moment(head: .idle, clock: 0, progress: 0) }
    if time >= trial.stop {
      if trial.switchesOff { return nil }
      let isLanding = time < trial.stop + Self.landing
      return Moment(head: isLanding ? .bothHands : .stopped, clock: trial.length, progress: 1)
    }
    let passed = time - trial.begin
    if passed >= Self.lift {
      let clock = passed - Self.lift
      return Moment(head: .running, clock: clock, progress: Double(clock) / Double(trial.length))
    }
    return Moment(head: head(passed, of: trial), clock: 0, progress: 0)
  }

  /// The hands before the lift.
  private func head(_ passed: Microseconds, of trial: Trial) -> Head {
    if passed < Self.oneHand { return .idle }
    if passed < Self.bothHands { return trial.firstHand }
    return passed < Self.green ? .bothHands : .armed
  }

  private mutating func next(at time: Microseconds) -> Trial? {
    defer { number += 1 }
    let firstHand: Head = Bool.random(using: &random) ? .leftHand : .rightHand
    if settings.faults.autoOff, number == 0 {
      return Trial(begin: time, length: Self.autoOff, firstHand: firstHand, switchesOff: true)
    }
    let length: Microseconds
    if let trials = settings.trials {
      guard number < trials.count else { return nil }
      length = trials[number]
    } else {
      length = PegTest(seed: settings.seed &+ UInt64(number)).duration
    }
    return Trial(begin: time, length: length, firstHand: firstHand, switchesOff: false)
  }
}
