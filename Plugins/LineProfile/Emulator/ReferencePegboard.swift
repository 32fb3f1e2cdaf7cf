internal import DriverKit
internal import EmulatedHand

/// A board with nine holes that speaks the reference line protocol (PROTOCOL.md 1), and a hand that
/// does one nine-hole peg test after the other on it.
struct ReferencePegboard: Emulator {
  private static let firstTest: Microseconds = 500_000
  private static let heartbeat: Microseconds = 1_000_000
  private static let fullState: Microseconds = 10_000_000
  private static let holes = 9

  private enum Task { case heartbeat, fullState, move, endlessLine }

  private let settings: PegboardSettings
  private var random: SeededRandom
  private var due: [(time: Microseconds, task: Task)] = []
  /// When the clock showed `clockStart`.
  private var bootTime: Microseconds = 0
  private var clockStart: Microseconds = 0
  private var filled: Set<Int> = []
  private var testNumber: UInt64 = 0
  private var testStart: Microseconds = 0
  private var moves: [(time: Int64, move: PegTest.Move)] = []
  private var nextMove = 0
  private var hasReset = false
  private var lineCount = 0
  private var command: [UInt8] = []

  /// Reads `seed`, `clock_start_us`, `rest_ms` and `faults`.
  init(setup: DriverSetup, host: EmulatorHost) throws(SetupRefusal) {
    do throws(JSONMismatch) {
      settings = try PegboardSettings(setup.settings)
    } catch {
      throw SetupRefusal("The emulator's settings cannot be used. \(error.sentence)")
    }
    random = SeededRandom(seed: settings.seed)
  }

  mutating func connected(at now: Microseconds, host: EmulatorHost) {
    testNumber = 0
    lineCount = 0
    hasReset = false
    random = SeededRandom(seed: settings.seed)
    boot(at: now, clock: settings.clockStart, host: host)
  }

  mutating func receive(_ bytes: Span<UInt8>, at now: Microseconds, host: EmulatorHost) {
    for index in bytes.indices {
      let byte = bytes[index]
      if byte != 0x0A, byte != 0x0D {
        if command.count < 16 { command.append(byte) }
      } else if !command.isEmpty {
        perform(command, at: now, host: host)
        command = []
      }
    }
  }

  mutating func wake(at now: Microseconds, host: EmulatorHost) {
    while let next = due.min(by: { $0.time < $1.time }), next.time <= now {
      due.removeAll { $0.task == next.task }
      perform(next.task, at: next.time, host: host)
    }
    host.wake(at: due.map(\.time).min())
  }

  private mutating func schedule(_ task: Task, at time: Microseconds) {
    due.removeAll { $0.task == task }
    due.append((time, task))
  }

  // MARK: The board

  private mutating func boot(at now: Microseconds, clock: Microseconds, host: EmulatorHost) {
    (bootTime, clockStart) = (now, clock)
    filled = []
    due = []
    schedule(.heartbeat, at: now + Self.heartbeat)
    schedule(.fullState, at: now + Self.fullState)
    beginTest(at: now + Self.firstTest)
    hello(host: host)
    host.wake(at: due.map(\.time).min())
  }

  private mutating func perform(_ command: [UInt8], at now: Microseconds, host: EmulatorHost) {
    switch command {
    case Array("?".utf8):
      hello(host: host)
      fullState(host: host)
    case Array("Z".utf8):
      (bootTime, clockStart) = (now, 0)
      send("B,0", host: host)
    case Array("A".utf8):
      if nextMove == 0 { beginTest(at: now + Self.firstTest) }
    case Array("R".utf8): boot(at: now, clock: 0, host: host)
    default: send("F,1,unknown command", host: host)
    }
    host.wake(at: due.map(\.time).min())
  }

  private mutating func perform(_ task: Task, at time: Microseconds, host: EmulatorHost) {
    switch task {
    case .heartbeat:
      send("B,\(counter(at: time))", host: host)
      schedule(.heartbeat, at: time + Self.heartbeat)
    case .fullState:
      fullState(host: host)
      schedule(.fullState, at: time + Self.fullState)
    case .move: move(at: time, host: host)
    case .endlessLine:
      host.send([UInt8](repeating: UInt8(ascii: "U"), count: 64))
      due = []
      schedule(.endlessLine, at: time + 10_000)
    }
  }

  private func counter(at time: Microseconds) -> Microseconds { (clockStart + time - bootTime) & 0xFFFF_FFFF }

  private mutating func hello(host: EmulatorHost) { send("H,PEGBOARD,1,\(Self.holes),fw1.0,sn0001", host: host) }

  private mutating func fullState(host: EmulatorHost) {
    let mask = filled.reduce(0) { $0 | 1 << ($1 - 1) }
    let digits = String(mask, radix: 16, uppercase: true)
    send("D," + String(repeating: "0", count: 4 - digits.count) + digits, host: host)
  }

  // MARK: The hand

  private mutating func beginTest(at time: Microseconds) {
    moves = PegTest(seed: settings.seed &+ testNumber, holes: Self.holes).moves
    testNumber += 1
    nextMove = 0
    testStart = time
    schedule(.move, at: time)
  }

  private mutating func move(at time: Microseconds, host: EmulatorHost) {
    if settings.faults.resetMidTrial, !hasReset, nextMove == moves.count / 2 {
      hasReset = true
      return boot(at: time, clock: 0, host: host)
    }
    let stamp = counter(at: time)
    switch moves[nextMove].move {
    case .start: send("S,\(stamp),plate", host: host)
    case .insert(let hole):
      filled.insert(hole)
      send("I,\(stamp),\(hole)", host: host)
    case .remove(let hole):
      filled.remove(hole)
      send("O,\(stamp),\(hole)", host: host)
    case .stop: send("X,\(stamp),plate", host: host)
    }
    nextMove += 1
    if nextMove < moves.count { return schedule(.move, at: testStart + moves[nextMove].time) }
    beginTest(at: time + settings.rest)
    if settings.faults.endlessLine { schedule(.endlessLine, at: time + 1_000_000) }
  }

  // MARK: The wire

  private mutating func send(_ text: String, host: EmulatorHost) {
    lineCount += 1
    var check = text.utf8.reduce(0, ^)
    let every = settings.faults.badChecksumEvery
    if every > 0, lineCount % every == 0 { check ^= 0x01 }
    if settings.faults.noise, lineCount % 7 == 0 { host.send(noise()) }
    let digits = Array("0123456789ABCDEF".utf8)
    host.send(Array(text.utf8) + [UInt8(ascii: "*"), digits[Int(check >> 4)], digits[Int(check & 15)], 0x0A])
  }

  /// A few bytes that belong to no line; with or without an end, so that some spoil the line behind them.
  private mutating func noise() -> [UInt8] {
    let bytes = (0..<Int.random(in: 1...6, using: &random)).map { _ in UInt8.random(in: 0x80...0xFF, using: &random) }
    return Bool.random(using: &random) ? bytes + [0x0A] : bytes
  }
}
