internal import Configuration
internal import Discovery
internal import Glibc
internal import Consumers
internal import Hub
internal import Loop
package import Logging
internal import Supervision
internal import Wire
internal import Modules
internal import Synchronization
internal import ThenarClient

/// What `thenar serve` was asked to do.
package struct StationOptions: Sendable {
  /// Path of the configuration; `nil`: all defaults.
  package var configuration: String?
  /// Path of the socket; `nil`: from the configuration, else the usual place.
  package var socket: String?
  /// Directory for what must outlive a restart; `nil`: from the configuration, else the usual place.
  package var state: String?
  /// Folders of driver modules; empty: those of the installation.
  package var moduleFolders: [String] = []
  /// Modules to emulate; `all` stands for every module that brings an emulator.
  package var emulate: [EmulationRequest] = []
  /// Whether to look for instruments on the machine.
  package var discover = true
  /// Version of this build.
  package var build: String

  /// Options with the usual defaults.
  package init(build: String) { self.build = build }
}

/// A whole station: the hub, the devices of this machine, the emulators.
package final class Station {
  private let server: HubServer
  private let discovery: DeviceDiscovery?
  private let fleet: EmulatorFleet
  /// Path of the socket that consumers connect to.
  package let socketPath: String

  /// Begins. Throws a ``StationFailure``.
  package init(_ options: StationOptions, log: Logger) throws {
    let configuration = try Self.readConfiguration(options)
    let installation = Installation()
    let folders =
      (options.moduleFolders.isEmpty ? installation.moduleFolders : options.moduleFolders)
      + configuration.modules.folders
    let catalogue = ModuleCatalogue(folders: folders)
    for refused in catalogue.refused { log.warning("\(refused.sentence)") }
    if let problem = configuration.problems(with: catalogue).first {
      throw StationFailure(.configuration, problem.sentence)
    }
    let requests = try Self.emulations(options.emulate, catalogue)

    var accounts = Accounts()
    let roles = accounts.roles(configuration.roles)
    let group = configuration.socket.group.flatMap { accounts.group($0) }
    if let problem = accounts.problems.first { throw StationFailure(.configuration, problem) }

    socketPath = SocketLocation().forHub(option: options.socket ?? configuration.socket.path)
    let state = try Self.stateDirectory(options, configuration, log)
    let launcher = WorkerLauncher(
      program: installation.worker,
      crashes: state.flatMap { makeDirectories($0 + "/crashes", mode: 0o750) ? $0 + "/crashes" : nil })
    var hub = HubOptions(
      build: options.build, socketPath: socketPath, roles: roles,
      launch: { setup throws(LaunchFailure) in try launcher.launch(setup) }, log: { log.info("\($0)") })
    hub.station = configuration.station ?? ""
    hub.socketGroup = group
    hub.consumerLimits.queueBytes = configuration.socket.queueBytes
    hub.ringBytes = configuration.records.ringBytes
    hub.effortRule = EffortRule(configuration.trials)
    hub.auditPath = state.map { $0 + "/audit.log" }
    hub.drivers = catalogue.listing(libraryDirectories: installation.libraryDirectories)
    let server: HubServer
    do {
      server = try HubServer(hub)
    } catch let failure as SocketFailure {
      throw StationFailure(.unavailable, failure.sentence)
    } catch let failure as EventLoop.Failure {
      throw StationFailure(.unavailable, failure.sentence)
    }
    self.server = server

    let disabled = Set(configuration.modules.disabled.map(\.id))
    var director = DeviceDirector(
      matcher: Matcher(catalogue: catalogue, devices: configuration.devices, disabledModules: disabled),
      configuredNames: configuration.devices.compactMap(\.name), libraryDirectories: installation.libraryDirectories
    ) { direction in
      switch direction {
      case .attach(let assignment): server.attach(assignment)
      case .show(let device): server.show(device)
      case .detach(let key): server.detach(key)
      }
    }
    var fleet = EmulatorFleet(
      launcher: launcher, directory: parent(of: socketPath) + "/emulators",
      libraryDirectories: installation.libraryDirectories)
    do {
      for (module, emulator, settings) in requests {
        let socket = try fleet.start(module, emulator, settings: settings)
        director.attach(emulated: module, emulator, socket: socket)
      }
    } catch {
      server.stop()
      fleet.remove()
      throw error
    }
    self.fleet = fleet
    for entry in configuration.devices {
      if let address = entry.undiscoveredAddress { director.attach(configuredPath: entry, address) }
    }
    guard options.discover else {
      discovery = nil
      return
    }
    // From here on the director belongs to discovery's thread alone.
    let handedOver = Mutex(director)
    do {
      discovery = try DeviceDiscovery { event in
        if case .failed(let sentence) = event { log.error("\(sentence)") }
        handedOver.withLock { $0.take(event) }
      }
    } catch {
      server.stop()
      fleet.remove()
      throw StationFailure(.unavailable, error.sentence)
    }
  }

  /// Closes the instruments in good order and ends. Blocks until that is done.
  package func stop() {
    discovery?.stop()
    server.stop()
    fleet.remove()
  }

  // MARK: Beginning

  private static func readConfiguration(_ options: StationOptions) throws(StationFailure) -> StationConfiguration {
    guard let file = options.configuration else { return StationConfiguration() }
    do {
      return try StationConfiguration(file: file)
    } catch {
      throw StationFailure(.configuration, error.sentence)
    }
  }

  private static func emulations(
    _ requests: [EmulationRequest], _ catalogue: ModuleCatalogue
  ) throws(StationFailure) -> [(InstalledModule, ManifestEmulator, String)] {
    var found: [(InstalledModule, ManifestEmulator, String)] = []
    for request in requests {
      if request.module == "all" {
        found += catalogue.modules.compactMap { module in module.manifest.emulator.map { (module, $0, "{}") } }
        continue
      }
      guard let module = catalogue[request.module] else {
        let known = catalogue.modules.map(\.manifest.id).joined(separator: ", ")
        throw StationFailure(
          .configuration, "There is no module named \"\(request.module)\" to emulate; there are: \(known), all.")
      }
      guard let emulator = module.manifest.emulator else {
        throw StationFailure(.configuration, "The module \(request.module) brings no emulator.")
      }
      found.append((module, emulator, request.settings))
    }
    return found
  }

  /// The directory for what must outlive a restart. One that was asked for must be there; the usual one may be missing.
  private static func stateDirectory(
    _ options: StationOptions, _ configuration: StationConfiguration, _ log: Logger
  ) throws(StationFailure) -> String? {
    if let path = options.state ?? configuration.stateDirectory {
      guard makeDirectories(path, mode: 0o750), access(path, W_OK) == 0 else {
        throw StationFailure(
          .unavailable, "The state directory \(path) cannot be written: \(String(cString: strerror(errno))).")
      }
      return path
    }
    func variable(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
    let path =
      geteuid() == 0
      ? "/var/lib/thenar"
      : (variable("XDG_STATE_HOME") ?? (variable("HOME") ?? "/tmp") + "/.local/state") + "/thenar"
    guard makeDirectories(path, mode: 0o750), access(path, W_OK) == 0 else {
      log.warning("The state directory \(path) cannot be written, so commands are not recorded: give --state.")
      return nil
    }
    return path
  }
}

extension EffortRule {
  fileprivate init(_ settings: TrialSettings) {
    self.init(
      onset: settings.onsetNewtons, onsetHold: Int64(settings.onsetHoldMilliseconds) * 1000,
      release: settings.releaseNewtons, releaseHold: Int64(settings.releaseHoldMilliseconds) * 1000)
  }
}
