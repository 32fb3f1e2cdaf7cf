internal import CPlatform
internal import Glibc
internal import Supervision
internal import WorkerLink

/// Starts the processes that run drivers and emulators.
struct WorkerLauncher: Sendable {
  private let program: String
  private let backtraces: String

  /// `crashes` is a directory for the reports of crashed drivers; `nil`: none are written.
  init(program: String, crashes: String?) {
    self.program = program
    // Said explicitly, because the default handler takes 20 ms (measured) and writes to the terminal.
    backtraces =
      "SWIFT_BACKTRACE="
      + (crashes.map {
        "enable=yes,interactive=no,color=no,threads=crashed,registers=none,images=none,output-to=\($0)"
      } ?? "enable=no")
  }

  /// Starts a worker for a device; it gets its setup over the link.
  func launch(_ setup: WorkerSetup) throws(LaunchFailure) -> WorkerProcess {
    var pair: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &pair) == 0 else {
      throw LaunchFailure("No link to a worker could be made: \(String(cString: strerror(errno))).")
    }
    defer { close(pair[1]) }
    do throws(LaunchFailure) {
      let process = try spawn(["run", "--device", setup.device, "--module", setup.module], control: pair[1])
      return WorkerProcess(descriptor: pair[0], process: process)
    } catch {
      close(pair[0])
      throw error
    }
  }

  /// Starts an emulator; it ends when this process does.
  func launchEmulator(_ arguments: [String]) throws(LaunchFailure) -> Int32 {
    let nothing = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(nothing) }
    return try spawn(["emulate"] + arguments + ["--die-with-parent"], control: nothing)
  }

  private func spawn(_ arguments: [String], control: Int32) throws(LaunchFailure) -> Int32 {
    // Lists of processes show what it is, not where it lies.
    var argv: [UnsafeMutablePointer<CChar>?] = (["thenar worker"] + arguments).map { strdup($0) } + [nil]
    var environment: [UnsafeMutablePointer<CChar>?] = []
    var entry = environ
    while let variable = entry.pointee {
      if strncmp(variable, "SWIFT_BACKTRACE=", 16) != 0 { environment.append(variable) }
      entry += 1
    }
    let backtraces = strdup(self.backtraces)
    environment += [backtraces, nil]
    defer {
      for argument in argv { free(argument) }
      free(backtraces)
    }
    var (process, descriptor): (Int32, Int32) = (0, -1)
    let error = thenar_spawn(program, &argv, &environment, control, &process, &descriptor)
    if descriptor >= 0 { close(descriptor) }
    guard error == 0 else {
      throw LaunchFailure("The program \(program) could not be started: \(String(cString: strerror(error))).")
    }
    return process
  }
}
