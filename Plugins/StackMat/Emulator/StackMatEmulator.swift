import DriverKit
import EmulatedHand

/// A StackMat timer in software (PROTOCOL.md 7). It is switched on when the line is first opened and
/// stays on; its packets carry the time of their first bit and take as long as they do at 1200 baud.
struct StackMatEmulator: Emulator {
  private static let arrowSilence: Microseconds = 5_000_000
  /// One packet in so many says "idle" in the middle of a trial, where a timer says only whether its clock runs.
  private static let strayIdle = 16

  private let settings: EmulatorSettings
  private var script: TimerScript
  private var random: SeededRandom
  private var origin: Microseconds?
  private var nextPacket: Microseconds = 0
  private var packetNumber = 0
  private var saidArmed = false
  /// What is still to be sent of a packet, each piece with its time.
  private var pending: [(time: Microseconds, bytes: [UInt8])] = []

  init(setup: DriverSetup, host: EmulatorHost) throws(SetupRefusal) {
    settings = try EmulatorSettings(setup.settings)
    script = TimerScript(settings)
    random = SeededRandom(seed: settings.seed)
  }

  mutating func connected(at now: Microseconds, host: EmulatorHost) {
    if origin == nil { origin = now }
    nextPacket = now
    pending = []
    wake(at: now, host: host)
  }

  mutating func wake(at now: Microseconds, host: EmulatorHost) {
    // A station that slept has missed what was sent meanwhile.
    if now - nextPacket > 2 * settings.layout.period { (nextPacket, pending) = (now, []) }
    while true {
      while let piece = pending.first, piece.time <= now {
        host.send(piece.bytes)
        pending.removeFirst()
      }
      if let piece = pending.first { return host.wake(at: piece.time) }
      if nextPacket > now { return host.wake(at: nextPacket) }
      queuePacket()
      nextPacket += settings.layout.period
    }
  }

  private mutating func queuePacket() {
    packetNumber += 1
    guard let bytes = packetBytes(at: nextPacket - (origin ?? nextPacket)) else { return }
    if settings.pacesBytes {
      pending = bytes.enumerated().map { (nextPacket + transmissionTime(bytes: $0.offset + 1), [$0.element]) }
    } else {
      pending = [(nextPacket + transmissionTime(bytes: bytes.count), bytes)]
    }
  }

  /// `nil` where the timer sends nothing.
  private mutating func packetBytes(at time: Microseconds) -> [UInt8]? {
    let faults = settings.faults
    guard let moment = script.moment(at: time) else { return nil }
    if let silence = faults.silenceAfter, (silence..<silence + Self.arrowSilence).contains(time) { return nil }
    if faults.dropEvery > 0, packetNumber % faults.dropEvery == 0 { return nil }
    if faults.garbage {
      return (0..<settings.layout.length).map { _ in UInt8.random(in: 0x80...0xFF, using: &random) }
    }
    var bytes = Packet(head(moment), moment.clock / 1000, settings.layout).bytes
    if faults.flipEvery > 0, packetNumber % faults.flipEvery == 0 {
      bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    }
    return bytes
  }

  private mutating func head(_ moment: TimerScript.Moment) -> Head {
    if moment.head != .running {
      saidArmed = false
    } else if settings.faults.isolatedArmed, !saidArmed, moment.progress >= 0.5 {
      saidArmed = true
      return .armed
    }
    switch settings.mode {
    case .classic: return moment.head
    case .gen4: return moment.head == .running && packetNumber % Self.strayIdle != 0 ? .running : .idle
    case .halo: return .idle
    }
  }
}
