import Configuration
import Consumers
import Discovery
import Manifests
import Matching
import ModuleSamples
import StrictJSON
import Supervision
import Synchronization
import Testing
import Wire
import WorkerLink

@testable import Station

/// A hub that writes down what it is told.
private final class RecordingHub: HubFace {
  private let state = Mutex<(told: [String], attached: [DeviceAssignment])>(([], []))

  /// Assignments that it was given, the newest last.
  var attached: [DeviceAssignment] { state.withLock { $0.attached } }

  private func take(_ sentence: String, _ assignment: DeviceAssignment? = nil) {
    state.withLock { state in
      state.told.append(sentence)
      if let assignment { state.attached.append(assignment) }
    }
  }

  func attach(_ assignment: DeviceAssignment) { take("attach \(assignment.name)", assignment) }
  func update(_ assignment: DeviceAssignment) { take("update \(assignment.name)", assignment) }
  func show(_ device: IdleDevice) { take("show \(device.name): \(device.reason)") }
  func detach(_ key: DeviceIdentityKey) { take("detach \(key.value)") }
  func forget(_ key: DeviceIdentityKey) { take("forget \(key.value)") }
  func setRoles(_ roles: Roles) {}
  func setDrivers(_ drivers: [DriverReport]) {}

  /// What it was told since it was last asked.
  func news() -> [String] {
    state.withLock { state in
      defer { state.told = [] }
      return state.told
    }
  }
}

private let grip = USBID(vendor: 0x08F7, product: 0x0010)

private func rules(
  _ devices: [ConfiguredDevice] = [], disabled: Set<String> = [],
  catalogue: ModuleCatalogue = Sample.catalogue(Sample.grip, Sample.timer)
) -> StationRules {
  StationRules(
    catalogue: catalogue, devices: devices, disabledModules: disabled,
    files: StationRules.Files(
      library: { (module) throws(DocumentProblem) in "\(module.folder)/\(module.manifest.library)" },
      settings: { (match) throws(SettingsProblem) in
        if match.settings["broken"] != nil { throw SettingsProblem(sentence: "No such file.") }
        return try match.module.driverSettings(match.settings)
      },
      address: { entry in
        if case .path(let path) = entry.place, path.hasPrefix("/dev/pts/") { .terminal(path: path) } else { nil }
      }))
}

private func device(_ place: String, serial: String, port: String? = nil) -> AttachedDevice {
  var device = Sample.gripDevice
  device.syspath = "/sys/\(place)"
  device.devnode = "/dev/\(place)"
  device.serialNumber = serial
  device.port = port ?? place
  return device
}

@Suite struct StationPlanTests {
  private let hub = RecordingHub()

  private func director(
    _ first: StationRules = rules(), emulated: [EmulatedInstrument] = []
  ) -> DeviceDirector { DeviceDirector(first, emulated: emulated, hub: hub) }

  @Test func aDeviceComesAndGoesAndComesBack() {
    var director = director()
    director.take(.attached(device("a", serial: "A")))
    #expect(hub.news() == ["attach go-direct-a"])
    director.take(.attached(device("b", serial: "B")))
    #expect(hub.news() == ["attach go-direct-b"])
    director.take(.detached(syspath: "/sys/a"))
    #expect(hub.news() == ["detach 08f7:0010:A"])
    director.take(.detached(syspath: "/sys/a"))
    #expect(hub.news() == [])
    // At another port it is the same one, with another node.
    director.take(.attached(device("c", serial: "A")))
    #expect(hub.news() == ["attach go-direct-a"])
    #expect(hub.attached.last?.setup.address == .hid(node: "/dev/c"))
  }

  @Test func whatIsNoneOfOursIsNotTold() {
    var keyboard = device("k", serial: "K")
    keyboard.usb = USBID(vendor: 0x046D, product: 0xC31C)
    keyboard.usages = [HIDUsage(page: 1, usage: 6)]
    var director = director()
    director.take(.attached(keyboard))
    director.take(.detached(syspath: "/sys/k"))
    director.take(.failed("Waiting failed."))
    #expect(hub.news() == [])
  }

  @Test func aReloadThatChangesNothingTellsNothing() {
    var director = director()
    director.take(.attached(device("a", serial: "A")))
    director.take(.attached(Sample.adapter))
    #expect(hub.news().count == 2)
    #expect(director.reload(rules()) == [])
    #expect(hub.news() == [])
  }

  @Test func aReloadTellsOnlyWhatHasChanged() {
    var director = director()
    for place in ["a", "b", "c"] { director.take(.attached(device(place, serial: place.uppercased()))) }
    director.take(.attached(Sample.adapter))
    #expect(hub.news().last == "show serial-a50285bi: not_configured")

    let settings = JSONNode(.object([JSONMember("period_ms", JSONNode(.integer(5)))]))
    director.reload(
      rules([
        ConfiguredDevice(.serialNumber(grip, "B"), settings: settings),
        ConfiguredDevice(.serialNumber(grip, "C"), isDisabled: true),
        ConfiguredDevice(.serialNumber(USBID(vendor: 0x0403, product: 0x6001), "A50285BI"), module: "stackmat"),
      ]))
    // The name that a key was given first stays.
    #expect(
      hub.news() == ["update go-direct-b", "show go-direct-c: configuration", "attach serial-a50285bi"])
    #expect(hub.attached.last?.setup.module == "stackmat")
    director.reload(rules())
    #expect(
      hub.news() == ["update go-direct-b", "attach go-direct-c", "show serial-a50285bi: not_configured"])
  }

  @Test func aModuleThatIsNewOrGoneOrOfAnotherVersionIsADifference() {
    var director = director()
    director.take(.attached(device("a", serial: "A")))
    _ = hub.news()
    let newer = Sample.grip.replacing("\"version\": \"0.1.0\"", with: "\"version\": \"0.2.0\"")
    director.reload(rules(catalogue: Sample.catalogue(newer, Sample.timer)))
    #expect(hub.news() == ["update go-direct-a"])
    #expect(hub.attached.last?.setup.moduleVersion == "0.2.0")
    director.reload(rules(disabled: ["go-direct"], catalogue: Sample.catalogue(newer, Sample.timer)))
    #expect(hub.news() == ["show go-direct-a: configuration"])
    // It is still plugged in, but nothing knows it any more.
    director.reload(rules(catalogue: Sample.catalogue(Sample.timer)))
    #expect(hub.news() == ["forget 08f7:0010:A"])
    director.take(.detached(syspath: "/sys/a"))
    #expect(hub.news() == [])
  }

  @Test func aRenameIsADifferenceAndTwoNamesCanChangePlaces() {
    func named(_ a: String?, _ b: String?) -> StationRules {
      rules([
        ConfiguredDevice(.serialNumber(grip, "A"), name: a), ConfiguredDevice(.serialNumber(grip, "B"), name: b),
      ])
    }
    var director = director(named("left", "right"))
    for place in ["a", "b"] { director.take(.attached(device(place, serial: place.uppercased()))) }
    #expect(hub.news() == ["attach left", "attach right"])
    director.reload(named("left", "middle"))
    #expect(hub.news() == ["update middle"])
    director.reload(named("middle", "left"))
    #expect(hub.news() == ["update middle", "update left"])
    director.reload(named(nil, "left"))
    #expect(hub.news() == ["update go-direct-a"])
    #expect(!director.plan.entries.contains { $0.device.name == "middle" })
  }

  @Test func aLostDeviceWhoseNameAnotherGetsIsForgotten() {
    func named(_ serial: String) -> StationRules {
      rules([ConfiguredDevice(.serialNumber(grip, serial), name: "left")])
    }
    var director = director(named("A"))
    director.take(.attached(device("a", serial: "A")))
    director.take(.attached(device("b", serial: "B")))
    director.take(.detached(syspath: "/sys/a"))
    #expect(hub.news() == ["attach left", "attach go-direct-b", "detach 08f7:0010:A"])
    director.reload(named("B"))
    #expect(hub.news() == ["forget 08f7:0010:A", "update left"])
    // When it comes back it is no longer "left".
    director.take(.attached(device("a", serial: "A")))
    #expect(hub.news() == ["attach go-direct-a"])
  }

  @Test func aKeyThatChangesIsAnotherDevice() {
    var director = director()
    director.take(.attached(device("a", serial: "A", port: "1-3")))
    _ = hub.news()
    director.reload(rules([ConfiguredDevice(.port("1-3", nil), name: "bench", module: "go-direct")]))
    #expect(hub.news() == ["forget 08f7:0010:A", "attach bench"])
    #expect(hub.attached.last?.key == DeviceIdentityKey(kind: "usb-port", value: "08f7:0010:1-3"))
  }

  @Test func twoOfOneSerialNumberAreNeverTakenForEachOther() {
    var director = director()
    director.take(.attached(device("a", serial: "S", port: "1-1")))
    director.take(.attached(device("b", serial: "S", port: "1-2")))
    #expect(hub.news() == ["attach go-direct-s", "show go-direct-b: same_serial"])
    // The second does not slip into the place of the first.
    director.take(.detached(syspath: "/sys/a"))
    #expect(hub.news() == ["detach 08f7:0010:S"])
    director.reload(rules())
    #expect(hub.news() == [])
    // Plugged in anew it is the only one.
    director.take(.detached(syspath: "/sys/b"))
    director.take(.attached(device("b", serial: "S", port: "1-2")))
    #expect(hub.news() == ["detach /dev/b", "attach go-direct-s"])
  }

  @Test func twoThatAreOnlyShownAreTwo() {
    var twin = Sample.adapter
    twin.syspath = "/sys/u"
    twin.devnode = "/dev/ttyUSB1"
    var director = director()
    director.take(.attached(Sample.adapter))
    director.take(.attached(twin))
    #expect(hub.news() == ["show serial-a50285bi: not_configured", "show serial-ttyusb1: not_configured"])
  }

  @Test func namedByTheirPortsTheyAreTwo() {
    var director = director()
    director.take(.attached(device("a", serial: "S", port: "1-1")))
    director.take(.attached(device("b", serial: "S", port: "1-2")))
    _ = hub.news()
    director.reload(
      rules([
        ConfiguredDevice(.port("1-1", nil), name: "one", module: "go-direct"),
        ConfiguredDevice(.port("1-2", nil), name: "two", module: "go-direct"),
      ]))
    #expect(Set(hub.news()) == ["forget 08f7:0010:S", "forget /dev/b", "attach one", "attach two"])
  }

  @Test func pathsOfTheConfigurationComeAndGoWithIt() {
    let path = ConfiguredDevice(.path("/dev/pts/7"), name: "bench", module: "stackmat")
    var director = director(rules([path]))
    #expect(hub.news() == ["attach bench"])
    var renamed = path
    renamed.name = "table"
    director.reload(rules([renamed]))
    #expect(hub.news() == ["update table"])
    director.reload(rules())
    #expect(hub.news() == ["forget /dev/pts/7"])
  }

  @Test func emulatorsLiveWithTheirModules() throws {
    let emulator = try #require(try Sample.manifest(Sample.grip).emulator)
    let instrument = EmulatedInstrument(module: "go-direct", emulator: emulator, socket: "/run/x")
    var director = director(emulated: [instrument])
    #expect(hub.news() == ["attach go-direct-emu00001"])
    #expect(hub.attached.last?.emulated == true && hub.attached.last?.isDiscovered == false)
    director.reload(rules(catalogue: Sample.catalogue(Sample.timer)))
    #expect(hub.news() == ["forget go-direct:EMU00001"])
    director.reload(rules())
    #expect(hub.news() == ["attach go-direct-emu00001"])
  }

  @Test func settingsThatCannotBeUsedAreShown() {
    let broken = JSONNode(.object([JSONMember("broken", JSONNode(.integer(1)))]))
    var director = director(rules([ConfiguredDevice(.serialNumber(grip, "A"), settings: broken)]))
    director.take(.attached(device("a", serial: "A")))
    #expect(hub.news() == ["show go-direct-a: configuration"])
    director.reload(rules())
    #expect(hub.news() == ["attach go-direct-a"])
  }

  /// Whatever comes in whatever order: what the hub was told adds up to the plan, and no two devices share a name.
  @Test func whatWasToldAddsUpToThePlan() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var state = seed
    func next(_ bound: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % bound
    }
    let serials = ["A", "B", "C"]
    var director = director()
    for _ in 0..<2_000 {
      let place = ["a", "b", "c", "d"][Int(next(4))]
      switch next(4) {
      case 0: director.take(.detached(syspath: "/sys/\(place)"))
      case 1:
        let names: [String?] = ["left", "right", nil]
        director.reload(
          rules(
            [
              ConfiguredDevice(.serialNumber(grip, "A"), name: names[Int(next(3))], isDisabled: next(5) == 0),
              ConfiguredDevice(.port("1-\(next(3))", nil), name: next(2) == 0 ? "bench" : nil, module: "go-direct"),
            ], disabled: next(6) == 0 ? ["go-direct"] : []))
      default:
        director.take(.detached(syspath: "/sys/\(place)"))
        director.take(.attached(device(place, serial: serials[Int(next(3))], port: "1-\(next(3))")))
      }
      let names = director.plan.entries.map(\.device.name) + director.plan.lost.values
      #expect(Set(names).count == names.count, "seed \(seed): \(names)")
      let keys = director.plan.entries.map(\.device.key)
      #expect(Set(keys).count == keys.count, "seed \(seed)")
    }
  }
}
