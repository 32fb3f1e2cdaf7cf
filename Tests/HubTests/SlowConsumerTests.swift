import Consumers
import Glibc
import Hub
import HubTestKit
import Platform
import Readings
import StrictJSON
import Supervision
import Synchronization
import Testing
import Wire
import WorkerLink

/// What one consumer got in the end.
private struct Tally: Equatable {
  var received: UInt64 = 0
  var lost: UInt64 = 0
  var samples: UInt64 = 0
  var lostSamples: UInt64 = 0
}

@Suite struct SlowConsumerTests {
  /// 100,000 records, one of three consumers not reading: for each, received + reported lost = sent, exactly, and the
  /// other two lose nothing.
  @Test func receivedPlusReportedLostIsSent() throws {
    let records: UInt64 = 100_000
    let station = try TestStation {
      $0.deviceLimits.records = 1e9
      $0.deviceLimits.samples = 1e9
      $0.deviceLimits.bytes = 1e9
      $0.deviceLimits.burstBytes = 1e9
    }
    let worker = station.attach("grip-1")
    let parameters = #"{"snapshot":false,"filter":{"kind":["measurement","event"]}}"#
    let stopped = station.connect()
    _ = stopped.ask("subscribe", parameters)
    let progress = Signal()
    let tallies = Mutex<[Tally]>([])
    let readers = (0..<2).map { _ in
      let path = station.socketPath
      let ready = Signal()
      let thread = Thread.start {
        let consumer = TestConsumer(path: path)
        _ = consumer.ask("subscribe", parameters)
        ready.raise()
        let tally = readToTheEnd(consumer) { progress.raise() }
        tallies.withLock { $0.append(tally) }
      }
      ready.wait()
      return thread
    }
    worker.becomeReady(interval: 0)
    let chunk: UInt64 = 1000
    for begin in stride(from: 0, to: records, by: Int(chunk)) {
      worker.send(
        (begin..<begin + chunk).map {
          // A device time unlike the station's: each stays a record of its own.
          .samples(
            Samples(channel: 1, time: SystemClock.boot(), deviceTime: Int64($0) * 1_000_000, values: [Double($0), 1]))
        })
      // The two readers say when they have this chunk: the test has no pace of its own.
      for _ in 0..<2 { progress.wait() }
    }
    worker.send(.event(Event("test.end", at: SystemClock.boot())))
    for reader in readers { reader.join() }
    #expect(
      tallies.withLock { $0 } == [Tally](repeating: Tally(received: records, samples: 2 * records), count: 2))

    let tally = readToTheEnd(stopped) {}
    #expect(tally.received + tally.lost == records)
    #expect(tally.samples + tally.lostSamples == 2 * records)
    #expect(tally.lost > 0 && tally.received > 0)
  }

  /// A queue of two lines, and twenty lines in one turn of the loop.
  @Test func muchAtOnceIsNoSlowness() throws {
    let station = try TestStation { $0.consumerLimits.queueBytes = 16_384 }
    let worker = station.attach("grip-1")
    let consumer = station.connect()
    _ = consumer.ask("subscribe")
    worker.becomeReady(interval: 0)
    let values = [Double](repeating: .pi * 1e-300, count: 300)
    worker.send((0..<20).map { _ in .samples(Samples(channel: 1, time: SystemClock.boot(), values: values)) })
    for number in 0..<20 {
      let next = consumer.next { ["measurement", "gap"].contains($0["method"]?.string) }
      try #require(next?["params"]?["n0"]?.integer == Int64(number * 300))
    }
  }

  /// Reads until the event that ends the test; says every thousand records that it has them.
  private func readToTheEnd(_ consumer: TestConsumer, _ thousand: () -> Void) -> Tally {
    var tally = Tally()
    var expected: UInt64 = 0
    while let line = consumer.nextLine() {
      if line.starts(with: measurement) {
        let sequence = number(after: "\"seq\":", in: line)
        #expect(sequence >= expected)
        expected = sequence + 1
        tally.received += 1
        tally.samples += 2
        if tally.received % 1000 == 0 { thousand() }
      } else if line.starts(with: gap) {
        #expect(number(after: "\"after_seq\":", in: line) + 1 >= expected)
        tally.lost += number(after: "\"lost_records\":", in: line)
        tally.lostSamples += number(after: "\"lost_samples\":", in: line)
        expected = number(after: "\"next_seq\":", in: line)
      } else if line.starts(with: event) {
        return tally
      }
    }
    return tally
  }

  // A whole parser would take most of the time of 300,000 lines.
  private let measurement = Array(#"{"jsonrpc":"2.0","method":"measurement""#.utf8)
  private let gap = Array(#"{"jsonrpc":"2.0","method":"gap""#.utf8)
  private let event = Array(#"{"jsonrpc":"2.0","method":"event""#.utf8)

  private func number(after key: String, in line: [UInt8]) -> UInt64 {
    (line + [0]).withUnsafeBytes { bytes in
      guard let text = bytes.assumingMemoryBound(to: CChar.self).baseAddress, let found = strstr(text, key) else {
        return 0
      }
      return strtoull(found + key.utf8.count, nil, 10)
    }
  }
}

/// A thread that can be waited for.
private struct Thread {
  private let handle: pthread_t

  static func start(_ body: @escaping @Sendable () -> Void) -> Thread {
    final class Box {
      let body: @Sendable () -> Void
      init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var handle = pthread_t()
    pthread_create(
      &handle, nil,
      { argument in
        Unmanaged<Box>.fromOpaque(argument!).takeRetainedValue().body()
        return nil
      }, Unmanaged.passRetained(Box(body)).toOpaque())
    return Thread(handle: handle)
  }

  func join() { pthread_join(handle, nil) }
}
