import Consumers
import DriverTestKit
import Readings
import Stream
import Testing
import Wire

/// What one channel says.
private struct Source {
  let topics: TopicTable
  let device: String
  var unit = "N"
  var sequence: UInt64 = 0
  var count: UInt64 = 0

  mutating func batch(_ values: [Double], at time: Microseconds = 0, sequence: UInt64? = nil) -> FreshSamples {
    self.sequence = sequence ?? self.sequence + 1
    defer { count += UInt64(values.count) }
    let channel = Channel(name: "force", quantity: "force", unit: unit)
    return FreshSamples(
      sequence: self.sequence,
      topic: topics.number(of: Topic(kind: .measurement, device: device, channel: "force", quantity: "force")),
      device: device, channel: channel, firstSample: count,
      samples: Samples(channel: 0, time: time, interval: 1_000, values: values))
  }
}

private func subscription(rate: Double = 10, devices: [String] = []) -> Subscription {
  var subscription = Subscription(.latest)
  subscription.highestRate = rate
  subscription.filter.devices = devices
  return subscription
}

@Suite struct LatestValuesTests {
  @Test func theFirstValueGoesOutAtOnceAndTheNextAfterAPeriod() {
    let topics = TopicTable()
    var source = Source(topics: topics, device: "grip")
    var latest = LatestValues(subscription())
    #expect(latest.nextDue == nil && latest.takeDue(of: topics, at: 0).isEmpty)
    latest.take(source.batch([1, 2, 3], at: 500), of: topics, at: 1_000)
    #expect(latest.nextDue == 1_000 && latest.takeDue(of: topics, at: 999).isEmpty)
    let first = latest.takeDue(of: topics, at: 1_000)
    #expect(first.map(\.value) == [3] && first.first?.skipped == 2 && first.first?.sample == 2)
    #expect(first.first?.lowest == 1 && first.first?.highest == 3 && first.first?.time == 2_500)
    latest.take(source.batch([9]), of: topics, at: 2_000)
    latest.take(source.batch([4]), of: topics, at: 3_000)
    #expect(latest.nextDue == 101_000 && latest.takeDue(of: topics, at: 100_999).isEmpty)
    let second = latest.takeDue(of: topics, at: 101_000)
    #expect(second.map(\.value) == [4] && second.first?.skipped == 1 && latest.skipped == 3)
    #expect(second.first?.lowest == 4 && second.first?.highest == 9, "the least and the greatest begin anew")
    #expect(latest.nextDue == nil)
  }

  @Test func whatIsNoNumberIsNeitherTheLeastNorTheGreatest() {
    let topics = TopicTable()
    var source = Source(topics: topics, device: "grip")
    var latest = LatestValues(subscription())
    latest.take(source.batch([.nan, .infinity, -.infinity]), of: topics, at: 0)
    let none = latest.takeDue(of: topics, at: 0)
    #expect(none.first?.lowest == nil && none.first?.highest == nil && none.first?.skipped == 2)
    latest.take(source.batch([.nan, -5, 7, .nan]), of: topics, at: 1_000_000)
    let some = latest.takeDue(of: topics, at: 1_000_000)
    #expect(some.first?.lowest == -5 && some.first?.highest == 7 && some.first?.value?.isNaN == true)
  }

  @Test func valuesComeInTheOrderOfTheirNumbers() {
    let topics = TopicTable()
    var latest = LatestValues(subscription())
    var sources = (0..<20).map { Source(topics: topics, device: "d\($0)") }
    for (index, number) in [7, 3, 19, 0, 11, 4].enumerated() {
      latest.take(sources[number].batch([1], sequence: UInt64(100 - index)), of: topics, at: 0)
    }
    #expect(latest.takeDue(of: topics, at: 0).map(\.sequence) == [95, 96, 97, 98, 99, 100])
  }

  @Test func onlyWhatIsWantedIsTaken() {
    let topics = TopicTable()
    var (grip, peg) = (Source(topics: topics, device: "grip"), Source(topics: topics, device: "peg"))
    var latest = LatestValues(subscription(devices: ["grip"]))
    latest.take(peg.batch([1]), of: topics, at: 0)
    #expect(latest.nextDue == nil)
    latest.take(grip.batch([2]), of: topics, at: 0)
    #expect(latest.takeDue(of: topics, at: 0).map(\.device) == ["grip"] && latest.skipped == 0)
  }

  /// Where the filter cannot be asked now, the peak that just came is not forgotten.
  @Test func whatCannotBeDecidedNowIsDecidedLater() {
    let topics = TopicTable()
    var (grip, peg) = (Source(topics: topics, device: "grip"), Source(topics: topics, device: "peg"))
    var latest = LatestValues(subscription(devices: ["grip"]))
    topics.decisionsLeft = 0
    latest.take(grip.batch([400, 1]), of: topics, at: 0)
    latest.take(peg.batch([2]), of: topics, at: 0)
    #expect(latest.takeDue(of: topics, at: 0).isEmpty)
    topics.decisionsLeft = TopicTable.decisionsPerTurn
    latest.take(grip.batch([5]), of: topics, at: 10)
    let values = latest.takeDue(of: topics, at: 10)
    #expect(values.map(\.device) == ["grip"])
    #expect(values.first?.highest == 400 && values.first?.skipped == 2 && latest.skipped == 2)
    #expect(latest.takeDue(of: topics, at: 1_000_000).isEmpty && latest.nextDue == nil)
  }

  @Test func theLeastAndTheGreatestAreInTheUnitOfTheValue() {
    let topics = TopicTable()
    var source = Source(topics: topics, device: "grip")
    var latest = LatestValues(subscription())
    latest.take(source.batch([400, 300]), of: topics, at: 0)
    source.unit = "kgf"
    latest.take(source.batch([31]), of: topics, at: 0)
    let value = latest.takeDue(of: topics, at: 0).first
    #expect(value?.unit == "kgf" && value?.lowest == 31 && value?.highest == 31 && value?.skipped == 2)
  }

  /// Random batches and times: each sample is the newest once, or counted as passed over; no peak is lost.
  @Test(arguments: 1...20 as ClosedRange<UInt64>) func sumsAreExact(_ seed: UInt64) {
    var random = RepeatableRandom(seed: seed)
    let topics = TopicTable()
    var latest = LatestValues(subscription(rate: Double.random(in: 0.1...100, using: &random)))
    var source = Source(topics: topics, device: "grip")
    var (now, told, waiting) = (Microseconds(0), UInt64(0), [Double]())
    var lastTold: Microseconds?
    for _ in 0..<2_000 {
      now += Microseconds.random(in: 0...30_000, using: &random)
      if Bool.random(using: &random) {
        let values = (0..<Int.random(in: 1...5, using: &random)).map { _ in Double.random(in: -9...9, using: &random) }
        latest.take(source.batch(values), of: topics, at: now)
        waiting += values
      }
      let values = latest.takeDue(of: topics, at: now)
      #expect(values.count <= 1)
      if let value = values.first {
        #expect(value.value == waiting.last && value.lowest == waiting.min() && value.highest == waiting.max())
        #expect(value.skipped == UInt64(waiting.count - 1) && value.sample == source.count - 1)
        #expect(lastTold.map { now - $0 >= subscription(rate: 100).period } ?? true)
        told += 1
        waiting = []
        lastTold = now
      } else {
        #expect(waiting.isEmpty == (latest.nextDue == nil))
      }
    }
    #expect(told + latest.skipped + UInt64(waiting.count) == source.count)
  }
}
