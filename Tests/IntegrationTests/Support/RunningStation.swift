import Glibc
import ThenarClient

/// A hub that runs as a process of its own, with folders of its own.
final class RunningStation {
  let folder: TemporaryFolder
  private(set) var hub: Program
  private let options: [String]

  var socket: String { folder.path + "/run/consumer.sock" }

  /// Starts `thenar serve` with these options; it is ready when this returns. `descriptors`: it may have no more.
  /// `errors`: a file in the place of its standard error; then it is ready when it has a socket.
  init(
    _ options: [String], in folder: TemporaryFolder? = nil, descriptors: Int? = nil, errors: String? = nil
  ) throws {
    let folder = try folder ?? TemporaryFolder()
    self.folder = folder
    self.options =
      ["serve", "--no-discovery", "--socket", folder.path + "/run/consumer.sock", "--state", folder.path + "/state"]
      + options
    if descriptors == nil, errors == nil {
      hub = try Program(Build.thenar, self.options)
    } else {
      let limit = descriptors.map { "ulimit -n \($0); " } ?? ""
      let redirection = errors == nil ? "" : " 2<>\"$0\""
      hub = try Program(
        "/bin/sh", ["-c", limit + "exec \"$@\"" + redirection, errors ?? "hub", Build.thenar] + self.options)
    }
    if errors == nil {
      try hub.waitUntilItSays("Serving on")
      return
    }
    for _ in 0..<Int(patience * 100) where access(socket, F_OK) != 0 { usleep(10_000) }
  }

  deinit { hub.destroy() }

  /// Starts it again in the same folders, after its process ended.
  func restart() throws {
    hub = try Program(Build.thenar, options)
    try hub.waitUntilItSays("Serving on")
  }

  /// A consumer that is told everything from the first record on, or what concerns one device.
  func consumer(of device: String? = nil, kinds: [RecordKind] = []) throws -> Consumer {
    try Consumer(socket, device: device, kinds: kinds)
  }

  /// Ends it as the system does; says how it and all that it started ended.
  func stop() throws -> Ending {
    hub.signal(SIGTERM)
    return try hub.end()
  }

  /// The process that runs the driver of a device.
  func worker(of device: String) throws -> ChildProcess {
    let children = try ChildProcess.of(hub.process)
    guard let worker = children.first(where: { $0.commandLine.contains("run --device \(device) ") }) else {
      throw DidNotHappen(description: "\(device) has no worker; there are: \(children.map(\.commandLine)).")
    }
    return worker
  }
}
