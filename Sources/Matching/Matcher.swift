package import Configuration
package import Manifests
package import StrictJSON

/// What is to be done with a device that is there.
package enum MatchOutcome: Equatable, Sendable {
  /// Run this module for it.
  case matched(DeviceMatch)
  /// A serial port that nobody gave leave to open. `fix` says how to give it.
  case needsConsent(sentence: String, fix: String)
  /// Several modules, or several entries of the configuration, claim it equally.
  case ambiguous(modules: [String], sentence: String)
  /// The configuration gives it a module that is not there.
  case moduleMissing(module: String, sentence: String)
  /// The configuration switches the device, or the only modules for it, off.
  case disabled(sentence: String)
  /// None of our business: a keyboard, say.
  case unmatched
}

/// A device and the module that is to run for it.
package struct DeviceMatch: Equatable, Sendable {
  /// The module.
  package let module: InstalledModule
  /// What the device is known by.
  package let key: DeviceKey
  /// The name that the configuration gives it, if it does; ``DeviceNames`` gives the final one.
  package let configuredName: String?
  /// The driver's settings: an object.
  package let settings: JSONNode
  /// Why this module, in half a sentence: `by USB id 08f7:0010`.
  package let reason: String

  /// A device and its module.
  package init(
    module: InstalledModule, key: DeviceKey, configuredName: String?, settings: JSONNode, reason: String
  ) {
    self.module = module
    self.key = key
    self.configuredName = configuredName
    self.settings = settings
    self.reason = reason
  }
}

/// Decides which module runs for a device.
///
/// The configuration goes before every rule of a manifest; of the rules the one that says most wins; two that say as
/// much are an error that is shown, not a race. A generic USB-serial chip is never matched by a manifest's rule.
package struct Matcher: Sendable {
  private let catalogue: ModuleCatalogue
  private let entries: [ConfiguredDevice]
  private let disabledModules: Set<String>

  /// A matcher for the modules of a station and its configuration.
  package init(catalogue: ModuleCatalogue, devices: [ConfiguredDevice] = [], disabledModules: Set<String> = []) {
    self.catalogue = catalogue
    entries = devices
    self.disabledModules = disabledModules
  }

  /// What is to be done with a device.
  package func match(_ device: AttachedDevice) -> MatchOutcome {
    let covering = entries.filter { $0.covers(device) && speaksFor($0, device) }
    let narrowest = covering.map(\.specificity).max()
    let chosen = covering.filter { $0.specificity == narrowest }
    if chosen.count > 1 { return equalEntries(chosen, device) }
    guard let entry = chosen.first else { return automatic(device, nil) }
    if entry.isDisabled {
      return .disabled(sentence: "The configuration\(entry.onLine) switches \(device.title) off.")
    }
    guard entry.module != nil else { return automatic(device, entry) }
    return configured(entry, key: DeviceKey(device, configuredBy: entry), device.title)
  }

  /// What is to be done with a path that the configuration names and that discovery does not see: a pseudo-terminal.
  /// `nil` where the entry does not go by path.
  package func match(configuredPath entry: ConfiguredDevice) -> MatchOutcome? {
    guard case .path(let path) = entry.place else { return nil }
    if entry.isDisabled {
      return .disabled(sentence: "The configuration\(entry.onLine) switches \(path) off.")
    }
    return configured(entry, key: .path(path), path)
  }

  /// An entry with a module speaks only of devices that this module can talk to: one USB port can hold both kinds.
  private func speaksFor(_ entry: ConfiguredDevice, _ device: AttachedDevice) -> Bool {
    guard let id = entry.module, let module = catalogue[id] else { return true }
    return module.manifest.transport == device.transport
  }

  private func configured(_ entry: ConfiguredDevice, key: DeviceKey, _ device: String) -> MatchOutcome {
    guard let id = entry.module else {
      return .needsConsent(
        sentence: "The configuration\(entry.onLine) names \(device) without a module, so it is not opened.",
        fix: "Add \"module\" to the entry.")
    }
    if disabledModules.contains(id) {
      return .disabled(
        sentence: "The configuration\(entry.onLine) gives \(device) the module \(id), but \"modules.disabled\" "
          + "switches that off: take it out there, or give the device another.")
    }
    guard let module = catalogue[id] else {
      return .moduleMissing(
        module: id,
        sentence: "The configuration\(entry.onLine) gives \(device) the module \(id), which is not installed or was "
          + "refused: install it, or give the device another.")
    }
    return .matched(
      DeviceMatch(
        module: module, key: key, configuredName: entry.name, settings: entry.settings,
        reason: "by the configuration\(entry.onLine)"))
  }

  private func automatic(_ device: AttachedDevice, _ entry: ConfiguredDevice?) -> MatchOutcome {
    let claims = catalogue.modules.compactMap { Claim($0, device) }
    let enabled = claims.filter { !disabledModules.contains($0.module.manifest.id) }
    if device.transport == .serial, let usb = device.usb, GenericSerialChip.name(of: usb) != nil {
      return consent(device, enabled)
    }
    let strongest = enabled.map(\.rule.specificity).max()
    let winners = enabled.filter { $0.rule.specificity == strongest }
    if winners.count > 1 { return equalClaims(winners, device) }
    if let winner = winners.first {
      return .matched(
        DeviceMatch(
          module: winner.module, key: entry.map { DeviceKey(device, configuredBy: $0) } ?? DeviceKey(device),
          configuredName: entry?.name, settings: entry?.settings ?? .emptyObject, reason: "by \(winner.rule)"))
    }
    if let disabled = claims.first {
      return .disabled(
        sentence: "\(device.title) is for the module \(disabled.module.manifest.id), which \"modules.disabled\" in "
          + "the configuration switches off: take it out there to use the device.")
    }
    return device.transport == .serial ? consent(device, []) : .unmatched
  }
}

/// A module's strongest rule that accepts a device.
private struct Claim {
  let module: InstalledModule
  let rule: MatchRule

  init?(_ module: InstalledModule, _ device: AttachedDevice) {
    guard module.manifest.transport == device.transport else { return nil }
    let accepting = module.manifest.rules.filter { $0.accepts(device) }
    guard let rule = accepting.max(by: { $0.specificity < $1.specificity }) else { return nil }
    self.module = module
    self.rule = rule
  }
}

extension Matcher {
  private func consent(_ device: AttachedDevice, _ claims: [Claim]) -> MatchOutcome {
    let chip = device.usb.flatMap(GenericSerialChip.name)
    let why =
      chip.map { "its id is that of \(withArticle($0)), which does not say what is behind it" }
      ?? "no module knows its USB id"
    let claiming = claims.map(\.module.manifest.id)
    let installed = catalogue.modules.map(\.manifest).filter {
      $0.transport == .serial && !disabledModules.contains($0.id)
    }
    let choices = claiming.isEmpty ? installed.map(\.id) : claiming
    let choice = choices.count == 1 ? choices[0] : "..."
    let which =
      choices.count > 1
      ? ", where \"...\" is one of \(choices.joined(separator: ", "))"
      : choices.isEmpty ? ", where \"...\" is a module that is still to be installed" : ""
    return .needsConsent(
      sentence: "\(device.title) is a serial port that is not opened: \(why).",
      fix: "If it is an instrument, add \(device.entry(module: choice)) to \"devices\" in the configuration\(which).")
  }

  private func equalClaims(_ claims: [Claim], _ device: AttachedDevice) -> MatchOutcome {
    let modules = claims.map(\.module.manifest.id)
    return .ambiguous(
      modules: modules,
      sentence: "The modules \(modules.joined(separator: " and ")) claim \(device.title) equally, so neither is used: "
        + "choose one by adding \(device.entry(module: modules[0])) to \"devices\" in the configuration.")
  }

  private func equalEntries(_ entries: [ConfiguredDevice], _ device: AttachedDevice) -> MatchOutcome {
    let lines = entries.map { "\($0.line)" }.joined(separator: " and ")
    return .ambiguous(
      modules: entries.compactMap(\.module),
      sentence: "Entries of the configuration on lines \(lines) name \(device.title) equally, so neither is used: "
        + "make one of them narrower, or remove it.")
  }
}
