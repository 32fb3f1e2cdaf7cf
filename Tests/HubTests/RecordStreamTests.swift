import Hub
import MeasurementStream
import NIOCore
import Testing

private let channel = StreamChannel(name: "force", quantity: "force", unit: "N", interval: 10_000)

private func makeStream(ringLimit: Int = 1 << 20) -> RecordStream {
  RecordStream(epoch: "e1", ringLimit: ringLimit, rule: .standard) { _ in
    RecordStream.Origin(instrument: ("GDX-HD", "1", "2"), driver: "go-direct@0.1.0", emulated: true)
  }
}

private func batch(_ values: [Double], at time: Int64) -> Measurement {
  Measurement(
    device: "grip", channel: channel, firstSample: 0, time: time, wallTime: 0, interval: 10_000, values: values)
}

@Suite struct RecordStreamTests {
  @Test func numbersAreDenseAndResultsFollowWhatMadeThem() {
    var stream = makeStream()
    var got: [(UInt64, RecordKind)] = []
    let values =
      [Double](repeating: 0, count: 5) + [Double](repeating: 90, count: 50) + [Double](repeating: 0, count: 30)
    for (index, value) in values.enumerated() {
      stream.publish(batch([value], at: Int64(index) * 10_000)) { got.append(($0.sequence, $0.topic.kind)) }
    }
    #expect(got.map(\.0) == Array(1...UInt64(values.count + 1)))
    #expect(got.filter { $0.1 == .result }.count == 1)
    #expect(stream.head == UInt64(values.count + 1))
  }

  @Test func aDeviceThatIsGoneVoidsItsTrial() {
    var stream = makeStream()
    var lines: [String] = []
    stream.publish(batch([0] + [Double](repeating: 90, count: 50), at: 0)) { _ in }
    var report = DeviceReport(device: "grip", key: ("usb-serial", "x"), since: 1)
    report.state = .lost
    _ = stream.publish(report) { lines.append(String(buffer: $0.bytes)) }
    #expect(lines.count == 2)
    #expect(lines.last?.contains(#""state":"void","reason":"device_lost","peak_N":null"#) == true)
  }

  @Test func theRingKeepsTheNewestAndFindsByNumber() {
    var stream = makeStream(ringLimit: 20_000)
    for index in 0..<2000 { stream.publish(batch([1], at: Int64(index) * 10_000)) { _ in } }
    let oldest = stream.ring.oldest ?? 0
    #expect(oldest > 1800 && oldest < 2000)
    #expect(stream.ring.record(from: 1)?.sequence == oldest)
    #expect(stream.ring.record(from: 1950)?.sequence == 1950)
    #expect(stream.ring.record(from: 2000)?.sequence == 2000)
    #expect(stream.ring.record(from: 2001) == nil)
  }
}
