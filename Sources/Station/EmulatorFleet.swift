internal import Glibc
internal import Supervision
internal import Modules
internal import StrictJSON

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
  private(set) var sockets: [String] = []

  /// `directory` is where the sockets go; it is made when it is missing.
  init(launcher: WorkerLauncher, directory: String, libraryDirectories: [String]) {
    self.launcher = launcher
    self.directory = directory
    self.libraryDirectories = libraryDirectories
  }

  /// Starts the emulator of a module; gives its socket.
  mutating func start(
    _ module: InstalledModule, _ emulator: ManifestEmulator, settings: String
  ) throws(StationFailure) -> String {
    let id = module.manifest.id
    let socket = "\(directory)/\(id).sock"
    guard socket.utf8.count <= 107 else {
      throw StationFailure(
        .configuration, "The path \(socket) of an emulator's socket is longer than 107 bytes: use a shorter --socket.")
    }
    guard makeDirectories(directory, mode: 0o750) else {
      throw StationFailure(.unavailable, "The directory \(directory) could not be made: check the rights above it.")
    }
    unlink(socket)
    let library: String
    do {
      library = try module.libraryPath(directories: libraryDirectories, isReadable: isReadable)
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
    let process: Int32
    do {
      process = try launcher.launchEmulator(arguments)
    } catch {
      throw StationFailure(.unavailable, error.sentence)
    }
    // A module that cannot be loaded is its own device's misfortune, which its worker will tell; settings that the
    // emulator refuses are a request that a person must correct.
    if !Self.waitForSocket(socket, of: process), settings != "{}" {
      throw StationFailure(
        .configuration, "The emulator of \(id) ended at once. Its own sentence above says why: correct --emulate.")
    }
    sockets.append(socket)
    return socket
  }

  /// Waits up to 2 s for an emulator to take its place. `false`: its process has ended instead.
  private static func waitForSocket(_ socket: String, of process: Int32) -> Bool {
    for _ in 0..<400 where access(socket, F_OK) != 0 {
      if waitpid(process, nil, WNOHANG) == process { return false }
      poll(nil, 0, 5)
    }
    return true
  }

  /// Removes the sockets' files.
  func remove() {
    for socket in sockets { unlink(socket) }
    rmdir(directory)
  }
}

package func hexadecimal(_ bytes: [UInt8]) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
}
