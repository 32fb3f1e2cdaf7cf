import Configuration
import Manifests
import Matching
import ModuleSamples
import Testing

@Suite struct GeneratedTextTests {
  private func manifests() throws -> [ModuleManifest] {
    [try Sample.manifest(Sample.timer), try Sample.manifest(Sample.grip)]
  }

  private func rules(_ text: String) -> [String] {
    text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
  }

  @Test func rulesOfTheManifests() throws {
    let access = #"GROUP="thenar", MODE="0660", TAG+="uaccess""#
    let gauge = #"ATTRS{idVendor}=="0483", ATTRS{idProduct}=="a1ad""#
    #expect(
      rules(UdevRules.text(modules: try manifests())).filter { !isAboutAnyAdapter($0) } == [
        #"ACTION=="remove", GOTO="thenar_end""#,
        #"SUBSYSTEM=="hidraw", KERNELS=="0003:08F7:0010.*", \#(access)"#,
        #"SUBSYSTEM=="hidraw", KERNELS=="0003:0922:8003.*", \#(access)"#,
        #"SUBSYSTEM=="tty", SUBSYSTEMS=="usb", \#(gauge), \#(access), ENV{ID_MM_PORT_IGNORE}="1""#,
        #"SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ATTR{idVendor}=="0483", ATTR{idProduct}=="a1ad", "#
          + #"ENV{ID_MM_DEVICE_IGNORE}="1""#,
        #"ACTION=="add", SUBSYSTEM=="usb-serial", DRIVER=="ftdi_sio", SUBSYSTEMS=="usb", \#(gauge), "#
          + #"ATTR{latency_timer}="1""#,
        #"LABEL="thenar_end""#,
      ])
  }

  /// Nobody is given an adapter because of its chip; others are kept off it, and its readings are not held back.
  @Test func adaptersAreKeptForUsAndGivenToNobody() throws {
    let lines = rules(UdevRules.text(modules: try manifests())).filter(isAboutAnyAdapter)
    for usb in ["0403:6001", "10c4:ea60", "1a86:7523"].compactMap(USBID.init) {
      let ids = usb.description.split(separator: ":")
      let own = lines.filter { $0.contains("\"\(ids[0])\"") && $0.contains("\"\(ids[1])\"") }
      #expect(own.map { $0.contains("ID_MM_PORT_IGNORE") } == [true, false])
      #expect(own.map { $0.contains("ID_MM_DEVICE_IGNORE") } == [false, true])
    }
    #expect(lines.contains { $0.contains("ftdi_sio") && $0.contains(#"ATTR{latency_timer}="1""#) })
    #expect(!lines.contains { $0.contains("GROUP") || $0.contains("MODE") || $0.contains("uaccess") })
    let onlyHID = try manifests().filter { $0.transport == .hid }
    #expect(rules(UdevRules.text(modules: onlyHID)).filter(isAboutAnyAdapter).isEmpty)
  }

  private func isAboutAnyAdapter(_ rule: String) -> Bool {
    if rule == #"ACTION=="add", SUBSYSTEM=="usb-serial", DRIVER=="ftdi_sio", ATTR{latency_timer}="1""# { return true }
    let vendors = Set(GenericSerialChip.ids.map(\.vendor) + GenericSerialChip.vendors)
    return rule.contains("ID_MM_")
      && vendors.contains { vendor in
        let digits = String(vendor, radix: 16)
        return rule.contains("idVendor}==\"\(String(repeating: "0", count: 4 - digits.count))\(digits)\"")
      }
  }

  @Test func rulesOfAStation() throws {
    let configured = [
      ConfiguredDevice(
        .serialNumber(USBID(vendor: 0x0403, product: 0x6001), #"A5" *|é"#), name: "timer", module: "stackmat"),
      ConfiguredDevice(.port("1-1.2", nil), module: "stackmat"),
      ConfiguredDevice(.usb(USBID(vendor: 0x0403, product: 0x6001))),
      ConfiguredDevice(.usb(USBID(vendor: 0x0EB8, product: 0xF000))),
      ConfiguredDevice(.path("/dev/pts/3"), name: "bench", module: "stackmat"),
      ConfiguredDevice(.port("1-4", nil), module: "stackmat", isDisabled: true),
      ConfiguredDevice(.port("1-3", nil), module: "go-direct"),
      ConfiguredDevice(.serialNumber(USBID(vendor: 0x08F7, product: 0x0010), "0B1003F2"), name: "grip-left"),
    ]
    let plain = UdevRules.text(modules: try manifests())
    let station = UdevRules.text(modules: try manifests(), configured: configured)
    let added = rules(station).filter { !rules(plain).contains($0) }
    #expect(
      added.filter { $0.contains("uaccess") } == [
        #"SUBSYSTEM=="tty", SUBSYSTEMS=="usb", ATTRS{idVendor}=="0403", ATTRS{idProduct}=="6001", "#
          + #"ATTRS{serial}=="A5? ???", GROUP="thenar", MODE="0660", TAG+="uaccess", ENV{ID_MM_PORT_IGNORE}="1""#,
        #"SUBSYSTEM=="tty", SUBSYSTEMS=="usb", KERNELS=="1-1.2", GROUP="thenar", MODE="0660", TAG+="uaccess", "#
          + #"ENV{ID_MM_PORT_IGNORE}="1""#,
        #"SUBSYSTEM=="hidraw", KERNELS=="0003:0EB8:F000.*", GROUP="thenar", MODE="0660", TAG+="uaccess""#,
        #"SUBSYSTEM=="hidraw", SUBSYSTEMS=="usb", KERNELS=="1-3", GROUP="thenar", MODE="0660", TAG+="uaccess""#,
      ])
    #expect(
      added.filter { $0.contains("ID_MM_DEVICE_IGNORE") } == [
        #"SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ATTR{idVendor}=="0403", ATTR{idProduct}=="6001", "#
          + #"ATTR{serial}=="A5? ???", ENV{ID_MM_DEVICE_IGNORE}="1""#,
        #"SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", KERNEL=="1-1.2", ENV{ID_MM_DEVICE_IGNORE}="1""#,
      ])
    #expect(added.filter { $0.contains("latency_timer") }.count == 2)
    #expect(station.contains("# bench of the station's configuration goes by its path, /dev/pts/3,\n"))
  }

  @Test func theOrderOfTheModulesMakesNoDifference() throws {
    let modules = try manifests()
    #expect(UdevRules.text(modules: modules) == UdevRules.text(modules: modules.reversed()))
    #expect(
      SupportedInstruments.markdown(modules: modules) == SupportedInstruments.markdown(modules: modules.reversed()))
  }

  @Test func everyLineOfTheRulesIsARuleOrAComment() throws {
    let text = UdevRules.text(modules: try manifests(), configured: [ConfiguredDevice(.path("/dev/x\nRUN+=\"evil\""))])
    for line in text.split(separator: "\n") {
      #expect(line.hasPrefix("#") || line.hasPrefix("ACTION") || line.hasPrefix("SUBSYSTEM") || line.hasPrefix("LABEL"))
    }
  }

  @Test func pageOfInstruments() throws {
    #expect(
      SupportedInstruments.markdown(modules: try manifests()) == """
        # Supported instruments

        Written by Thenar from the manifests (`driver.json`) of its modules: change those, not this page. The last column says
        what each was tried with; an instrument that nobody has tried is not the same as one that works.

        ## Vernier Go Direct

        - Module: `go-direct`, version 0.1.0
        - Connection: USB HID
        - Found: by itself, by USB id 08f7:0010, HID usage 8d:20
        - Opening it sends bytes to the instrument.
        - Channels: `force`, force in N
        - Command `zero`: Sets the force to 0.
        - Setting `period_ms`: Between samples.

        | Instrument | USB id | Tried with |
        |---|---|---|
        | Hand Dynamometer (GDX-HD) | 08f7:0010 | Tried \\| with its emulator. |
        | Scale\u{a0}10 | 0922:8003 | Never tried. |

        ## StackMat timers

        - Module: `stackmat`, version 0.2.0
        - Connection: serial line, 1200 baud, 8 data bits, no parity, 1 stop bit
        - Found: by itself, by USB id 0483:a1ad
        - Opening it sends nothing to the instrument.
        - Channels: `elapsed`, time in s
        - Setting `profile`: A profile.

        | Instrument | USB id | Tried with |
        |---|---|---|
        | Timer | none of its own | Never tried. |

        """)
  }
}
