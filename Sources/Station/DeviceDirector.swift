internal import Discovery
internal import Glibc
internal import Supervision
internal import Wire
internal import Modules
internal import Readings
internal import WorkerLink

/// Decides what is done with each device that is there, and tells the hub. Used by one thread at a time.
struct DeviceDirector {
  private let matcher: Matcher
  private let libraryDirectories: [String]
  private let tell: (Direction) -> Void
  private var names: DeviceNames
  /// What is there, by its place in sysfs.
  private var present: [String: DeviceIdentityKey] = [:]

  /// What the hub is told.
  enum Direction {
    case attach(DeviceAssignment)
    case show(IdleDevice)
    case detach(DeviceIdentityKey)
  }

  init(
    matcher: Matcher, configuredNames: [String], libraryDirectories: [String], tell: @escaping (Direction) -> Void
  ) {
    self.matcher = matcher
    self.libraryDirectories = libraryDirectories
    self.tell = tell
    names = DeviceNames(configured: configuredNames)
  }

  mutating func take(_ event: DiscoveryEvent) {
    switch event {
    case .attached(let device): attach(device)
    case .detached(let syspath):
      if let key = present.removeValue(forKey: syspath) { tell(.detach(key)) }
    case .failed: break
    }
  }

  private mutating func attach(_ device: AttachedDevice) {
    let own = DeviceKey(device)
    func idle(
      _ state: IdleDevice.IdleState, _ reason: String, _ sentence: String, fix: String = ""
    ) {
      let key = DeviceIdentityKey(own)
      present[device.syspath] = key
      tell(
        .show(
          IdleDevice(
            name: names.name(of: own, module: device.transport == .hid ? "hid" : "serial"), key: key, state: state,
            reason: reason, sentence: sentence, fix: fix, node: device.devnode)))
    }
    switch matcher.match(device) {
    case .unmatched: return
    case .needsConsent(let sentence, let fix): idle(.needsConsent, "not_configured", sentence, fix: fix)
    case .ambiguous(_, let sentence): idle(.failed, "ambiguous", sentence)
    case .moduleMissing(_, let sentence): idle(.failed, "module_missing", sentence)
    case .disabled(let sentence): idle(.disabled, "configuration", sentence)
    case .matched(let match):
      let key = DeviceIdentityKey(match.key)
      if present.contains(where: { $0.value == key && $0.key != device.syspath }) {
        let twin = DeviceKey.path(device.devnode)
        present[device.syspath] = DeviceIdentityKey(twin)
        return tell(
          .show(
            IdleDevice(
              name: names.name(of: twin, module: match.module.manifest.id), key: DeviceIdentityKey(twin),
              state: .failed, reason: "same_serial",
              sentence: "Another device with the same serial number is connected, so the two cannot be told apart.",
              fix: "Name both in the configuration by \"port\" instead.", node: device.devnode)))
      }
      present[device.syspath] = key
      let address: TransportAddress =
        device.transport == .hid ? .hid(node: device.devnode) : .serial(node: device.devnode)
      direct(match, address, device)
    }
  }

  /// A path of the configuration that discovery does not see: a pseudo-terminal, or a port of the machine's own.
  mutating func attach(configuredPath entry: ConfiguredDevice, _ address: TransportAddress) {
    guard let outcome = matcher.match(configuredPath: entry) else { return }
    let key = DeviceKey.path(address.path)
    func idle(_ state: IdleDevice.IdleState, _ reason: String, _ sentence: String, fix: String = "") {
      tell(
        .show(
          IdleDevice(
            name: names.name(of: key, module: "serial", configured: entry.name), key: DeviceIdentityKey(key),
            state: state, reason: reason, sentence: sentence, fix: fix, node: address.path)))
    }
    switch outcome {
    case .matched(let match): direct(match, address, nil)
    case .needsConsent(let sentence, let fix): idle(.needsConsent, "not_configured", sentence, fix: fix)
    case .ambiguous(_, let sentence): idle(.failed, "ambiguous", sentence)
    case .moduleMissing(_, let sentence): idle(.failed, "module_missing", sentence)
    case .disabled(let sentence): idle(.disabled, "configuration", sentence)
    case .unmatched: break
    }
  }

  /// An emulated instrument of a module, behind a socket.
  mutating func attach(emulated module: InstalledModule, _ emulator: ManifestEmulator, socket: String) {
    let match = DeviceMatch(
      module: module,
      key: .emulator(module: module.manifest.id, serial: emulator.serialNumber ?? "emulated"), configuredName: nil,
      settings: emulator.settings, reason: "by --emulate")
    let device = AttachedDevice(
      transport: module.manifest.transport, syspath: socket, devnode: socket, usb: emulator.usb,
      serialNumber: emulator.serialNumber, manufacturer: emulator.manufacturer, product: emulator.product,
      reportDescriptor: emulator.reportDescriptor)
    direct(
      match, module.manifest.transport == .hid ? .hidSocket(path: socket) : .serialSocket(path: socket), device,
      emulated: true)
  }

  private mutating func direct(
    _ match: DeviceMatch, _ address: TransportAddress, _ device: AttachedDevice?, emulated: Bool = false
  ) {
    let manifest = match.module.manifest
    let name = names.name(of: match.key, module: manifest.id, configured: match.configuredName)
    let key = DeviceIdentityKey(match.key)
    let library: String
    let settings: String
    do {
      library = try match.module.libraryPath(directories: libraryDirectories, isReadable: isReadable)
      settings = try match.module.driverSettings(match.settings)
    } catch {
      let sentence = (error as? DocumentProblem)?.sentence ?? (error as? SettingsProblem)?.sentence ?? ""
      return tell(
        .show(
          IdleDevice(
            name: name, key: key, state: .failed, reason: "configuration", sentence: sentence, node: address.path)))
    }
    let setup = WorkerSetup(
      device: name, module: manifest.id, moduleVersion: manifest.version, library: library, address: address,
      line: SerialLine(manifest.serial), usbVendor: device?.usb?.vendor ?? 0, usbProduct: device?.usb?.product ?? 0,
      serial: device?.serialNumber ?? "", settings: settings, reportDescriptor: device?.reportDescriptor ?? [])
    tell(
      .attach(
        DeviceAssignment(
          name: name, key: key, setup: setup, vendor: device?.manufacturer ?? "", model: device?.product ?? "",
          emulated: emulated, isDiscovered: device != nil && !emulated)))
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
