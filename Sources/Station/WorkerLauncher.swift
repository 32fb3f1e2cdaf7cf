internal import Glibc
internal import Platform
internal import Supervision
internal import WorkerLink

/// Starts the processes that run drivers and emulators.
struct WorkerLauncher: Sendable {
  /// A driver keeps a few megabytes; one that wants more than this is out of its mind, and is refused before the station
  /// runs out of memory.
  static let limits = OwnedProcess.Limits(memory: 512 << 20, files: 64)

  private let program: String
  private let environment: [String]
  private let watch: ProcessWatch

  init(program: String, watch: ProcessWatch) {
    self.program = program
    self.watch = watch
    // The runtime would start a program of its own for that, which a worker may not: it tells of crashes itself.
    var environment = ["SWIFT_BACKTRACE=enable=no"]
    var entry = environ
    while let variable = entry.pointee {
      if strncmp(variable, "SWIFT_BACKTRACE=", 16) != 0 { environment.append(String(cString: variable)) }
      entry += 1
    }
    self.environment = environment
  }

  /// Starts a worker for a device; it gets its setup over the link.
  func launch(_ setup: WorkerSetup) throws(LaunchFailure) -> WorkerProcess {
    let link = try makeLink()
    defer { close(link.theirs) }
    do throws(LaunchFailure) {
      let process = try spawn(
        ["run", "--device", setup.device, "--module", setup.module], setup.device, control: link.theirs)
      return WorkerProcess(descriptor: link.ours, process)
    } catch {
      close(link.ours)
      throw error
    }
  }

  /// Starts an emulator; it ends when this process does.
  func launchEmulator(of module: String, _ arguments: [String]) throws(LaunchFailure) -> OwnedProcess {
    let nothing = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(nothing) }
    return try spawn(
      ["emulate"] + arguments + ["--die-with-parent"], "The emulator of \(module)", control: nothing)
  }

  private func spawn(_ arguments: [String], _ name: String, control: Int32) throws(LaunchFailure) -> OwnedProcess {
    // Its standard error: what a driver says comes to the log in lines, and does not hold up whoever reads that.
    let output = try makeLink()
    defer { close(output.theirs) }
    shutdown(output.theirs, Int32(SHUT_RD))
    do throws(SystemFailure) {
      // Lists of processes show what it is, not where it lies.
      let process = try OwnedProcess(
        program: program, arguments: ["thenar worker"] + arguments, environment: environment, control: control,
        errors: output.theirs, limits: Self.limits)
      watch.add(name, process, output: output.ours)
      return process
    } catch {
      close(output.ours)
      throw LaunchFailure("The program \(program) could not be started: \(error.text).")
    }
  }

  private func makeLink() throws(LaunchFailure) -> (ours: Int32, theirs: Int32) {
    var pair: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &pair) == 0 else {
      throw LaunchFailure("No link to a worker could be made: \(SystemFailure.last.text).")
    }
    return (pair[0], pair[1])
  }
}
