internal import Glibc
internal import Manifests
internal import Platform
internal import Supervision

/// A module that is to be emulated: `stackmat`, or with settings for its emulator `stackmat={"mode":"classic"}`.
package struct EmulationRequest: Sendable, Equatable {
  /// The module's id.
  package var module: String
  /// Settings for the emulator: a JSON object.
  package var settings: String

  /// Reads a request.
  package init(_ text: String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    module = String(parts[0])
    settings = parts.count > 1 ? String(parts[1]) : "{}"
  }
}

/// Starts emulators, each a process behind a socket of its own.
struct EmulatorFleet {
  private let launcher: WorkerLauncher
  private let directory: String
  private let libraryDirectories: [String]
  private var processes: [OwnedProcess] = []

  /// The sockets go into a directory beside the hub's own socket, and as only one hub can have that, no two share one.
  init(launcher: WorkerLauncher, hubSocket: String, libraryDirectories: [String]) {
    self.launcher = launcher
    directory = hubSocket + ".emulators"
    self.libraryDirectories = libraryDirectories
  }

  /// Starts the emulator of a module; gives its socket.
  mutating func start(
    _ module: InstalledModule, _ emulator: ManifestEmulator, settings: String
  ) throws(StationFailure) -> String {
    let id = module.manifest.id
    let socket = "\(directory)/\(id).sock"
    guard UnixAddress(path: socket) != nil else {
      throw StationFailure(
        .configuration,
        "The path \(socket) of an emulator's socket is longer than \(UnixAddress.longestPath) bytes: use a shorter "
          + "--socket.")
    }
    if processes.isEmpty {
      do { try makePrivateDirectory(directory) } catch { throw StationFailure(.unavailable, error.text + ".") }
    }
    let library: String
    do {
      library = try module.libraryPath(directories: libraryDirectories)
    } catch {
      throw StationFailure(.configuration, error.sentence)
    }
    var arguments = [
      "--library", library, "--module", id, "--transport", module.manifest.transport.rawValue, "--at", "unix:" + socket,
      "--settings", settings,
    ]
    if !emulator.reportDescriptor.isEmpty {
      arguments += ["--report-descriptor", hexadecimal(emulator.reportDescriptor)]
    }
    let process: OwnedProcess
    do {
      process = try launcher.launchEmulator(of: id, arguments)
    } catch {
      throw StationFailure(.unavailable, error.sentence)
    }
    processes.append(process)
    // A module that cannot be loaded is its own device's misfortune, which its worker will tell; settings that the
    // emulator refuses are a request that a person must correct.
    if !Self.waitForSocket(socket, of: process), settings != "{}" {
      throw StationFailure(
        .configuration, "The emulator of \(id) ended at once. Its own sentence says why: correct --emulate.")
    }
    return socket
  }

  /// Waits up to 2 s for an emulator to take its place. `false`: its process has ended instead.
  private static func waitForSocket(_ socket: String, of process: OwnedProcess) -> Bool {
    for _ in 0..<400 where access(socket, F_OK) != 0 {
      if process.reap() != nil { return false }
      poll(nil, 0, 5)
    }
    return true
  }

  /// Ends them, and removes their sockets.
  func remove() {
    for process in processes { process.kill() }
    for process in processes {
      for _ in 0..<100 where process.reap() == nil { poll(nil, 0, 5) }
    }
    if !processes.isEmpty { removePrivateDirectory(directory) }
  }
}

package func hexadecimal(_ bytes: [UInt8]) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
}
