internal import DriverKit
internal import Schemas

/// The events that a profile may make (PROTOCOL.md 9). A name outside this list would reach nobody.
enum EventNames {
  static let all = [
    EventName.deviceButton, EventName.deviceClockSync, EventName.deviceFault, EventName.deviceHeartbeat,
    EventName.deviceReady, EventName.eventRevoked, EventName.handDown, EventName.handUp, EventName.partPlaced,
    EventName.pegDropped, EventName.pegInserted, EventName.pegLifted, EventName.pegRemoved, EventName.pegReturned,
    EventName.sampleRaw, EventName.trialAborted, EventName.trialArmed, EventName.trialDisarmed, EventName.trialReset,
    EventName.trialResult, EventName.trialSplit, EventName.trialStarted, EventName.trialStopped,
  ]

  static var schema: Schema { .part("event", .saying(sentence, .words(all))) }

  /// What is wrong with any other name.
  static var sentence: String { "must be one of \(all.joined(separator: ", "))" }
}
