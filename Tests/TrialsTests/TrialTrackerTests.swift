import Readings
import Testing
import Trials
import Wire

private func event(
  _ name: String, at time: Int64, deviceTime: Int64? = nil, quality: Quality = [],
  _ fields: [(key: String, value: Event.Value)] = []
) -> Event {
  Event(name, at: time, deviceTime: deviceTime, quality: quality, fields: fields)
}

@Suite struct TrialTrackerTests {
  @Test func aTimersFinalTimeIsAResult() throws {
    var tracker = TrialTracker(device: "timer", rule: .standard)
    #expect(
      tracker.take(event("trial.started", at: 5, quality: .inferred, [("source", .text("hand_lift"))]), sequence: 3)
        .isEmpty)
    let results = tracker.take(
      event(
        "trial.stopped", at: 24_900_000, deviceTime: 24_817_000,
        [
          ("elapsed_us", .integer(24_817_000)), ("resolution_us", .integer(1000)), ("source", .text("both_hands_down")),
        ]), sequence: 9)
    let result = try #require(results.first)
    #expect(
      result.outcome
        == .time(
          .init(
            elapsed: 24_817_000, resolution: 1000, clock: "instrument", startedBy: "hand_lift",
            stoppedBy: "both_hands_down", stop: 24_900_000)))
    #expect(result.sequences == 3...9 && result.void == nil && result.quality == .inferred)
  }

  @Test func aTimeThatWasOnTheDisplayIsNoResult() {
    var tracker = TrialTracker(device: "timer", rule: .standard)
    let old = event("trial.stopped", at: 1, [("elapsed_us", .integer(5)), ("pre_existing", .flag(true))])
    #expect(tracker.take(old, sequence: 1).isEmpty)
  }

  @Test(arguments: [("trial.aborted", ["device_reset"]), ("trial.reset", [])])
  func anAbortedTrialIsVoidAndAResetOneIsForgotten(_ name: String, _ voids: [String]) {
    var tracker = TrialTracker(device: "timer", rule: .standard)
    _ = tracker.take(event("trial.started", at: 5), sequence: 3)
    let results = tracker.take(event(name, at: 6, [("reason", .text("device_reset"))]), sequence: 4)
    #expect(results.map(\.void) == voids)
    #expect(tracker.interrupt("device_lost").isEmpty)
  }

  @Test func unpluggingVoidsARunningTrial() {
    var tracker = TrialTracker(device: "timer", rule: .standard)
    _ = tracker.take(event("trial.started", at: 5), sequence: 3)
    #expect(tracker.interrupt("device_lost").map(\.void) == ["device_lost"])
  }
}
