package import Readings
package import Stream
package import Wire

/// All subscriptions of one consumer.
package struct SubscriptionSet {
  /// The subscriptions, in the order in which they were made.
  package private(set) var all: [Subscription] = []
  /// Of those of mode `latest`, in their order.
  private var latest: [LatestValues] = []

  /// None.
  package init() {}

  /// A subscription of mode `latest` is among them.
  package var wantLatest: Bool { !latest.isEmpty }

  /// What those that get records as they are want; empty when there are none.
  package var parts: [Wishes.Part] {
    all.filter { $0.mode != .latest }.map { Wishes.Part(mode: $0.mode, filter: $0.filter) }
  }

  /// There is one of this name.
  package func contains(_ name: String) -> Bool { all.contains { $0.name == name } }

  /// Adds a subscription, whose name must be free.
  package mutating func add(_ subscription: Subscription) {
    all.append(subscription)
    if subscription.mode == .latest { latest.append(LatestValues(subscription)) }
  }

  /// Removes a subscription; `false` when there is none of that name.
  package mutating func remove(_ name: String) -> Bool {
    guard let index = all.firstIndex(where: { $0.name == name }) else { return false }
    all.remove(at: index)
    latest.removeAll { $0.name == name }
    return true
  }

  /// Takes a batch for the subscriptions of mode `latest`.
  package mutating func takeLatest(_ batch: FreshSamples, of topics: TopicTable, at now: Microseconds) {
    for index in latest.indices { latest[index].take(batch, of: topics, at: now) }
  }

  /// When the next value of a subscription of mode `latest` is due; `nil` when none waits.
  package var nextDue: Microseconds? { latest.compactMap(\.nextDue).min() }

  /// Takes out all values that are due.
  package mutating func takeDue(of topics: TopicTable, at now: Microseconds) -> [LatestValue] {
    var values: [LatestValue] = []
    for index in latest.indices { values += latest[index].takeDue(of: topics, at: now) }
    return values
  }

  /// Of each subscription its mode, and what it passed over.
  package var counters: [ConnectionCounters.Subscribed] {
    all.map { .init(name: $0.name, mode: $0.mode, skipped: skipped(by: $0.name)) }
  }
  private func skipped(by name: String) -> UInt64? { latest.first { $0.name == name }?.skipped }
}
