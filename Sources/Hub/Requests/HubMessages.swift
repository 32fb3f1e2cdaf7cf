internal import MeasurementStream
internal import StrictJSON

/// The notifications that belong to a connection, not to the stream.
extension Hub {
  func welcome() -> [UInt8] {
    notification("welcome") { writer in
      writer.key("server")
      writer.string("thenar")
      writer.key("build")
      writer.string(options.build)
      if !options.station.isEmpty {
        writer.key("station")
        writer.string(options.station)
      }
      writer.key("proto")
      writer.beginObject()
      writer.key("min")
      writer.integer(ProtocolVersion.oldest)
      writer.key("max")
      writer.integer(ProtocolVersion.newest)
      writer.endObject()
      writer.key("epoch")
      writer.string(stream.epoch)
      writer.key("limits")
      writer.beginObject()
      writer.key("line")
      writer.integer(65_536)
      writer.key("subscriptions")
      writer.integer(16)
      writer.key("queue_bytes")
      writer.integer(options.queueBytes)
      writer.key("device_commands")
      writer.integer(Self.commandsInFlight)
      writer.endObject()
      writer.key("heartbeat_ms")
      writer.integer(1000)
    }
  }

  func heartbeat(_ counters: (inout JSONWriter) -> Void) -> [UInt8] {
    notification("heartbeat") { writer in
      writer.key("t_us")
      writer.integer(now)
      writer.key("wall_us")
      writer.integer(Clocks.wall())
      writer.key("epoch")
      writer.string(stream.epoch)
      writer.key("head_seq")
      writer.integer(stream.head)
      counters(&writer)
      writer.key("devices")
      writer.beginObject()
      let states = reports.map(\.report.state)
      for state in DeviceState.allCases where states.contains(state) {
        writer.key(state.rawValue)
        writer.integer(states.count { $0 == state })
      }
      writer.endObject()
      writer.key("journal")
      writer.beginObject()
      writer.key("state")
      writer.string("memory")
      writer.key("oldest_seq")
      writer.integer(ring.oldest ?? stream.head + 1)
      writer.endObject()
    }
  }

  /// Says that a consumer lost records because it was too slow.
  func gapLine(_ gap: ConsumerQueue.Gap) -> [UInt8] {
    gapLine(
      after: gap.after, next: gap.next, records: gap.records, samples: gap.samples, reason: "consumer_slow",
      recoverable: (ring.oldest ?? .max) <= gap.after + 1)
  }

  /// Says that records which a consumer wanted to catch up on are no longer held.
  func evictedLine(from first: UInt64, to next: UInt64) -> [UInt8] {
    gapLine(
      after: first - 1, next: next, records: next - first, samples: nil, reason: "no_longer_held", recoverable: false)
  }

  private func gapLine(
    after: UInt64, next: UInt64, records: UInt64, samples: UInt64?, reason: String, recoverable: Bool
  ) -> [UInt8] {
    notification("gap") { writer in
      writer.key("after_seq")
      writer.integer(after)
      writer.key("next_seq")
      writer.integer(next)
      writer.key("lost_records")
      writer.integer(records)
      if let samples {
        writer.key("lost_samples")
        writer.integer(samples)
      }
      writer.key("reason")
      writer.string(reason)
      writer.key("recoverable")
      writer.flag(recoverable)
    }
  }
}

/// Versions of the socket protocol that this build speaks.
enum ProtocolVersion {
  static let oldest: Int64 = 1
  static let newest: Int64 = 1
}
