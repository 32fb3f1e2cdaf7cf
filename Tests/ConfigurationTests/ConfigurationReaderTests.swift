import DriverTestKit
import Manifests
import Platform
import StrictJSON
import Testing

@testable import Configuration

@Suite struct ConfigurationReaderTests {
  private func read(_ text: String) throws -> StationConfiguration {
    try StationConfiguration(parsing: Array(text.utf8), file: "thenar.json")
  }

  private func devices(_ text: String) throws -> [ConfiguredDevice] {
    try read("{ \"devices\": [\n\(text)\n] }").devices
  }

  @Test func anEmptyFileIsTheDefaults() throws { #expect(try read("{}") == StationConfiguration()) }

  /// The example says of every default that it is one; so it must be.
  @Test func theExampleIsGoodAndShowsTheDefaults() throws {
    let example = try StationConfiguration(file: repositoryPath("docs/thenar.example.json"))
    var expected = StationConfiguration()
    expected.file = example.file
    expected.station = "room-2"
    expected.socket.path = "/run/thenar/consumer.sock"
    expected.socket.group = "thenar"
    expected.stateDirectory = "/var/lib/thenar"
    expected.roles.operators.users = ["anna"]
    expected.roles.operators.groups = ["therapists"]
    expected.roles.operators.uids = [1001]
    expected.roles.administrators.users = ["technician"]
    expected.modules.folders = ["/opt/thenar/modules"]
    expected.modules.disabled = [DisabledModule(id: "hid-force", line: example.modules.disabled[0].line)]
    expected.devices = example.devices
    #expect(example == expected)
    #expect(example.devices.map(\.name) == ["grip-left", "timer", "pegs", "bench", "pegs-spare", nil])
    #expect(example.devices.map(\.specificity) == [8, 8, 4, 10, 9, 8])
    #expect(example.devices.map(\.isDisabled) == [false, false, false, false, false, true])
    #expect(example.devices[0].settings["period_ms"]?.integer == 10)
  }

  @Test func readsDevices() throws {
    let grip = USBID(vendor: 0x08F7, product: 0x0010)
    #expect(
      try devices(
        #"""
        { "usb": "08F7:0010" }, { "usb": "08f7:0010", "serial": "X" }, { "port": "1-1.2" },
        { "usb": "08f7:0010", "port": "1-1.2" }, { "path": "/dev/pts/3", "module": "line-profile" },
        """#
      ).map(\.place) == [
        .usb(grip), .serialNumber(grip, "X"), .port("1-1.2", nil), .port("1-1.2", grip), .path("/dev/pts/3"),
      ])
  }

  @Test(arguments: [
    (
      #"{ "sockets": {} }"#,
      #"line 1: "sockets" is not a known key; known here: devices, modules, records, roles, socket, state_directory, station, trials"#
    ),
    (#"{ "socket": { "path": "run/x" } }"#, #"line 1: "socket.path" must be an absolute path, beginning with "/""#),
    (
      #"{ "socket": { "queue_bytes": 1 } }"#,
      #"line 1: "socket.queue_bytes" must be a whole number from 65536 to 1073741824"#
    ),
    ("{\n \"state_directory\": 3 }", #"line 2: "state_directory" must be a string, not a number"#),
    (
      #"{ "roles": { "operator": { "uids": [-1] } } }"#,
      #"line 1: "roles.operator.uids" must hold whole numbers from 0 to 4294967294"#
    ),
    (#"{ "roles": { "observer": {} } }"#, #"line 1: "roles.observer" is not a known key; known here: admin, operator"#),
    (#"{ "roles": { "admin": { "users": [""] } } }"#, #"line 1: "roles.admin.users" must not hold an empty name"#),
    (
      #"{ "modules": { "folders": ["x"] } }"#,
      #"line 1: "modules.folders" must hold absolute paths, beginning with "/""#
    ),
    (
      #"{ "modules": { "folders": ["/x", "/x"] } }"#, #"line 1: "modules.folders" names /x twice; take one of them out"#
    ),
    (
      #"{ "modules": { "disabled": ["No Id"] } }"#,
      #"line 1: "modules.disabled" must hold ids of modules, such as "line-profile""#
    ),
    (
      #"{ "trials": { "onset_N": 5, "release_N": 5 } }"#,
      #"line 1: "trials.release_N" makes the release, 5.0 N, no less than the onset, 5.0 N, so that a trial would end as it begins; make release_N smaller than onset_N"#
    ),
    (
      #"{ "trials": { "onset_N": 2 } }"#,
      #"line 1: "trials.onset_N" makes the release, 3.0 N, no less than the onset, 2.0 N, so that a trial would end as it begins; make release_N smaller than onset_N"#
    ),
    (
      #"{ "records": { "ring_bytes": "8M" } }"#,
      #"line 1: "records.ring_bytes" must be a whole number from 65536 to 1073741824"#
    ),
    ("[]", "line 1: the file must be an object, not a list"),
  ])
  func refusesNamingLineAndKey(_ text: String, _ problem: String) {
    #expect { try read(text) } throws: {
      ($0 as? DocumentProblem)?.sentence == "thenar.json, \(problem); see configuration.schema.json."
    }
  }

  @Test(arguments: [
    (#"{ "name": "x" }"#, #"line 2: "devices[0]" does not say which device it is about; add "usb", "port" or "path""#),
    (#"{ "serial": "X" }"#, #"line 2: "devices[0].serial" needs the USB id that it belongs to; add "usb""#),
    (
      #"{ "usb": "0403:6001", "serial": "X", "port": "1-1" }"#,
      #"line 2: "devices[0].serial" stands beside "port"; keep the one by which the device is to be known"#
    ),
    (
      #"{ "path": "/dev/x", "port": "1-1" }"#,
      #"line 2: "devices[0].path" stands beside another way to name the device; keep one of them"#
    ),
    (
      #"{ "path": "dev/x", "module": "ab" }"#,
      #"line 2: "devices[0].path" must be an absolute path, beginning with "/""#
    ),
    (
      #"{ "path": "/dev/x" }"#,
      #"line 2: "devices[0].module" is missing: a path does not say what is behind it; name the module"#
    ),
    (#"{ "port": "usb1" }"#, #"line 2: "devices[0].port" must be a USB port as the kernel writes it, such as "1-1.2""#),
    (
      #"{ "usb": "403:6001" }"#,
      #"line 2: "devices[0].usb" must be two times four hexadecimal digits, such as "08f7:0010""#
    ),
    (
      #"{ "usb": "0403:6001", "module": "stackmat" }"#,
      #"line 2: "devices[0].usb" is that of any FTDI FT232, whatever is behind it; add "serial", or "port" where it has none"#
    ),
    (
      #"{ "usb": "08f7:0010", "name": "grip" }"#,
      #"line 2: "devices[0].name" is for one device and "usb" alone can mean several; add "serial", or "port" where it has none"#
    ),
    (
      #"{ "port": "1-1", "name": "Left Grip" }"#,
      #"line 2: "devices[0].name" must be 1 to 48 lower-case letters and digits, words joined by "-""#
    ),
    (#"{ "port": "1-1", "settings": [] }"#, #"line 2: "devices[0].settings" must be an object, not a list"#),
    (
      #"{ "port": "1-1", "vendor": "x" }"#,
      #"line 2: "devices[0].vendor" is not a known key; known here: disabled, interface, module, name, path, port, serial, settings, usb"#
    ),
    (
      "{ \"port\": \"1-1\" },\n{ \"port\": \"1-1\", \"disabled\": true }",
      #"line 3: "devices[1]" is about the same device as the entry on line 2; make them one"#
    ),
    (
      "{ \"port\": \"1-1\", \"name\": \"a\" },\n{ \"port\": \"1-2\", \"name\": \"a\" }",
      #"line 3: "devices[1].name" is that of the entry on line 2 too; give each device its own name"#
    ),
  ])
  func refusesDevices(_ text: String, _ problem: String) {
    #expect { try devices(text) } throws: {
      ($0 as? DocumentProblem)?.sentence == "thenar.json, \(problem); see configuration.schema.json."
    }
  }

  @Test func aSocketPathMustFitIntoASocketAddress() throws {
    let longest = "/" + String(repeating: "a", count: 106)
    #expect(try read("{ \"socket\": { \"path\": \"\(longest)\" } }").socket.path == longest)
    #expect(throws: DocumentProblem.self) { try read("{ \"socket\": { \"path\": \"\(longest)a\" } }") }
  }

  @Test func aFileThatIsNotThereIsSaid() {
    #expect { try StationConfiguration(file: "/nowhere/thenar.json") } throws: {
      ($0 as? DocumentProblem)?.sentence
        == "/nowhere/thenar.json: cannot be read (No such file or directory); correct the path, or let the account that runs "
        + "Thenar read it."
    }
  }

  @Test func damagedConfigurationsAreRefusedAndNeverTrap() throws {
    var input = RandomInput(seeds: [try readSmallFile(repositoryPath("docs/thenar.example.json"))])
    for _ in 0..<1_500 {
      if let good = try? StationConfiguration(parsing: input.next(), file: "x") {
        #expect(good.trials.releaseNewtons < good.trials.onsetNewtons)
      }
    }
  }
}
