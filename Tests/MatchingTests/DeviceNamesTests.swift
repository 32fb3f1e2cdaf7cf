import Configuration
import DriverTestKit
import Manifests
import Matching
import ModuleSamples
import Testing

@Suite struct DeviceNamesTests {
  private let usb = USBID(vendor: 0x08F7, product: 0x0010)

  @Test(arguments: [
    (Optional("0B1003F2"), Optional("1-1"), 0, "usb-serial", "08f7:0010:0B1003F2"),
    ("0B1003F2", "1-1", 2, "usb-serial", "08f7:0010:0B1003F2:2"),
    ("a:1", "1-1", 0, "usb-serial", "08f7:0010:a%3a1"),
    (nil, "1-1.2", 0, "usb-port", "08f7:0010:1-1.2"),
    (nil, "1-1.2", 1, "usb-port", "08f7:0010:1-1.2:1"),
    (nil, nil, 0, "path", "/dev/hidraw0"),
  ])
  func keysSayWhatADeviceIsKnownBy(
    _ serial: String?, _ port: String?, _ interface: Int, _ kind: String, _ value: String
  ) {
    let key = DeviceKey(
      AttachedDevice(
        transport: .hid, syspath: "/sys/h", devnode: "/dev/hidraw0", usb: usb, serialNumber: serial,
        interface: interface, port: port))
    #expect(key.kind == kind)
    #expect(key.value == value)
  }

  @Test func anEntryByPortMakesThePortTheIdentity() {
    let entry = ConfiguredDevice(.port("1-1.2", nil), module: "stackmat")
    #expect(
      DeviceKey(Sample.adapter, configuredBy: entry)
        == .usbPort(USBID(vendor: 0x0403, product: 0x6001), port: "1-1.2", interface: 0))
    #expect(
      DeviceKey(Sample.adapter, configuredBy: ConfiguredDevice(.path("/dev/ttyUSB0"))) == .path("/dev/ttyUSB0"))
  }

  @Test func namesComeFromModuleAndSerialNumber() {
    var names = DeviceNames()
    #expect(
      names.name(of: .usbSerial(usb, serial: "0B1003F2", interface: 0), module: "go-direct") == "go-direct-0b1003f2")
    #expect(
      names.name(of: .usbSerial(usb, serial: "0B1003F2", interface: 1), module: "go-direct") == "go-direct-0b1003f2-if1"
    )
    #expect(names.name(of: .usbPort(usb, port: "1-1.2", interface: 0), module: "hid-force") == "hid-force-port-1-1-2")
    #expect(names.name(of: .emulator(module: "stackmat", serial: "EMU1"), module: "stackmat") == "stackmat-emu1")
  }

  @Test func aConfiguredNameWinsAndIsKeptForItsDevice() {
    var names = DeviceNames(configured: ["go-direct-1"])
    let other = names.name(of: .usbSerial(usb, serial: "1", interface: 0), module: "go-direct")
    #expect(other.hasPrefix("go-direct-1-") && other.utf8.count == "go-direct-1-".utf8.count + 8)
    let key = DeviceKey.usbSerial(usb, serial: "2", interface: 0)
    #expect(names.name(of: key, module: "go-direct", configured: "go-direct-1") == "go-direct-1")
    // One entry that covers two interfaces still gives two names.
    let second = names.name(
      of: .usbSerial(usb, serial: "2", interface: 1), module: "go-direct", configured: "go-direct-1")
    #expect(second != "go-direct-1" && second.hasPrefix("go-direct-1-"))
  }

  @Test func aDeviceThatComesBackGetsItsNameBack() {
    var names = DeviceNames()
    let upper = DeviceKey.usbSerial(usb, serial: "AB", interface: 0)
    let lower = DeviceKey.usbSerial(usb, serial: "ab", interface: 0)
    let first = names.name(of: upper, module: "x1")
    let second = names.name(of: lower, module: "x1")
    #expect(first == "x1-ab")
    #expect(second != first)
    #expect([names.name(of: lower, module: "x1"), names.name(of: upper, module: "x1")] == [second, first])
  }

  /// Where the serial number cannot be said whole, the name has a code from the start, so that the order in which
  /// devices come makes no difference.
  @Test func lossyNamesDoNotDependOnTheOrder() {
    let keys = ["a/b", "a b", "a-b", String(repeating: "7", count: 60), String(repeating: "7", count: 61), "ä", "%%"]
      .map {
        DeviceKey.usbSerial(usb, serial: $0, interface: 0)
      }
    var forwards = DeviceNames()
    var backwards = DeviceNames()
    let names = keys.map { forwards.name(of: $0, module: "go-direct") }
    #expect(names == keys.reversed().map { backwards.name(of: $0, module: "go-direct") }.reversed())
    #expect(names[2] == "go-direct-a-b")
  }

  @Test func anySerialNumbersGiveDifferentGoodNames() {
    var input = RandomInput(seeds: [Array("0B1003F2".utf8), Array("a-b c/d".utf8), Array("Ä:%".utf8)])
    var names = DeviceNames()
    var keyOfName: [String: DeviceKey] = [:]
    for _ in 0..<5_000 {
      let key = DeviceKey.usbSerial(usb, serial: String(decoding: input.next().prefix(80), as: UTF8.self), interface: 0)
      let name = names.name(of: key, module: "go-direct")
      #expect(isDeviceName(name))
      #expect(keyOfName.updateValue(key, forKey: name).map { $0 == key } ?? true)
    }
  }
}
