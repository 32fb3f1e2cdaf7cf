package import Configuration
package import Manifests
package import Matching
package import WorkerLink

/// What decides which devices are driven, and how: the configuration and the modules, as they were read together.
package struct StationRules: Sendable {
  /// The modules.
  package var catalogue: ModuleCatalogue
  /// The configuration's entries for single devices.
  package var devices: [ConfiguredDevice]
  /// Modules that are switched off.
  package var disabledModules: Set<String>
  /// What only the machine's files can tell.
  package var files: Files

  /// Questions to the machine's files.
  package struct Files: Sendable {
    /// Path of a module's library.
    package var library: @Sendable (InstalledModule) throws(DocumentProblem) -> String
    /// A driver's settings as it gets them: text of a JSON object.
    package var settings: @Sendable (DeviceMatch) throws(SettingsProblem) -> String
    /// How to reach the path of an entry without discovery; `nil` where discovery will see the device.
    package var address: @Sendable (ConfiguredDevice) -> TransportAddress?

    /// Questions; see the properties.
    package init(
      library: @escaping @Sendable (InstalledModule) throws(DocumentProblem) -> String,
      settings: @escaping @Sendable (DeviceMatch) throws(SettingsProblem) -> String,
      address: @escaping @Sendable (ConfiguredDevice) -> TransportAddress?
    ) {
      self.library = library
      self.settings = settings
      self.address = address
    }

    /// The files of this machine.
    package static func ofThisMachine(libraryDirectories: [String]) -> Files {
      Files(
        library: { (module) throws(DocumentProblem) in try module.libraryPath(directories: libraryDirectories) },
        settings: { (match) throws(SettingsProblem) in try match.module.driverSettings(match.settings) },
        address: { $0.undiscoveredAddress })
    }
  }

  /// Rules; see the properties.
  package init(
    catalogue: ModuleCatalogue, devices: [ConfiguredDevice] = [], disabledModules: Set<String> = [], files: Files
  ) {
    self.catalogue = catalogue
    self.devices = devices
    self.disabledModules = disabledModules
    self.files = files
  }

  /// Names that the configuration gives.
  var configuredNames: [String] { devices.compactMap(\.name) }

  /// Which of them it gives to which of these devices, and to its paths.
  func names(of attached: [AttachedDevice]) -> [DeviceKey: String] {
    let matcher = Matcher(catalogue: catalogue, devices: devices, disabledModules: disabledModules)
    var names: [DeviceKey: String] = [:]
    for device in attached {
      if case .matched(let match) = matcher.match(device) { names[match.key] = match.configuredName }
    }
    for entry in devices {
      if let address = files.address(entry) { names[.path(address.path)] = entry.name }
    }
    return names
  }
}

/// An instrument that is emulated for as long as the station runs.
package struct EmulatedInstrument: Equatable, Sendable {
  /// The module's id.
  package var module: String
  /// How it shows itself.
  package var emulator: ManifestEmulator
  /// Where it listens.
  package var socket: String

  /// An emulated instrument; see the properties.
  package init(module: String, emulator: ManifestEmulator, socket: String) {
    self.module = module
    self.emulator = emulator
    self.socket = socket
  }
}
