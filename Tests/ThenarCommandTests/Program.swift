import Glibc

/// The built command, running.
final class Program {
  private let process: pid_t
  private let input: Int32
  private let output: Int32
  private let errors: Int32
  /// The terminal's own side, where it runs in one.
  private let terminal: Int32?
  private var received: [UInt8] = []

  /// Starts `thenar`, in a terminal of 80 by 24 or with pipes.
  init(_ arguments: [String], inTerminal: Bool = false) {
    let errorPipe = pipePair()
    let ends: (input: Int32, output: Int32)
    if inTerminal {
      let (own, other) = terminalPair()
      (input, output, terminal) = (own, own, other)
      ends = (other, other)
    } else {
      let (inputPipe, outputPipe) = (pipePair(), pipePair())
      (input, output, terminal) = (inputPipe.write, outputPipe.read, nil)
      ends = (inputPipe.read, outputPipe.write)
    }
    errors = errorPipe.read
    process = spawn(arguments, input: ends.input, output: ends.output, errors: errorPipe.write)
    close(errorPipe.write)
    if !inTerminal {
      close(ends.input)
      close(ends.output)
    }
  }

  deinit {
    kill(process, SIGKILL)
    for descriptor in Set([input, output, errors, terminal ?? errors]) { close(descriptor) }
  }

  /// All output, once a text is in it; fewer than 30 seconds later in any case.
  func output(until text: String) -> String {
    while !String(decoding: received, as: UTF8.self).contains(text), let more = chunk(output) { received += more }
    return String(decoding: received, as: UTF8.self)
  }

  /// Waits for the end: exit status (or 128 and the signal), all output, all errors.
  func end() -> (status: Int32, output: String, errors: String) {
    var status: Int32 = 0
    if let terminal {
      // Read meanwhile: a terminal that nobody reads holds the program.
      let patience = ContinuousClock.now + .seconds(30)
      while waitpid(process, &status, WNOHANG) == 0 {
        received += chunk(output, within: 20) ?? []
        if patience < .now { kill(process, SIGKILL) }
      }
      // What the program wrote is in the terminal by now; this mark is behind it.
      _ = write(terminal, Self.mark, Self.mark.utf8.count)
      _ = output(until: Self.mark)
    } else {
      while let more = chunk(output) { received += more }
      waitpid(process, &status, 0)
    }
    var complaint: [UInt8] = []
    while let more = chunk(errors) { complaint += more }
    let signal = status & 0x7F
    return (
      signal == 0 ? status >> 8 & 0xFF : 128 + signal, String(decoding: received, as: UTF8.self),
      String(decoding: complaint, as: UTF8.self)
    )
  }

  /// Stands behind all that a program wrote to its terminal.
  static let mark = "(end)"

  /// Presses keys.
  func press(_ keys: String) { _ = write(input, keys, keys.utf8.count) }

  /// Sends a signal.
  func send(_ signal: Int32) { kill(process, signal) }

  /// The terminal shows keys and takes whole lines: as it did before the program ran.
  var terminalIsAsBefore: Bool {
    var settings = termios()
    guard let terminal, tcgetattr(terminal, &settings) == 0 else { return false }
    let flags = tcflag_t(ICANON | ECHO | ISIG)
    return settings.c_lflag & flags == flags
  }

  private func chunk(_ descriptor: Int32, within milliseconds: Int32 = 30_000) -> [UInt8]? {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, milliseconds) > 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 ? Array(bytes[..<count]) : nil
  }
}

/// Runs `thenar` to its end.
func run(_ arguments: String...) -> (status: Int32, output: String, errors: String) { Program(arguments).end() }

private func pipePair() -> (read: Int32, write: Int32) {
  var ends: [Int32] = [0, 0]
  guard pipe(&ends) == 0 else { fatalError("no pipe for a test: \(errno)") }
  for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  return (ends[0], ends[1])
}

/// A pseudo-terminal by the calls under `posix_openpt`, which the Glibc module does not show.
private func terminalPair() -> (own: Int32, other: Int32) {
  let (unlock, number): (UInt, UInt) = (0x4004_5431, 0x8004_5430)  // TIOCSPTLCK and TIOCGPTN
  var (lock, index): (Int32, Int32) = (0, 0)
  let own = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
  guard own >= 0, ioctl(own, unlock, &lock) == 0, ioctl(own, number, &index) == 0 else {
    fatalError("no terminal for a test: \(errno)")
  }
  let other = open("/dev/pts/\(index)", O_RDWR | O_NOCTTY | O_CLOEXEC)
  var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
  guard other >= 0, ioctl(own, UInt(TIOCSWINSZ), &size) == 0 else { fatalError("no terminal for a test: \(errno)") }
  return (own, other)
}

/// The command lies beside the tests.
private var program: String {
  var path = [UInt8](repeating: 0, count: 4096)
  let count = path.withUnsafeMutableBytes { bytes in
    bytes.withMemoryRebound(to: CChar.self) { text in
      text.baseAddress.map { readlink("/proc/self/exe", $0, text.count) } ?? 0
    }
  }
  let own = String(decoding: path.prefix(max(count, 0)), as: UTF8.self)
  return own.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/thenar"
}

private func spawn(_ arguments: [String], input: Int32, output: Int32, errors: Int32) -> pid_t {
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  for (from, to) in [(input, 0), (output, 1), (errors, 2)] as [(Int32, Int32)] {
    posix_spawn_file_actions_adddup2(&actions, from, to)
  }
  func lent(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] { texts.map { strdup($0) } + [nil] }
  let words = lent([program] + arguments)
  let variables = lent(["TERM=xterm", "LC_ALL=C.UTF-8", "NO_COLOR=1", "TZ=UTC"])
  defer { for text in words + variables { free(text) } }
  var process: pid_t = 0
  // The threads on which tests run block signals; the command must not inherit that.
  var attributes = posix_spawnattr_t()
  posix_spawnattr_init(&attributes)
  defer { posix_spawnattr_destroy(&attributes) }
  var none = sigset_t()
  sigemptyset(&none)
  posix_spawnattr_setsigmask(&attributes, &none)
  posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
  let failure = posix_spawn(&process, program, &actions, &attributes, words, variables)
  guard failure == 0 else { fatalError("\(program) does not start: \(failure)") }
  return process
}
