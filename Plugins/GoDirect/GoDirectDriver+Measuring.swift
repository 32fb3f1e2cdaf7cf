import DriverKit

extension GoDirectDriver {
  /// Turns a measurement frame into samples, or counts what it says is lost.
  mutating func receiveMeasurement(_ frame: GoDirectFrame, at time: Microseconds, _ host: DriverHost) {
    // An instrument that somebody else left measuring speaks before it is asked to.
    guard phase == .measuring else { return host.tally("stale_measurements") }
    switch Measurement(frame) {
    case .samples(let run): deliver(run, at: time, host)
    case .dropped(let mask, let count): drop(mask: mask, count: count, host)
    case .skipped: break
    case .unknown: host.tally("unknown_frames")
    case .malformed: host.tally("malformed_frames")
    }
  }

  /// Counts what a damaged frame carried, where its length tells.
  mutating func lose(_ bytes: [UInt8], because reason: String, _ host: DriverHost) {
    guard phase == .measuring, let plan, bytes[0] == GoDirectFrame.measurementHeader,
      let count = Measurement.sampleCount(ofLength: Int(bytes[1]), channelCount: plan.channels.count)
    else { return }
    lose(UInt64(count), of: plan.channels, because: reason, host)
  }

  /// The instrument itself dropped samples. The layout of that frame is known from one unconfirmed note only, so where it
  /// names no channel or no number, one sample of every channel counts as lost.
  private mutating func drop(mask: UInt32?, count: UInt64?, _ host: DriverHost) {
    guard let plan else { return }
    host.tally("dropped_frames")
    let named = plan.channels.filter { (mask ?? 0) & 1 << UInt32($0.sensor.channel) != 0 }
    lose(max(1, count ?? 1), of: named.isEmpty ? plan.channels : named, because: "device_dropped", host)
  }

  private mutating func lose(
    _ count: UInt64, of channels: [MeasuredChannel], because reason: String, _ host: DriverHost
  ) {
    for channel in channels {
      clocks[channel.sensor.channel]?.skip(count)
      host.lost(channel: UInt32(channel.sensor.channel), count: count, reason: reason)
    }
  }

  private mutating func deliver(_ run: Measurement.SampleRun, at time: Microseconds, _ host: DriverHost) {
    if run.count == 0 { return }
    becomeReady(host)
    lastSign = time
    hasSamples = true
    failures = 0
    var beginsGap = false
    for (index, number) in run.channels.enumerated() {
      guard let channel = plan?.channel(number) else {
        host.tally("unrequested_values", UInt64(run.count))
        continue
      }
      let raw = run.values(at: index)
      if run.isPeriodic {
        guard let placement = clocks[number]?.place(count: run.count, arrival: time) else { continue }
        beginsGap = beginsGap || placement.beginsGap
        tell(placement, of: channel, host)
        deliver(raw, of: channel, at: placement, host)
      } else {
        let placement = SampleClock.Placement(time: time, interval: 0)
        deliver(raw, of: channel, at: placement, host)
      }
    }
    if beginsGap { host.tally("arrival_gaps") }
  }

  private mutating func tell(
    _ placement: SampleClock.Placement, of channel: MeasuredChannel, _ host: DriverHost
  ) {
    if let missing = placement.missing {
      host.lost(channel: UInt32(channel.sensor.channel), count: missing.count, reason: missing.reason.rawValue)
    }
    if let drift = placement.drift, !hasToldDrift {
      hasToldDrift = true
      host.fault(
        .note, "clock_drift",
        "\(name): its clock runs \(drift > 0 ? "slow" : "fast") and is now \(milliseconds(abs(drift))) ms away from the "
          + "station's.")
    }
  }

  private func deliver(
    _ raw: [Double], of channel: MeasuredChannel, at placement: SampleClock.Placement, _ host: DriverHost
  ) {
    var quality = raw.map { channel.quality(of: $0) }
    if placement.isLate { quality = quality.map { $0.union(.suspect) } }
    if placement.followsLoss { quality[0].insert(.suspect) }
    let readable = raw.map { $0.isFinite ? $0 : .nan }
    host.samples(
      channel: UInt32(channel.sensor.channel), values: readable.map { channel.converted($0) },
      raw: channel.unit.rawUnit == nil ? [] : readable, quality: quality.allSatisfy(\.isEmpty) ? [] : quality,
      at: placement.time, interval: placement.interval, deviceTime: placement.deviceTime)
  }
}
