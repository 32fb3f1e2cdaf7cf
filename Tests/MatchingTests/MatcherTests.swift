import Configuration
import Manifests
import Matching
import ModuleSamples
import StrictJSON
import Testing

@Suite struct MatcherTests {
  private let catalogue = Sample.catalogue(Sample.grip, Sample.timer)
  private let gripUSB = USBID(vendor: 0x08F7, product: 0x0010)
  private let chipUSB = USBID(vendor: 0x0403, product: 0x6001)

  private func matched(_ outcome: MatchOutcome) -> DeviceMatch? {
    if case .matched(let match) = outcome { match } else { nil }
  }

  @Test func aUSBIDMatches() throws {
    let match = try #require(matched(Matcher(catalogue: catalogue).match(Sample.gripDevice)))
    #expect(match.module.manifest.id == "go-direct")
    #expect(match.key == .usbSerial(gripUSB, serial: "0B1003F2", interface: 0))
    #expect(match.configuredName == nil)
    #expect(match.settings == .emptyObject)
    #expect(match.reason == "by USB id 08f7:0010")
  }

  @Test func aUsageMatchesAndAUSBIDOutweighsIt() throws {
    let scales = Sample.grip(id: "hid-scale", match: #"[ { "usage_page": "8d" } ]"#)
    let own = Sample.grip(id: "own-scale", match: #"[ { "usb_vendor": "0922", "usb_product": "8003" } ]"#)
    var scale = Sample.gripDevice
    scale.usb = USBID(vendor: 0x0922, product: 0x8003)
    scale.usages = [HIDUsage(page: 1, usage: 2), HIDUsage(page: 0x8D, usage: 0x20)]
    let general = Matcher(catalogue: Sample.catalogue(scales)).match(scale)
    #expect(matched(general)?.reason == "by HID usage page 8d")
    // go-direct's rule names the usage too and so says more than hid-scale's; own-scale's says most.
    let narrower = Matcher(catalogue: Sample.catalogue(scales, Sample.grip)).match(scale)
    #expect(matched(narrower)?.module.manifest.id == "go-direct")
    let narrowest = Matcher(catalogue: Sample.catalogue(scales, Sample.grip, own)).match(scale)
    #expect(matched(narrowest)?.module.manifest.id == "own-scale")
  }

  @Test func equalRulesAreShownAndNoneIsUsed() {
    let rival = Sample.grip(id: "rival", match: #"[ { "usb_vendor": "08f7", "usb_product": "0010" } ]"#)
    let both = Sample.catalogue(rival, Sample.grip)
    #expect(
      Matcher(catalogue: both).match(Sample.gripDevice)
        == .ambiguous(
          modules: ["go-direct", "rival"],
          sentence:
            "The modules go-direct and rival claim Vernier Go Direct (08f7:0010, serial number 0B1003F2, port 1-1) "
            + "equally, so neither is used: choose one by adding "
            + #"{"module":"go-direct","usb":"08f7:0010","serial":"0B1003F2"} to "devices" in the configuration."#))
    let disabled = Matcher(catalogue: both, disabledModules: ["rival"])
    #expect(matched(disabled.match(Sample.gripDevice))?.module.manifest.id == "go-direct")
    let chosen = Matcher(
      catalogue: both, devices: [ConfiguredDevice(.serialNumber(gripUSB, "0B1003F2"), module: "rival", line: 7)])
    #expect(matched(chosen.match(Sample.gripDevice))?.reason == "by the configuration on line 7")
  }

  @Test func aGenericChipIsNeverMatchedByAManifest() {
    #expect(
      Matcher(catalogue: catalogue).match(Sample.adapter)
        == .needsConsent(
          sentence:
            "FTDI FT232R (0403:6001, serial number A50285BI, port 1-1.2) is a serial port that is not opened: its id "
            + "is that of an FTDI FT232, which does not say what is behind it.",
          fix:
            #"If it is an instrument, add {"module":"stackmat","usb":"0403:6001","serial":"A50285BI"} to "devices" in "#
            + "the configuration."))
  }

  /// Every id of the table, claimed by a manifest, with and without settings for it in the configuration.
  @Test(arguments: [
    "0403:6001", "0403:6010", "0403:6011", "0403:6014", "0403:6015", "10c4:ea60", "1a86:7523", "1a86:55d4", "067b:2303",
    "2341:0043", "2341:8036", "2a03:0001", "16c0:0483", "2e8a:000a",
  ])
  func noGenericIDIsEverMatchedWithoutAModuleInTheConfiguration(_ id: String) throws {
    let usb = try #require(USBID(id))
    let rule = #"{ "usb_vendor": "\#(id.prefix(4))", "usb_product": "\#(id.suffix(4))" }"#
    let claiming = Sample.timer.replacing(#"{ "usb_vendor": "0403", "usb_product": "6001" }"#, with: rule)
    var device = Sample.adapter
    device.usb = usb
    for entries in [[], [ConfiguredDevice(.usb(usb))], [ConfiguredDevice(.serialNumber(usb, "A50285BI"), name: "x")]] {
      guard case .needsConsent = Matcher(catalogue: Sample.catalogue(claiming), devices: entries).match(device) else {
        Issue.record("\(id) was opened without consent")
        continue
      }
    }
  }

  @Test func anUnknownSerialPortNeedsConsentAndHIDDoesNotMatter() {
    var board = Sample.adapter
    board.usb = USBID(vendor: 0x1234, product: 0x5678)
    board.serialNumber = nil
    board.interface = 2
    guard case .needsConsent(let sentence, let fix) = Matcher(catalogue: Sample.catalogue(Sample.grip)).match(board)
    else {
      Issue.record("an unknown port was opened")
      return
    }
    #expect(sentence.hasSuffix("is a serial port that is not opened: no module knows its USB id."))
    #expect(
      fix
        == #"If it is an instrument, add {"module":"...","usb":"1234:5678","port":"1-1.2","interface":2} to "devices" in "#
        + #"the configuration, where "..." is a module that is still to be installed."#)
    var keyboard = Sample.gripDevice
    keyboard.usb = USBID(vendor: 0x046D, product: 0xC31C)
    keyboard.usages = [HIDUsage(page: 1, usage: 6)]
    #expect(Matcher(catalogue: catalogue).match(keyboard) == .unmatched)
  }

  @Test func aSerialPortWithAnInstrumentsOwnIDMatches() {
    var gauge = Sample.adapter
    gauge.usb = USBID(vendor: 0x0483, product: 0xA1AD)
    #expect(matched(Matcher(catalogue: catalogue).match(gauge))?.reason == "by USB id 0483:a1ad")
  }

  @Test(arguments: [
    (ConfiguredDevice.Place.serialNumber(USBID(vendor: 0x0403, product: 0x6001), "A50285BI"), "usb-serial"),
    (.port("1-1.2", nil), "usb-port"), (.port("1-1.2", USBID(vendor: 0x0403, product: 0x6001)), "usb-port"),
    (.path("/dev/serial/by-id/usb-FTDI_A50285BI-if00-port0"), "path"),
  ])
  func anEntryWithAModuleIsConsent(_ place: ConfiguredDevice.Place, _ kind: String) {
    let settings = JSONNode(.object([JSONMember("profile", JSONNode(.string("p")))]))
    let entry = ConfiguredDevice(place, name: "timer", module: "stackmat", settings: settings, line: 3)
    let match = matched(Matcher(catalogue: catalogue, devices: [entry]).match(Sample.adapter))
    #expect(match?.module.manifest.id == "stackmat")
    #expect(match?.configuredName == "timer")
    #expect(match?.settings == settings)
    #expect(match?.key.kind == kind)
  }

  @Test(arguments: [
    ConfiguredDevice.Place.serialNumber(USBID(vendor: 0x0403, product: 0x6001), "A50285BJ"), .port("1-1", nil),
    .port("1-1.2", USBID(vendor: 0x0403, product: 0x6010)), .path("/dev/ttyUSB1"),
  ])
  func anEntryForAnotherDeviceIsNoConsent(_ place: ConfiguredDevice.Place) {
    let outcome = Matcher(catalogue: catalogue, devices: [ConfiguredDevice(place, module: "stackmat")]).match(
      Sample.adapter)
    guard case .needsConsent = outcome else {
      Issue.record("a port was opened that another entry speaks of")
      return
    }
  }

  @Test func anotherInterfaceIsAnotherDevice() {
    let entry = ConfiguredDevice(.serialNumber(chipUSB, "A50285BI"), interface: 1, module: "stackmat")
    let matcher = Matcher(catalogue: catalogue, devices: [entry])
    var second = Sample.adapter
    second.interface = 1
    #expect(matched(matcher.match(Sample.adapter)) == nil)
    #expect(matched(matcher.match(second))?.key == .usbSerial(chipUSB, serial: "A50285BI", interface: 1))
  }

  @Test func theNarrowestEntryAloneCounts() {
    let wide = ConfiguredDevice(
      .usb(gripUSB), settings: JSONNode(.object([JSONMember("period_ms", JSONNode(.integer(5)))])))
    let narrow = ConfiguredDevice(.serialNumber(gripUSB, "0B1003F2"), name: "grip-left")
    let match = matched(Matcher(catalogue: catalogue, devices: [wide, narrow]).match(Sample.gripDevice))
    #expect(match?.configuredName == "grip-left")
    #expect(match?.settings == .emptyObject)
    #expect(match?.reason == "by USB id 08f7:0010")
  }

  @Test func equalEntriesAreShownAndNoneIsUsed() {
    let entries = [
      ConfiguredDevice(.path("/dev/ttyUSB0"), module: "stackmat", line: 4),
      ConfiguredDevice(.path("/dev/serial/by-id/usb-FTDI_A50285BI-if00-port0"), module: "stackmat", line: 9),
    ]
    guard case .ambiguous(_, let sentence) = Matcher(catalogue: catalogue, devices: entries).match(Sample.adapter)
    else {
      Issue.record("one of two equal entries was chosen")
      return
    }
    #expect(sentence.hasPrefix("Entries of the configuration on lines 4 and 9 name FTDI FT232R ("))
  }

  @Test func anEntryForASerialModuleDoesNotTakeTheHIDPartOfADevice() {
    let entry = ConfiguredDevice(.port("1-1", nil), module: "stackmat")
    #expect(
      matched(Matcher(catalogue: catalogue, devices: [entry]).match(Sample.gripDevice))?.module.manifest.id
        == "go-direct")
  }

  @Test func whatIsSwitchedOffStaysOff() {
    let entry = ConfiguredDevice(.serialNumber(gripUSB, "0B1003F2"), isDisabled: true, line: 5)
    #expect(
      Matcher(catalogue: catalogue, devices: [entry]).match(Sample.gripDevice)
        == .disabled(
          sentence:
            "The configuration on line 5 switches Vernier Go Direct (08f7:0010, serial number 0B1003F2, port 1-1) off."
        ))
    guard case .disabled = Matcher(catalogue: catalogue, disabledModules: ["go-direct"]).match(Sample.gripDevice) else {
      Issue.record("a module that is switched off was used")
      return
    }
    let timer = ConfiguredDevice(.port("1-1.2", nil), module: "stackmat")
    guard
      case .disabled = Matcher(catalogue: catalogue, devices: [timer], disabledModules: ["stackmat"]).match(
        Sample.adapter)
    else {
      Issue.record("a module that is switched off was used")
      return
    }
  }

  @Test func aModuleThatIsNotThereIsSaid() {
    let entry = ConfiguredDevice(.path("/dev/pts/3"), module: "line-profile", line: 2)
    #expect(
      Matcher(catalogue: catalogue, devices: [entry]).match(configuredPath: entry)
        == .moduleMissing(
          module: "line-profile",
          sentence:
            "The configuration on line 2 gives /dev/pts/3 the module line-profile, which is not installed or was "
            + "refused: install it, or give the device another."))
  }

  @Test func aPseudoTerminalIsMatchedByItsEntry() {
    let entry = ConfiguredDevice(.path("/dev/pts/3"), name: "bench", module: "stackmat")
    let matcher = Matcher(catalogue: catalogue, devices: [entry])
    #expect(matcher.match(configuredPath: entry).flatMap(matched)?.key == .path("/dev/pts/3"))
    #expect(matcher.match(configuredPath: ConfiguredDevice(.port("1-1", nil))) == nil)
  }
}
