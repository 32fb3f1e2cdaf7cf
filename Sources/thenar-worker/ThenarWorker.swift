internal import CPlatform
internal import CThenarDriver
internal import Glibc
internal import Worker

/// The process that runs one driver for one device, or one emulator.
@main enum ThenarWorker {
  static func main() {
    // A reader that went away shows as an error of the write.
    signal(SIGPIPE, SIG_IGN)
    let arguments = Array(CommandLine.arguments.dropFirst())
    switch arguments.first {
    case "run": runDriver()
    case "emulate":
      do throws(UsageError) {
        try runEmulator(EmulateOptions(arguments.dropFirst()))
      } catch {
        fail(error.sentence)
      }
    default: fail(usage)
    }
  }

  /// What to run comes over the link; the arguments of `run` are for people who list processes.
  private static func runDriver() {
    let link: Int32 = 3
    var status = stat()
    guard fstat(link, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else {
      fail("thenar-worker run is started by Thenar, which talks to it over descriptor 3: use \"thenar serve\".")
    }
    // A driver that hangs does not see that the hub is gone; the kernel does.
    if thenar_die_with_parent() == ESRCH { exit(0) }
    // A driver may start no process; one that does shall not keep the link or the instrument open with it.
    _ = fcntl(link, F_SETFD, FD_CLOEXEC)
    _ = thenar_close_in_forked_children()
    _ = thenar_report_crashes()
    WorkerLoop(link: link, confine: confine).run()
    // The hub sees the end now, whoever else holds the link.
    shutdown(link, Int32(SHUT_RDWR))
  }

  private static func runEmulator(_ options: EmulateOptions) {
    if options.diesWithParent, thenar_die_with_parent() == ESRCH { exit(0) }
    _ = thenar_report_crashes()
    do throws(EmulatorFailure) {
      let place = try options.place.prepare(isHID: options.setup.isHID)
      let module = loadConfined(options)
      let runner = try EmulatorRunner(module: module, setup: options.setup, at: place)
      // Whoever started it, a script say, may go on.
      say("The emulated instrument listens at \(options.at).", on: STDOUT_FILENO)
      try runner.run()
    } catch {
      fail(error.sentence)
    }
  }

  private static func loadConfined(_ options: EmulateOptions) -> UnsafePointer<thenar_driver> {
    do throws(ModuleFailure) {
      try confineEmulator(at: options.place, library: options.library)
      return try loadModule(library: options.library, id: options.module, version: nil)
    } catch {
      fail(error.sentence)
    }
  }

  static let usage = """
    usage: thenar-worker run [--device NAME --module ID]
           thenar-worker emulate --library PATH --module ID --transport hid|serial --at unix:PATH|pty:LINK
                                 [--settings JSON] [--report-descriptor HEX] [--die-with-parent]
    """

  /// Ends the process with the exit status of a wrong use (EX_USAGE).
  private static func fail(_ sentence: String) -> Never {
    say(sentence, on: STDERR_FILENO)
    exit(64)
  }

  private static func say(_ sentence: String, on stream: Int32) {
    let line = Array((sentence + "\n").utf8)
    _ = write(stream, line, line.count)
  }
}
