internal import MeasurementStream
internal import NIOCore

/// All connected consumers. Belongs to the hub's event loop.
final class FanOut {
  private var consumers: [ObjectIdentifier: ConsumerHandler] = [:]
  /// Consumers that hold unsent bytes.
  private var unflushed: [ConsumerHandler] = []
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  /// Takes a consumer; `false` when there are as many as there may be.
  func add(_ consumer: ConsumerHandler) -> Bool {
    guard consumers.count < limit else { return false }
    consumers[ObjectIdentifier(consumer)] = consumer
    return true
  }

  func remove(_ consumer: ConsumerHandler) { consumers[ObjectIdentifier(consumer)] = nil }

  func deliver(_ record: PublishedRecord) {
    for consumer in consumers.values { consumer.deliver(record) }
  }

  func deliverLatest(_ batch: Measurement, _ record: PublishedRecord) {
    for consumer in consumers.values where consumer.subscriptions.wantLatest { consumer.deliverLatest(batch, record) }
  }

  /// The consumer has bytes to send at the end of this turn of the loop.
  func needsFlush(_ consumer: ConsumerHandler) { unflushed.append(consumer) }

  /// Sends what was written in this turn of the loop: one write per consumer, however many records.
  func flush() {
    // A flush can make room for more to be written, by the same consumer.
    while !unflushed.isEmpty {
      let batch = unflushed
      unflushed = []
      for consumer in batch { consumer.flush() }
    }
  }

  func tick(_ now: Int64) {
    for consumer in Array(consumers.values) { consumer.tick(now) }
  }

  func closeAll(_ error: RequestError) {
    for consumer in Array(consumers.values) { consumer.close(error) }
  }
}
