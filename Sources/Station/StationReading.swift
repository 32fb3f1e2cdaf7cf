internal import Configuration
internal import Consumers
internal import Manifests
internal import Wire

/// The configuration and the modules, read together and found to fit each other: what a start and a reload begin with.
struct StationReading {
  /// Where the parts of the installation lie.
  let installation = Installation()
  /// The configuration.
  let configuration: StationConfiguration
  /// What follows from it and the modules for the devices.
  let rules: StationRules
  /// Who may do what.
  let roles: Roles
  /// The group that may open the socket.
  let group: UInt32?

  /// Reads them.
  init(_ options: StationOptions) throws(StationFailure) {
    do {
      configuration =
        try options.configuration.map { (file) throws(DocumentProblem) in
          try StationConfiguration(file: file)
        } ?? StationConfiguration()
    } catch {
      throw StationFailure(.configuration, error.sentence)
    }
    let folders =
      (options.moduleFolders.isEmpty ? installation.moduleFolders : options.moduleFolders)
      + configuration.modules.folders
    let catalogue = ModuleCatalogue(folders: folders)
    if let problem = configuration.problems(with: catalogue).first {
      throw StationFailure(.configuration, problem.sentence)
    }
    var accounts = Accounts()
    roles = accounts.roles(configuration.roles)
    group = configuration.socket.group.flatMap { accounts.group($0) }
    if let problem = accounts.problems.first { throw StationFailure(.configuration, problem) }
    rules = StationRules(
      catalogue: catalogue, devices: configuration.devices,
      disabledModules: Set(configuration.modules.disabled.map(\.id)),
      files: .ofThisMachine(libraryDirectories: installation.libraryDirectories))
  }

  /// The modules, as `drivers.list` tells of them.
  var listing: [DriverReport] { rules.catalogue.listing(libraryDirectories: installation.libraryDirectories) }

  /// The modules that are to be emulated, with the settings of their emulators.
  func emulations(
    _ requests: [EmulationRequest]
  ) throws(StationFailure) -> [(InstalledModule, ManifestEmulator, String)] {
    let modules = rules.catalogue.modules
    var found: [(InstalledModule, ManifestEmulator, String)] = []
    for request in requests {
      if request.module == "all" {
        found += modules.compactMap { module in module.manifest.emulator.map { (module, $0, "{}") } }
        continue
      }
      guard let module = rules.catalogue[request.module] else {
        let known = modules.map(\.manifest.id).joined(separator: ", ")
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
}

extension StationConfiguration {
  /// Keys whose values are others than at the start, and which only a start can change.
  func unreloadable(since start: StationConfiguration) -> [String] {
    [
      ("station", station != start.station), ("socket.path", socket.path != start.socket.path),
      ("socket.group", socket.group != start.socket.group),
      ("socket.queue_bytes", socket.queueBytes != start.socket.queueBytes),
      ("state_directory", stateDirectory != start.stateDirectory), ("trials", trials != start.trials),
      ("records", records != start.records),
    ].filter(\.1).map(\.0)
  }
}
