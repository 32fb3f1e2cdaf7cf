/// The events that a profile may make (PROTOCOL.md 9). A name outside this list would reach nobody.
enum EventNames {
  static let all: Set<String> = [
    "device.ready", "device.heartbeat", "device.clock_sync", "device.fault", "device.button",
    "trial.armed", "trial.disarmed", "trial.started", "trial.split", "trial.stopped", "trial.result", "trial.aborted",
    "trial.reset",
    "hand.down", "hand.up",
    "peg.lifted", "peg.inserted", "peg.removed", "peg.returned", "peg.dropped",
    "part.placed", "event.revoked", "sample.raw",
  ]
}
