internal import Schemas

/// The events that a profile may make (PROTOCOL.md 9). A name outside this list would reach nobody.
enum EventNames {
  static let all = [
    "device.button", "device.clock_sync", "device.fault", "device.heartbeat", "device.ready", "event.revoked",
    "hand.down", "hand.up", "part.placed", "peg.dropped", "peg.inserted", "peg.lifted", "peg.removed", "peg.returned",
    "sample.raw", "trial.aborted", "trial.armed", "trial.disarmed", "trial.reset", "trial.result", "trial.split",
    "trial.started", "trial.stopped",
  ]

  static var schema: Schema { .part("event", .saying(sentence, .words(all))) }

  /// What is wrong with any other name.
  static var sentence: String { "must be one of \(all.joined(separator: ", "))" }
}
