package import Readings
package import Wire

/// Follows all trials of one device.
package struct TrialTracker: Sendable {
  private let device: String
  private let rule: EffortRule
  private var efforts: [String: EffortDetector] = [:]
  private var timer = TimedTrial()
  private var lastSequence: UInt64 = 0
  private var lastTime: Int64 = 0

  /// A tracker for a device whose efforts follow a rule.
  package init(device: String, rule: EffortRule) {
    self.device = device
    self.rule = rule
  }

  /// Takes a batch that went out under `sequence`; gives the results that it completes.
  package mutating func take(_ batch: Samples, of channel: Channel, sequence: UInt64) -> [TrialResult] {
    lastSequence = sequence
    lastTime = batch.time(of: batch.values.count - 1)
    guard channel.quantity == "force", channel.unit == "N" else { return [] }
    let name = channel.name
    return efforts[name, default: EffortDetector(rule: rule, rawUnit: channel.rawUnit)]
      .take(batch, sequence: sequence).map { result($0, channel: name) }
  }

  /// Takes an event that went out under `sequence`.
  package mutating func take(_ event: Event, sequence: UInt64) -> [TrialResult] {
    lastSequence = sequence
    lastTime = event.time
    return timer.take(event, sequence: sequence).map { [result($0)] } ?? []
  }

  /// Samples of a channel are missing.
  package mutating func lost(channel: String) -> [TrialResult] {
    efforts[channel]?.interrupt("samples_lost").map { [result($0, channel: channel)] } ?? []
  }

  /// The device is gone: gives the trials that this spoilt.
  package mutating func interrupt(_ reason: String) -> [TrialResult] {
    var results: [TrialResult] = []
    for channel in efforts.keys.sorted() {
      if let finding = efforts[channel]?.interrupt(reason) { results.append(result(finding, channel: channel)) }
    }
    efforts = [:]
    if let finding = timer.interrupt(reason, at: lastTime, lastSequence) { results.append(result(finding)) }
    return results
  }

  private func result(_ finding: EffortDetector.Finding, channel: String) -> TrialResult {
    TrialResult(
      device: device, channel: channel, outcome: .effort(finding.effort), void: finding.void, quality: finding.quality,
      sequences: finding.sequences)
  }

  private func result(_ finding: TimedTrial.Finding) -> TrialResult {
    TrialResult(
      device: device, outcome: .time(finding.timing), void: finding.void, quality: finding.quality,
      sequences: finding.sequences)
  }
}
