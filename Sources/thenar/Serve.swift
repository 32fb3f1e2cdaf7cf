internal import ArgumentParser
internal import Glibc
internal import Logging
internal import Platform
internal import Station

/// Runs the station's hub.
struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the hub: find the instruments, drive them, serve their readings.",
    discussion: """
      No configuration is needed to start. USB instruments that a driver module knows are found by themselves; serial \
      adapters are opened only when the configuration names them. Ends in good order on Ctrl-C or SIGTERM. On SIGHUP it \
      reads the configuration and the modules anew; devices that this does not concern go on.

      Examples:
        thenar serve
        thenar serve --config /etc/thenar/thenar.json
        thenar serve --emulate all
        thenar serve --emulate go-direct --emulate 'stackmat={"mode":"classic"}'

      Exit status: 0 after an orderly end, 69 when the socket or a directory cannot be had, 78 when the configuration \
      or the request is wrong.
      """)

  @Option(name: .customLong("config"), help: ArgumentHelp("The station's configuration file.", valueName: "file"))
  var configurationFile: String?

  @Option(help: ArgumentHelp("Where consumers connect.", valueName: "path"))
  var socket: String?

  @Option(help: ArgumentHelp("Directory for what must outlive a restart.", valueName: "dir"))
  var state: String?

  @Option(
    name: .customLong("modules"),
    help: ArgumentHelp("Folder of driver modules, instead of those that came with Thenar.", valueName: "dir"))
  var moduleFolders: [String] = []

  @Option(
    help: ArgumentHelp(
      "Run the emulated instrument of a module beside the real ones; \"all\" for every module.",
      valueName: "module[=settings]"))
  var emulate: [String] = []

  @Flag(inversion: .prefixedNo, help: "Look for instruments that are plugged into this machine.")
  var discovery = true

  func run() throws {
    // Before any other thread begins, so that these signals reach only the wait below.
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    signal(SIGPIPE, SIG_IGN)
    raiseDescriptorLimit()

    // What drivers start and leave behind shall come here, and end.
    Orphans.adopt()

    let queue = LogQueue()
    defer { queue.finish() }
    LoggingSystem.bootstrap { QueuedLogHandler(label: $0, queue: queue) }
    let log = Logger(label: "thenar")
    let station: Station
    do {
      station = try Station(stationOptions, log: log)
    } catch let failure as StationFailure {
      queue.log("thenar: \(failure.sentence)")
      throw ExitCode(failure.kind == .configuration ? 78 : 69)
    }
    log.info("Serving on \(station.socketPath)")
    let hadTerminal = hasTerminal
    while nextSignal(&signals) == SIGHUP {
      // It also says that the terminal was closed; then nobody could end this program by it any more.
      if hadTerminal, !hasTerminal { break }
      station.reload()
    }
    log.info("Stopping: the instruments are being closed")
    station.stop()
  }

  private var stationOptions: StationOptions {
    var options = StationOptions(build: Thenar.version)
    options.configuration = configurationFile
    options.socket = socket
    options.state = state
    options.moduleFolders = moduleFolders
    options.emulate = emulate.map(EmulationRequest.init)
    options.discover = discovery
    return options
  }

  private func nextSignal(_ signals: inout sigset_t) -> Int32 {
    var received: Int32 = 0
    while sigwait(&signals, &received) != 0 {}
    return received
  }

  /// Whether the program can be spoken to from a terminal.
  private var hasTerminal: Bool {
    let terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
    if terminal >= 0 { close(terminal) }
    return terminal >= 0
  }

  /// A consumer, a worker and a device node each take a descriptor; the usual soft limit of 1024 is too small.
  private func raiseDescriptorLimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = min(limit.rlim_max, 16_384)
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
