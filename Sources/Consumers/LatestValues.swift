package import Readings
package import Stream
package import Wire

/// A batch of samples on its way out, for those who look at the samples themselves.
package struct FreshSamples {
  /// The record's number.
  package let sequence: UInt64
  /// The record's topic.
  package let topic: TopicNumber
  /// The device's name.
  package let device: String
  /// The channel.
  package let channel: Channel
  /// The channel's own count of samples before these.
  package let firstSample: UInt64
  /// The samples.
  package let samples: Samples

  /// A batch.
  package init(
    sequence: UInt64, topic: TopicNumber, device: String, channel: Channel, firstSample: UInt64, samples: Samples
  ) {
    self.sequence = sequence
    self.topic = topic
    self.device = device
    self.channel = channel
    self.firstSample = firstSample
    self.samples = samples
  }
}

/// The newest value of each channel for one subscription of mode `latest`, the least and the greatest that came with it,
/// and how many were passed over.
package struct LatestValues {
  private struct Slot {
    var newest: FreshSamples
    /// `nil` until the filter could be asked: what came by then is not forgotten.
    var isWanted: Bool?
    var newSamples: UInt64 = 0
    var lowest: Double?
    var highest: Double?
    var lastSent: Microseconds?
    var isDue: Bool { newSamples > 0 }
  }

  private let wishes: Wishes
  private let period: Microseconds
  /// The subscription's name.
  package let name: String
  private var slots: [TopicNumber: Slot] = [:]
  /// Samples that were passed over since the beginning.
  package private(set) var skipped: UInt64 = 0
  /// When the next value is due; `nil` when none waits.
  package private(set) var nextDue: Microseconds?

  /// The values that a subscription wants, which is of mode `latest`.
  package init(_ subscription: Subscription) {
    wishes = Wishes([Wishes.Part(mode: .latest, filter: subscription.filter)])
    period = subscription.period
    name = subscription.name
  }

  /// Takes a batch: its last sample is the newest, and all count for the least and the greatest.
  package mutating func take(_ batch: FreshSamples, of topics: TopicTable, at now: Microseconds) {
    let isWanted = wishes.want(batch.topic, of: topics)
    if isWanted == false { return slots[batch.topic] = nil }
    var slot = slots[batch.topic] ?? Slot(newest: batch)
    slot.isWanted = isWanted
    // The least and the greatest are told in the unit of the newest.
    if slot.newest.channel.unit != batch.channel.unit { (slot.lowest, slot.highest) = (nil, nil) }
    slot.newest = batch
    slot.newSamples += UInt64(batch.samples.values.count)
    for value in batch.samples.values where value.isFinite {
      slot.lowest = min(slot.lowest ?? value, value)
      slot.highest = max(slot.highest ?? value, value)
    }
    slots[batch.topic] = slot
    let due = slot.lastSent.map { $0 + period } ?? now
    nextDue = min(nextDue ?? due, due)
  }

  /// Takes out all values that are due, in the order of their numbers.
  package mutating func takeDue(of topics: TopicTable, at now: Microseconds) -> [LatestValue] {
    guard let nextDue, nextDue <= now else { return [] }
    var values: [LatestValue] = []
    var next: Microseconds?
    for (topic, slot) in slots where slot.isDue {
      guard let isWanted = slot.isWanted ?? wishes.want(topic, of: topics) else {
        next = now
        continue
      }
      guard isWanted else {
        slots[topic] = nil
        continue
      }
      let due = slot.lastSent.map { $0 + period } ?? now
      if due > now {
        next = min(next ?? due, due)
        continue
      }
      skipped += slot.newSamples - 1
      values.append(Self.value(slot.newest, slot.newSamples - 1, slot.lowest, slot.highest, name))
      slots[topic]?.newSamples = 0
      slots[topic]?.lowest = nil
      slots[topic]?.highest = nil
      slots[topic]?.lastSent = now
    }
    self.nextDue = next
    return values.sorted { $0.sequence < $1.sequence }
  }

  private static func value(
    _ batch: FreshSamples, _ skipped: UInt64, _ lowest: Double?, _ highest: Double?, _ subscription: String
  ) -> LatestValue {
    let last = batch.samples.values.count - 1
    return LatestValue(
      subscription: subscription, sequence: batch.sequence, device: batch.device, channel: batch.channel.name,
      sample: batch.firstSample + UInt64(last), unit: batch.channel.unit, time: batch.samples.time(of: last),
      value: batch.samples.values[last], raw: batch.samples.raw.isEmpty ? nil : batch.samples.raw[last],
      rawUnit: batch.channel.rawUnit, quality: batch.samples.quality.isEmpty ? [] : batch.samples.quality[last],
      skipped: skipped, lowest: lowest, highest: highest)
  }
}
