package import Manifests
package import Matching

/// Manifests for the tests, changed in one place where a test needs it.
package enum Sample {
  package static let grip = #"""
    {
      // A grip meter.
      "$schema": "driver.schema.json",
      "id": "go-direct", "name": "Vernier Go Direct", "version": "0.1.0", "abi": 1,
      "library": "libGoDirect.so", "transport": "hid",
      "match": [ { "usb_vendor": "08F7", "usb_product": "0010" }, { "usage_page": "8d", "usage": "20" } ],
      "probe_writes": true,
      "channels": [ { "name": "force", "quantity": "force", "unit": "N" } ],
      "commands": [ { "name": "zero", "description": "Sets the force to 0." } ],
      "settings": [ { "name": "period_ms", "description": "Between samples." } ],
      "instruments": [
        { "name": "Hand Dynamometer (GDX-HD)", "usb": "08f7:0010", "evidence": "Tried | with its emulator." },
        { "name": "Scale\u00a010", "usb": "0922:8003", "evidence": "Never tried." }
      ],
      "emulator": { "usb_vendor": "08f7", "usb_product": "0010", "manufacturer": "Vernier", "product": "Go Direct",
        "serial": "EMU00001", "report_descriptor": "0600ff 09 01", "settings": { "period_ms": 10 } },
    }
    """#

  package static let timer = #"""
    {
      "id": "stackmat", "name": "StackMat timers", "version": "0.2.0", "abi": 1,
      "library": "libStackMat.so", "transport": "serial",
      "match": [ { "usb_vendor": "0403", "usb_product": "6001" }, { "usb_vendor": "0483", "usb_product": "a1ad" } ],
      "serial": { "baud": 1200 },
      "probe_writes": false,
      "channels": [ { "name": "elapsed", "quantity": "time", "unit": "s" } ],
      "settings": [ { "name": "profile", "description": "A profile." } ],
      "setting_files": { "profile": "profiles" },
      "instruments": [ { "name": "Timer", "evidence": "Never tried." } ]
    }
    """#

  /// The grip meter's manifest with another id and other rules.
  package static func grip(id: String, match: String) -> String {
    grip.replacing("\"go-direct\"", with: "\"\(id)\"")
      .replacing(
        #"[ { "usb_vendor": "08F7", "usb_product": "0010" }, { "usage_page": "8d", "usage": "20" } ]"#, with: match)
  }

  package static func manifest(_ text: String) throws -> ModuleManifest {
    try ModuleManifest(parsing: Array(text.utf8), file: "driver.json")
  }

  package static func catalogue(_ texts: String...) -> ModuleCatalogue {
    ModuleCatalogue(
      texts.enumerated().map { ManifestFile(folder: "/modules/\($0.offset)", text: Array($0.element.utf8)) })
  }

  package static let gripDevice = AttachedDevice(
    transport: .hid, syspath: "/sys/h", devnode: "/dev/hidraw0", usb: USBID(vendor: 0x08F7, product: 0x0010),
    serialNumber: "0B1003F2", manufacturer: "Vernier", product: "Vernier Go Direct", interface: 0, port: "1-1",
    busAddress: "1:5", usages: [HIDUsage(page: 0xFF00, usage: 1)])

  package static let adapter = AttachedDevice(
    transport: .serial, syspath: "/sys/t", devnode: "/dev/ttyUSB0",
    links: ["/dev/serial/by-id/usb-FTDI_A50285BI-if00-port0"], usb: USBID(vendor: 0x0403, product: 0x6001),
    serialNumber: "A50285BI", manufacturer: "FTDI", product: "FT232R", interface: 0, port: "1-1.2", busAddress: "1:6",
    kernelDriver: "ftdi_sio")
}
