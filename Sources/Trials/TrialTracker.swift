package import Readings
package import Wire

/// Follows all trials of one device.
package struct TrialTracker: Sendable {
  private let device: String
  private let rule: EffortRule
  private var efforts: [(channel: String, detector: EffortDetector)] = []
  private var timer = TimedTrial()
  private var lastSequence: UInt64 = 0
  private var lastTime: Int64 = 0

  /// A tracker for a device whose efforts follow a rule.
  package init(device: String, rule: EffortRule) {
    self.device = device
    self.rule = rule
  }

  /// Where the batches of a channel belong; `nil`: there are no efforts on it. One that is declared anew, with other units
  /// perhaps, goes on where the one of its name was, and what ran on it is not an effort.
  package mutating func place(of channel: Channel) -> Int? {
    guard channel.quantity == "force", channel.unit == "N" else { return nil }
    let detector = EffortDetector(rule: rule, rawUnit: channel.rawUnit)
    if let place = efforts.firstIndex(where: { $0.channel == channel.name }) {
      if efforts[place].detector.rawUnit != channel.rawUnit { efforts[place].detector = detector }
      return place
    }
    efforts.append((channel.name, detector))
    return efforts.count - 1
  }

  /// Takes a batch that went out under `sequence`; gives the results that it completes.
  package mutating func take(_ batch: Samples, at place: Int?, sequence: UInt64) -> [TrialResult] {
    lastSequence = sequence
    lastTime = batch.time(of: batch.values.count - 1)
    guard let place else { return [] }
    let findings = efforts[place].detector.take(batch, sequence: sequence)
    if findings.isEmpty { return [] }
    let channel = efforts[place].channel
    return findings.map { result($0, channel: channel) }
  }

  /// Takes an event that went out under `sequence`.
  package mutating func take(_ event: Event, sequence: UInt64) -> [TrialResult] {
    lastSequence = sequence
    lastTime = event.time
    return timer.take(event, sequence: sequence).map { [result($0)] } ?? []
  }

  /// Samples of a channel are missing.
  package mutating func lost(channel: String) -> [TrialResult] {
    guard let place = efforts.firstIndex(where: { $0.channel == channel }) else { return [] }
    return efforts[place].detector.interrupt("samples_lost").map { [result($0, channel: channel)] } ?? []
  }

  /// The device is gone: gives the trials that this spoilt.
  package mutating func interrupt(_ reason: String) -> [TrialResult] {
    var results: [TrialResult] = []
    for place in efforts.indices.sorted(by: { efforts[$0].channel < efforts[$1].channel }) {
      if let finding = efforts[place].detector.interrupt(reason) {
        results.append(result(finding, channel: efforts[place].channel))
      }
      efforts[place].detector = EffortDetector(rule: rule, rawUnit: efforts[place].detector.rawUnit)
    }
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
