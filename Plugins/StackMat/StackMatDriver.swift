import DriverKit

/// Driver for StackMat and Speed Stacks timers, which talk all the time and listen to nothing (PROTOCOL.md).
struct StackMatDriver: Driver {
  private static let elapsed: UInt32 = 0
  /// An adapter hands bytes on within 17 ms (16 ms latency timer, 1 ms USB): half of that is taken for granted.
  private static let adapterDelay: Microseconds = 8_500
  /// The other half, and 2 ms until the read returns.
  private static let arrivalUncertainty: Microseconds = 10_500

  private var framer = PacketDialect.framer
  /// The line may have been opened in the middle of a packet: what comes before the first terminator is no error.
  private var isFirst = true
  private var link = LinkWatch()
  private var timer = TimerState()
  /// Of the timer, while it is connected. The other layout is not taken from it: a ten-byte packet that lost a zero is
  /// a nine-byte packet with a wrong time and a right checksum.
  private var layout: PacketLayout? {
    get { framer.dialect.layout }
    set { framer.dialect.layout = newValue }
  }
  private var newestArrival: Microseconds?
  /// Station time at which the timer's clock was at zero, in the newest trial.
  private var startTime: Microseconds?
  private var isReady = false

  init(setup: DriverSetup, host: DriverHost) throws(SetupRefusal) {
    do throws(JSONMismatch) {
      try JSONFields(setup.settings, "").end()
    } catch {
      let what = error.key.isEmpty ? "Its settings must be an empty object." : "Remove \"\(error.key)\"."
      throw SetupRefusal("A StackMat timer has no settings. \(what)")
    }
  }

  mutating func receive(_ bytes: Span<UInt8>, at time: Microseconds, host: DriverHost) {
    let earliest = time - transmissionTime(bytes: bytes.count)
    if link.isSilent(at: earliest) { lose(at: earliest, host: host) }
    var hadPacket = false
    for index in bytes.indices {
      guard let finding = take(bytes.extracting(index..<index + 1)) else { continue }
      switch isFirst ? nil : finding.damage {
      case .checksum: host.tally("checksum_errors")
      case .framing: host.tally("framing_errors")
      case nil: break
      }
      isFirst = false
      guard let packet = finding.packet else { continue }
      // The bytes behind it in the same read needed their time on the line as well.
      let arrival = max(time - transmissionTime(bytes: bytes.count - 1 - index), newestArrival ?? .min)
      take(packet, arrival: arrival, host: host)
      hadPacket = true
    }
    if link.takeBytes(at: time, hadPacket: hadPacket) { tellOfUnreadableBytes(host) }
    if hadPacket { host.wake(at: link.deadline) }
  }

  mutating func wake(at now: Microseconds, host: DriverHost) {
    if link.isSilent(at: now) { lose(at: now, host: host) }
    host.wake(at: link.deadline)
  }

  /// Takes one byte, so that the first packet says with which layout the next one is read; says something when it ends a
  /// terminator.
  private mutating func take(_ byte: Span<UInt8>) -> PacketDialect.Finding? {
    var finding: PacketDialect.Finding?
    framer.take(byte) {
      // What the framer leaves out belongs to a packet that the dialect finds damaged.
      if case .statement(let statement, _) = $0 { finding = statement }
    }
    return finding
  }

  private mutating func take(_ packet: Packet, arrival: Microseconds, host: DriverHost) {
    newestArrival = arrival
    let reading = Reading(packet: packet, time: arrival - packet.layout.transmission - Self.adapterDelay)
    if layout == nil { connect(reading, host: host) }
    if link.takePacket(at: arrival, layout: packet.layout) { host.tally("signal_miss") }
    for change in timer.take(reading) { tell(change, of: reading, host: host) }
  }

  // MARK: The timer comes and goes

  private mutating func connect(_ reading: Reading, host: DriverHost) {
    let packets = reading.packet.layout
    layout = packets
    host.declare(
      Channel(
        number: Self.elapsed, name: "elapsed", quantity: "time", unit: "s", rawUnit: "ms",
        range: 0...Double(packets.largest) / 1000, resolution: Double(packets.step) / 1000, interval: 0,
        uncertainty: Self.arrivalUncertainty))
    if !isReady { host.ready() }
    isReady = true
    host.event(
      Event(
        EventName.deviceConnected, at: reading.time, uncertainty: Self.arrivalUncertainty,
        fields: [
          ("packet_bytes", .integer(Int64(packets.length))), ("resolution_us", .integer(packets.step * 1000)),
        ],
        raw: reading.packet.text))
  }

  private mutating func lose(at time: Microseconds, host: DriverHost) {
    link.lose()
    layout = nil
    timer.lose()
    host.event(Event(EventName.deviceDisconnected, at: time, quality: .inferred, fields: [("reason", .text("silent"))]))
    host.fault(
      .note, "silent",
      "The timer has sent nothing for a second: it is off, its arrow button was pressed, or its cable is loose. "
        + "Readings go on when it sends again.")
  }

  private func tellOfUnreadableBytes(_ host: DriverHost) {
    host.fault(
      .note, "unreadable",
      "Bytes come but for 2 seconds no packet among them: check the inversion of the signal. "
        + "An FTDI adapter needs RXD inverted with FT_PROG; other adapters need RS-232 levels or an inverter.")
  }

  // MARK: What the timer does

  private mutating func tell(_ change: TimerState.Change, of reading: Reading, host: DriverHost) {
    switch change {
    case .sample(let milliseconds, let quality):
      host.sample(
        channel: Self.elapsed, value: Double(milliseconds) / 1000, raw: Double(milliseconds), quality: quality,
        at: reading.time, deviceTime: milliseconds * 1000)
    case .handDown(let side):
      host.event(event(EventName.handDown, reading, fields: [("side", .text(side.rawValue))]))
    case .handUp(let side):
      host.event(event(EventName.handUp, reading, fields: [("side", .text(side.rawValue))]))
    case .armed:
      host.event(event(EventName.trialArmed, reading))
    case .disarmed:
      host.event(event(EventName.trialDisarmed, reading))
    case .started(let milliseconds, let quality):
      let start = reading.time - milliseconds * 1000
      startTime = start
      var started = event(EventName.trialStarted, reading, quality: quality, fields: [("source", .text("hand_lift"))])
      started.time = start
      started.deviceTime = 0
      started.uncertainty = Self.arrivalUncertainty + reading.packet.layout.step * 1000
      host.event(started)
    case .stopped(let milliseconds, let quality, let preExisting):
      host.event(stopped(milliseconds, quality, preExisting: preExisting, reading))
    case .reset(let reason, let quality):
      startTime = nil
      host.event(event(EventName.trialReset, reading, quality: quality, fields: [("reason", .text(reason.rawValue))]))
    case .timeError:
      host.tally("time_errors")
    case .contradicted(let reported, let shown):
      host.fault(
        .note, "result_changed",
        "The timer showed \(Double(reported) / 1000) s as its result and shows \(Double(shown) / 1000) s now: "
          + "compare both with its display.")
    }
  }

  /// The result is the number on the timer's display; the station's clock has no part in it.
  private func stopped(
    _ milliseconds: Int64, _ quality: Quality, preExisting: Bool, _ reading: Reading
  ) -> Event {
    let resolution = reading.packet.layout.step * 1000
    var stopped = event(
      EventName.trialStopped, reading, quality: quality,
      fields: [
        ("elapsed_us", .integer(milliseconds * 1000)), ("resolution_us", .integer(resolution)),
        ("source", .text("both_hands_down")), ("start_source", .text("hand_lift")),
      ])
    if preExisting {
      stopped.fields.append(.init("pre_existing", .flag(true)))
    } else if let startTime {
      stopped.time = min(startTime + milliseconds * 1000, reading.time)
    }
    stopped.deviceTime = milliseconds * 1000
    stopped.uncertainty = resolution
    return stopped
  }

  /// An event that this packet is the first to tell of: it happened since the packet before.
  private func event(
    _ name: String, _ reading: Reading, quality: Quality = [], fields: [(key: String, value: Event.Value)] = []
  ) -> Event {
    Event(
      name, at: reading.time, uncertainty: reading.packet.layout.period + Self.arrivalUncertainty, quality: quality,
      fields: fields, raw: reading.packet.text)
  }
}
