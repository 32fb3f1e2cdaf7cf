package import MeasurementStream
package import StrictJSON

/// All subscriptions of one consumer: which records it gets, and the newest values that it waits for.
package struct SubscriptionSet: Sendable {
  /// The subscriptions, in the order in which they were made.
  package private(set) var all: [Subscription] = []
  private var latest: [String: LatestValues] = [:]
  /// Decisions by topic number: 0 not yet made, 1 wanted, 2 not wanted.
  private var decisions: [UInt8] = []

  /// None.
  package init() {}

  /// A subscription of mode `latest` is among them.
  package var wantLatest: Bool { !latest.isEmpty }
  /// A subscription that gets records as they are is among them.
  package var wantRecords: Bool { all.contains { $0.mode != .latest } }

  /// Adds a subscription, whose name must be free.
  package mutating func add(_ subscription: Subscription) {
    all.append(subscription)
    decisions = []
    if subscription.mode == .latest { latest[subscription.name] = LatestValues() }
  }

  /// Removes a subscription; `false` when there is none of that name.
  package mutating func remove(_ name: String) -> Bool {
    guard let index = all.firstIndex(where: { $0.name == name }) else { return false }
    all.remove(at: index)
    latest[name] = nil
    decisions = []
    return true
  }

  /// Whether the consumer gets this record. A filter is asked once per topic.
  package mutating func want(_ record: PublishedRecord) -> Bool {
    let number = record.topicNumber
    if number >= decisions.count { decisions += [UInt8](repeating: 0, count: number - decisions.count + 8) }
    if decisions[number] == 0 {
      decisions[number] = all.contains { $0.mode != .latest && $0.wants(record.topic) } ? 1 : 2
    }
    return decisions[number] == 1
  }

  /// Takes a batch for the subscriptions of mode `latest`.
  package mutating func takeLatest(_ batch: Measurement, _ record: PublishedRecord) {
    for subscription in all where subscription.mode == .latest && subscription.filter.accepts(record.topic) {
      latest[subscription.name]?.take(batch, sequence: record.sequence)
    }
  }

  /// Takes out the lines of all values that are due, and tells when the next one is.
  package mutating func takeDue(at now: Int64) -> (lines: [[UInt8]], next: Int64?) {
    var lines: [[UInt8]] = []
    var next: Int64?
    for subscription in all where subscription.mode == .latest {
      guard var values = latest[subscription.name] else { continue }
      lines += values.takeDue(at: now, period: subscription.period, subscription: subscription.name)
      if let due = values.nextDue(period: subscription.period) { next = min(next ?? due, due) }
      latest[subscription.name] = values
    }
    return (lines, next)
  }

  /// Writes an object with a member for each subscription: its mode, and what it passed over.
  package func write(to writer: inout JSONWriter) {
    writer.beginObject()
    for subscription in all {
      writer.key(subscription.name)
      writer.beginObject()
      writer.key("mode")
      writer.string(subscription.mode.rawValue)
      if let values = latest[subscription.name] {
        writer.key("skipped")
        writer.integer(values.skipped)
      }
      writer.endObject()
    }
    writer.endObject()
  }
}
