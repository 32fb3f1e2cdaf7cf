import Glibc
import StrictJSON
import Testing
import ThenarClient

extension Integration {
  /// The hub as it is, on instruments that it finds through libudev and opens through libhidapi and libserialport.
  @Suite(.enabled(if: Bus.wrapper != nil, "umockdev-wrapper is missing: install umockdev, as scripts/setup does"))
  struct MockBus {
    private static let timer = """
      {
        "devices": [
          { "usb": "0403:6001", "serial": "TIMER7", "name": "timer", "module": "stackmat" }
        ]
      }
      """

    @Test func aDynamometerAndAConfiguredTimerAreFoundAndRead() throws {
      let station = try StationOnBus(configuration: Self.timer)
      let consumer = try station.consumer()
      try station.bus.plug(.goDirect(station.bus.emulate("go-direct", "grip"), serial: "0B1003F2"))
      try station.bus.plug(
        .ftdi(station.bus.emulate("stackmat", "timer", #"{"trial_ms":[700]}"#), serial: "TIMER7"))
      try consumer.take(30, of: "go-direct-0b1003f2")
      let result = try consumer.next("a result of the timer") { content -> TrialResult? in
        if case .result(let record) = content, record.result.device == "timer" { record.result } else { nil }
      }
      guard case .time(let timing) = result.outcome else {
        Issue.record("not a time: \(result)")
        return
      }
      #expect(timing.elapsed == 700_000 && !result.emulated)
      let grip = try #require(consumer.devices.last { $0.device == "go-direct-0b1003f2" })
      #expect(grip.key.value == "08f7:0010:0B1003F2" && grip.key.kind == "usb-serial" && grip.node == "/dev/hidraw0")
      #expect(!grip.emulated && grip.driver.id == "go-direct")
      #expect(consumer.devices.last { $0.device == "timer" }?.node == "/dev/ttyUSB0")
      #expect(consumer.faults == [])
      #expect(consumer.gaps == [])
      #expect(try station.stop() == .status(0))
    }

    /// Unplugged and plugged in again seven times, each time under another node.
    @Test func anUnpluggedInstrumentIsToldAtOnceAndTakenUpAgain() throws {
      let name = "go-direct-a1"
      let station = try StationOnBus()
      let consumer = try station.consumer()
      let emulator = try station.bus.emulate("go-direct", "grip")
      var delays: [Int64] = []
      for round in 0..<7 {
        try station.bus.plug(.goDirect(emulator, serial: "A1", node: round))
        try consumer.next(name, is: .streaming)
        try consumer.take(10, of: name)
        let pulled = try station.bus.unplug("A1")
        let lost = try consumer.next(name, is: .lost)
        #expect(lost.node == "/dev/hidraw\(round)")
        delays.append(lost.since - pulled)
      }
      print("unplug to lost, in microseconds: \(delays)")
      #expect(delays.sorted()[3] < 100_000)
      #expect(delays.allSatisfy { $0 >= 0 })
      let seen = Set(consumer.devices.map(\.device))
      #expect(seen == [name])
      // The count of samples goes on over all of it.
      #expect(consumer.faults == [])
      #expect(try station.stop() == .status(0))
    }

    @Test func twoEqualDynamometersAreTwoDevicesWithTheirOwnValues() throws {
      let station = try StationOnBus()
      let consumer = try station.consumer()
      let weak = try station.bus.emulate("go-direct", "weak", #"{"constant_N":11}"#)
      let strong = try station.bus.emulate("go-direct", "strong", #"{"constant_N":222}"#)
      try station.bus.plug(.goDirect(weak, serial: "WEAK", node: 3, port: "1-1"))
      try station.bus.plug(.goDirect(strong, serial: "STRONG", node: 1, port: "1-2"))
      try consumer.take(20, of: "go-direct-weak")
      try consumer.take(20, of: "go-direct-strong")
      #expect(Set(consumer.measurements(of: "go-direct-weak").flatMap(\.samples.values)) == [11])
      #expect(Set(consumer.measurements(of: "go-direct-strong").flatMap(\.samples.values)) == [222])
      #expect(consumer.faults == [])
      #expect(try station.stop() == .status(0))
    }

    @Test func anAdapterThatNobodyConfiguredIsNeverOpened() throws {
      let station = try StationOnBus(configuration: Self.timer)
      let consumer = try station.consumer()
      let emulator = try station.bus.emulate("stackmat", "other")
      try station.bus.plug(.ftdi(emulator, serial: "OTHER"))
      let shown = try consumer.next("the adapter") { content -> DeviceReport? in
        if case .device(let record) = content { record.report } else { nil }
      }
      #expect(shown.state == .needsConsent && shown.reason == "not_configured")
      #expect(shown.fix.contains(#""usb":"0403:6001","serial":"OTHER""#), "\(shown.fix)")

      // Something that is opened after it shows that the hub had the time.
      try station.bus.plug(.goDirect(station.bus.emulate("go-direct", "grip"), serial: "B2", port: "1-4"))
      try consumer.take(30, of: "go-direct-b2")
      #expect(try station.bus.readers(of: "OTHER") == 0)
      #expect(try station.bus.readers(of: "B2") ?? 0 > 0)
      #expect(consumer.states(of: shown.device) == ["needs_consent"])
      #expect(try station.stop() == .status(0))
    }

    @Test func aStopTellsTheInstrumentToStop() throws {
      let station = try StationOnBus()
      let consumer = try station.consumer()
      let tap = try ReportTap(
        path: station.bus.folder.path + "/tap.sock", emulator: station.bus.emulate("go-direct", "grip"))
      try station.bus.plug(.goDirect(tap.path, serial: "D4"))
      try consumer.take(10, of: "go-direct-d4")
      #expect(try station.stop() == .status(0))
      // A report begins with its length; a command names itself in the fifth byte after it (GoDirect/PROTOCOL.md 2.1).
      let commands = try tap.all().map { $0.count > 5 ? $0[5] : 0 }
      let (start, stop): (UInt8, UInt8) = (0x18, 0x19)
      #expect(commands.contains(start))
      #expect(commands.suffix(2).contains(stop), "\(commands)")
    }

    @Test func aScaleIsKnownByItsDescriptorAndAJoystickByTheConfiguration() throws {
      let station = try StationOnBus(
        configuration: """
          {
            "devices": [
              {
                "usb": "1234:0002", "serial": "STICK", "name": "pinch", "module": "hid-force",
                "settings": { "axis": "y", "calibration": { "raw0": 512, "raw1": 900, "newtons1": 50 } }
              }
            ]
          }
          """)
      let consumer = try station.consumer()
      let scale = try station.bus.emulate(
        "hid-force", "scale", #"{"kind":"scale","constant_N":98.0665}"#, reportDescriptor: Self.scale)
      try station.bus.plug(
        Bus.Instrument(
          id: "scale", port: "1-1", node: 0, serial: "KG1", usb: ("1234", "0001"), maker: ("Somebody", "Scale"),
          reportDescriptor: Self.scale, emulator: scale))
      // The emulated axis shows 900 under 100 N; the configuration says that 900 is 50 N.
      let stick = try station.bus.emulate(
        "hid-force", "stick", #"{"kind":"joystick","constant_N":100}"#, reportDescriptor: Self.joystick)
      try station.bus.plug(
        Bus.Instrument(
          id: "stick", port: "1-2", node: 1, serial: "STICK", usb: ("1234", "0002"), maker: ("Somebody", "Joystick"),
          reportDescriptor: Self.joystick, emulator: stick))
      try consumer.take(5, of: "hid-force-kg1")
      try consumer.take(5, of: "pinch")
      let weights = consumer.measurements(of: "hid-force-kg1").flatMap(\.samples.values).filter(\.isFinite)
      // 10 kg, as standard gravity makes it newtons.
      #expect(Set(weights.map { ($0 * 1e6).rounded() }) == [98_066_500])
      #expect(Set(consumer.measurements(of: "pinch").flatMap(\.samples.values)) == [50])
      #expect(consumer.faults == [])
      #expect(try station.stop() == .status(0))
    }

    /// Vernier's own client and our driver, each with an emulator of the same settings.
    @Test(
      .enabled(
        if: Build.program("umockdev-wrapper") != nil && access(vendorClient, X_OK) == 0,
        "Vernier's client is missing: run scripts/test-venv"))
    func theMakersClientReadsTheSameNewtons() throws {
      let settings = #"{"serial":"C3","sequence_N":[0.5,12.25,333.125,-1.5,87.75]}"#
      let station = try StationOnBus(configuration: #"{ "modules": { "disabled": ["go-direct"] } }"#)
      try station.bus.plug(.goDirect(station.bus.emulate("go-direct", "grip", settings), serial: "C3"))
      let client = try station.bus.run([
        Self.vendorClient, Build.repository + "/Tests/MockBus/read_with_vendor_client.py", "--values", "10",
      ])
      try #require(client.status == 0, "\(client.errors)")
      let read = try JSONNode(
        parsing: Array(client.output.utf8), limits: JSONLimits(depth: 8, bytes: 65_536, comments: false))
      #expect(read["unit"]?.string == "N" && read["serial"]?.string == "C3")
      #expect(try station.stop() == .status(0))

      let ours = try StationOnBus()
      let consumer = try ours.consumer()
      try ours.bus.plug(.goDirect(ours.bus.emulate("go-direct", "grip", settings), serial: "C3"))
      try consumer.take(10, of: "go-direct-c3")
      let newtons = consumer.measurements(of: "go-direct-c3").flatMap(\.samples.values).prefix(10).filter(\.isFinite)
      #expect(newtons == [0.5, 12.25, 333.125, -1.5, 87.75, 0.5, 12.25, 333.125, -1.5, 87.75])
      #expect(read["values"]?.elements?.compactMap(\.number) == newtons)
      #expect(try ours.stop() == .status(0))
    }

    private static let scale = """
      05 8d 09 20 a1 01 09 30 a1 02 85 01 75 08 95 01 15 01 09 21 a1 02 25 0a 19 21 29 2a b1 00 c0 09 50 a1 02 25 0c \
      19 51 29 5c b1 00 c0 c0 09 31 a1 02 85 02 75 01 95 02 15 00 25 01 09 81 09 80 91 02 75 06 95 01 91 03 c0 \
      09 32 a1 02 85 03 75 08 95 01 15 01 09 70 a1 02 25 08 19 71 29 78 81 00 c0 09 50 a1 02 25 0c 19 51 29 5c 81 00 \
      c0 15 81 25 7f 09 41 81 02 75 10 15 00 27 ff ff 00 00 09 40 81 02 c0 c0
      """

    private static let joystick = """
      05 01 09 04 a1 01 85 01 09 31 15 00 26 ff 03 75 0a 95 01 81 02 75 06 95 01 81 03 \
      05 09 19 01 29 02 15 00 25 01 75 01 95 02 81 02 75 06 95 01 81 03 c0
      """

    private static let vendorClient = Build.repository + "/.venv-vendor/bin/python"
  }
}
