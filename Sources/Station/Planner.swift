internal import Configuration
internal import Manifests
internal import Matching
internal import Readings
internal import Supervision
internal import Wire
internal import WorkerLink

/// Plans one device after the other.
struct Planner {
  private let rules: StationRules
  private let matcher: Matcher
  private let before: StationPlan
  /// What was planned.
  private(set) var entries: [StationPlan.Entry] = []
  /// The names, with those that were given.
  private(set) var names: DeviceNames

  init(rules: StationRules, before: StationPlan, names: DeviceNames) {
    self.rules = rules
    self.before = before
    self.names = names
    matcher = Matcher(catalogue: rules.catalogue, devices: rules.devices, disabledModules: rules.disabledModules)
  }

  /// A device that discovery sees.
  mutating func plan(_ device: AttachedDevice) {
    let module = device.transport == .hid ? "hid" : "serial"
    var plan = Planned(key: DeviceKey(device), node: device.devnode, place: device.syspath)
    switch matcher.match(device) {
    case .matched(let match):
      plan.key = match.key
      guard !isShared(match.key, device) else { return showShared(match, device) }
      plan.address = device.transport == .hid ? .hid(node: device.devnode) : .serial(node: device.devnode)
      plan.device = device
      drive(match, plan)
    case let outcome:
      // It is only shown, so its node will do to tell it from another of the same serial number.
      if isTaken(plan.key) { plan.key = .path(device.devnode) }
      show(outcome, plan, named: module)
    }
  }

  /// A path of the configuration that discovery does not see: a pseudo-terminal, or a port of the machine's own.
  mutating func plan(_ entry: ConfiguredDevice, _ address: TransportAddress) {
    guard let outcome = matcher.match(configuredPath: entry) else { return }
    var plan = Planned(key: .path(address.path), node: address.path, place: nil)
    plan.address = address
    if case .matched(let match) = outcome {
      drive(match, plan)
    } else {
      show(outcome, plan, named: "serial", configured: entry.name)
    }
  }

  /// An emulated instrument, while its module is there.
  mutating func plan(_ instrument: EmulatedInstrument) {
    guard let module = rules.catalogue[instrument.module] else { return }
    let emulator = instrument.emulator
    let match = DeviceMatch(
      module: module, key: .emulator(module: module.manifest.id, serial: emulator.serialNumber ?? "emulated"),
      configuredName: nil, settings: emulator.settings, reason: "by --emulate")
    var plan = Planned(key: match.key, node: instrument.socket, place: nil)
    plan.address =
      module.manifest.transport == .hid ? .hidSocket(path: instrument.socket) : .serialSocket(path: instrument.socket)
    plan.isEmulated = true
    plan.device = AttachedDevice(
      transport: module.manifest.transport, syspath: instrument.socket, devnode: instrument.socket, usb: emulator.usb,
      serialNumber: emulator.serialNumber, manufacturer: emulator.manufacturer, product: emulator.product,
      reportDescriptor: emulator.reportDescriptor)
    drive(match, plan)
  }

  // MARK: What is done

  /// What is known of a device before it is clear what is done with it.
  private struct Planned {
    var key: DeviceKey
    var node: String
    var place: String?
    var address: TransportAddress?
    var device: AttachedDevice?
    var isEmulated = false
  }

  private mutating func drive(_ match: DeviceMatch, _ plan: Planned) {
    let manifest = match.module.manifest
    let name = names.name(of: match.key, module: manifest.id, configured: match.configuredName)
    let (library, settings): (String, String)
    do throws(DocumentProblem) {
      library = try rules.files.library(match.module)
    } catch {
      return add(.failed, "configuration", error.sentence, name: name, plan)
    }
    do throws(SettingsProblem) {
      settings = try rules.files.settings(match)
    } catch {
      return add(.failed, "configuration", error.sentence, name: name, plan)
    }
    guard let address = plan.address else { return }
    let device = plan.device
    let setup = WorkerSetup(
      device: name, module: manifest.id, moduleVersion: manifest.version, library: library, address: address,
      line: SerialLine(manifest.serial), usbVendor: device?.usb?.vendor ?? 0, usbProduct: device?.usb?.product ?? 0,
      serial: device?.serialNumber ?? "", settings: settings, reportDescriptor: device?.reportDescriptor ?? [])
    let assignment = DeviceAssignment(
      name: name, key: DeviceIdentityKey(match.key), setup: setup, vendor: device?.manufacturer ?? "",
      model: device?.product ?? "", emulated: plan.isEmulated, isDiscovered: device != nil && !plan.isEmulated)
    entries.append(StationPlan.Entry(device: .driven(assignment), place: plan.place))
  }

  private mutating func show(
    _ outcome: MatchOutcome, _ plan: Planned, named module: String, configured: String? = nil
  ) {
    var name: String { names.name(of: plan.key, module: module, configured: configured) }
    switch outcome {
    case .matched, .unmatched: return
    case .needsConsent(let sentence, let fix):
      add(.needsConsent, "not_configured", sentence, fix: fix, name: name, plan)
    case .ambiguous(_, let sentence): add(.failed, "ambiguous", sentence, name: name, plan)
    case .moduleMissing(_, let sentence): add(.failed, "module_missing", sentence, name: name, plan)
    case .disabled(let sentence): add(.disabled, "configuration", sentence, name: name, plan)
    }
  }

  private mutating func add(
    _ state: IdleDevice.IdleState, _ reason: String, _ sentence: String, fix: String = "", name: String,
    _ plan: Planned,
    sharedKey: DeviceKey? = nil
  ) {
    let device = IdleDevice(
      name: name, key: DeviceIdentityKey(plan.key), state: state, reason: reason, sentence: sentence, fix: fix,
      node: plan.node)
    entries.append(StationPlan.Entry(device: .idle(device), place: plan.place, sharedKey: sharedKey))
  }

  // MARK: One serial number for two

  /// Whether another device has this key: one that came before it, or one that has gone while this one stayed. Then
  /// readings of the one could be taken for those of the other.
  private func isShared(_ key: DeviceKey, _ device: AttachedDevice) -> Bool {
    isTaken(key)
      || before.entries.contains { $0.place == device.syspath && $0.sharedKey == key }
  }

  private func isTaken(_ key: DeviceKey) -> Bool { entries.contains { $0.device.key == DeviceIdentityKey(key) } }

  private mutating func showShared(_ match: DeviceMatch, _ device: AttachedDevice) {
    let own = Planned(key: .path(device.devnode), node: device.devnode, place: device.syspath)
    add(
      .failed, "same_serial",
      "Another device with the same serial number is or was connected, so the two cannot be told apart.",
      fix: "Name both in the configuration by \"port\" instead.",
      name: names.name(of: own.key, module: match.module.manifest.id), own, sharedKey: match.key)
  }
}

extension DeviceIdentityKey {
  init(_ key: DeviceKey) { self.init(kind: key.kind, value: key.value) }
}

extension SerialLine {
  init(_ settings: SerialSettings?) {
    self.init()
    guard let settings else { return }
    baud = UInt32(settings.baud)
    dataBits = UInt32(settings.dataBits)
    parity =
      switch settings.parity {
      case .none: .none
      case .odd: .odd
      case .even: .even
      }
    stopBits = UInt32(settings.stopBits)
    dtr = settings.dtr
    rts = settings.rts
  }
}
