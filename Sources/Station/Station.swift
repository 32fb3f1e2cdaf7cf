internal import Configuration
internal import Consumers
internal import Discovery
internal import Glibc
internal import Hub
package import Logging
internal import Loop
internal import Manifests
internal import Platform
internal import Supervision
internal import Synchronization
internal import ThenarClient
internal import Wire

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
  private let options: StationOptions
  private let log: Logger
  private let server: HubServer
  private let hub: any HubFace
  private let discovery: DeviceDiscovery?
  private let fleet: EmulatorFleet
  private let watch: ProcessWatch
  /// Shared with discovery's thread.
  private let director: SharedDirector
  /// What was read at the start: what a reload cannot change is still as it says.
  private let started: StationReading
  /// Path of the socket that consumers connect to.
  package let socketPath: String

  /// Begins. Throws a ``StationFailure``.
  package init(_ options: StationOptions, log: Logger) throws {
    self.options = options
    self.log = log
    let reading = try StationReading(options)
    started = reading
    for refused in reading.rules.catalogue.refused { log.warning("\(refused.sentence)") }
    let configuration = reading.configuration
    let requests = try reading.emulations(options.emulate)

    socketPath = SocketLocation().forHub(option: options.socket ?? configuration.socket.path)
    let state = try StateDirectory(options, configuration, log: log)
    let watch = ProcessWatch(crashes: state.crashes.map(CrashReports.init)) { log.info("\($0)") }
    self.watch = watch
    for shortcoming in Confinement.shortcomings { log.warning("\(shortcoming)") }
    let launcher = WorkerLauncher(program: reading.installation.worker, watch: watch)
    var hub = HubOptions(
      build: options.build, socketPath: socketPath, roles: reading.roles,
      launch: { setup throws(LaunchFailure) in try launcher.launch(setup) }, log: { log.info("\($0)") })
    hub.station = configuration.station ?? ""
    hub.socketGroup = reading.group
    hub.consumerLimits.queueBytes = configuration.socket.queueBytes
    hub.ringBytes = configuration.records.ringBytes
    hub.effortRule = EffortRule(configuration.trials)
    hub.auditPath = state.audit
    hub.drivers = reading.listing
    let server: HubServer
    do {
      server = try HubServer(hub)
    } catch let failure as SocketFailure {
      throw StationFailure(.unavailable, failure.sentence)
    } catch let failure as EventLoop.Failure {
      throw StationFailure(.unavailable, failure.sentence)
    }
    self.server = server
    self.hub = server

    var fleet = EmulatorFleet(
      launcher: launcher, hubSocket: socketPath, libraryDirectories: reading.installation.libraryDirectories)
    do {
      let emulated = try requests.map { module, emulator, settings in
        EmulatedInstrument(
          module: module.manifest.id, emulator: emulator,
          socket: try fleet.start(module, emulator, settings: settings))
      }
      let director = SharedDirector(DeviceDirector(reading.rules, emulated: emulated, hub: self.hub))
      self.director = director
      discovery = try options.discover ? Self.discover(director, log) : nil
    } catch {
      server.stop()
      fleet.remove()
      watch.finish()
      throw error
    }
    self.fleet = fleet
  }

  /// Reads the configuration and the modules anew, and does what has changed. Where they cannot be used, all stays as it
  /// is, and the log says why.
  package func reload() {
    let reading: StationReading
    do throws(StationFailure) {
      reading = try StationReading(options)
      // A mistake in a manifest must not take instruments away that are being measured with.
      let before = director.use(\.rules.catalogue)
      if let spoilt = reading.rules.catalogue.spoilt(since: before).first {
        throw StationFailure(.configuration, spoilt.sentence)
      }
    } catch {
      log.error("Nothing was reloaded, and what was read before stays in force: \(error.sentence)")
      return
    }
    for refused in reading.rules.catalogue.refused { log.warning("\(refused.sentence)") }
    hub.setRoles(reading.roles)
    hub.setDrivers(reading.listing)
    let changes = director.use { $0.reload(reading.rules) }
    for key in reading.configuration.unreloadable(since: started.configuration) {
      log.warning("\"\(key)\" was changed in \(reading.configuration.file): this takes effect at the next start.")
    }
    log.info(
      "Reloaded: \(changes.isEmpty ? "no device is concerned" : changes.map(\.sentence).joined(separator: ", ")).")
  }

  /// Closes the instruments in good order and ends. Blocks until that is done.
  package func stop() {
    discovery?.stop()
    server.stop()
    fleet.remove()
    watch.finish()
  }

  private static func discover(_ director: SharedDirector, _ log: Logger) throws(StationFailure) -> DeviceDiscovery {
    do {
      return try DeviceDiscovery { event in
        if case .failed(let sentence) = event { log.error("\(sentence)") }
        director.use { $0.take(event) }
      }
    } catch {
      throw StationFailure(.unavailable, error.sentence)
    }
  }
}

/// The director, of whom discovery and a reload want something at times.
private final class SharedDirector: Sendable {
  private let director: Mutex<DeviceDirector>

  init(_ director: DeviceDirector) { self.director = Mutex(director) }

  func use<Result: Sendable>(_ body: (inout DeviceDirector) -> Result) -> Result {
    director.withLock { director in body(&director) }
  }
}

extension PlanChange {
  /// Which device it is about, and what becomes of it.
  fileprivate var sentence: String {
    switch self {
    case .attach(let assignment): "\(assignment.name) is driven now"
    case .update(let assignment): "\(assignment.name) is driven otherwise"
    case .show(let device): "\(device.name) is not driven"
    case .detach(let key): "\(key.value) was unplugged"
    case .forget(let key): "\(key.value) is no longer known"
    }
  }
}
