import StrictJSON
import Testing
import ThenarClient

extension Integration {
  /// What people and scripts do with a running hub, and what it says when something is wrong.
  @Suite struct CommandLine {
    @Test func aWrongConfigurationIsNamedByFileLineAndKey() throws {
      let folder = try TemporaryFolder()
      let file = try folder.write("thenar.json", "{\n  // The station.\n  \"statoin\": \"Room 4\"\n}\n")
      let serve = try Program.run(Build.thenar, ["serve", "--config", file, "--socket", folder.path + "/s"])
      #expect(serve.ending == .status(78))
      #expect(
        serve.errors
          == "thenar: \(file), line 3: \"statoin\" is not a known key; known here: devices, modules, records, roles, "
          + "socket, state_directory, station, trials; see configuration.schema.json.\n")
    }

    @Test func aModuleThatIsNotThereCannotBeEmulated() throws {
      let serve = try Program.run(Build.thenar, ["serve", "--emulate", "rowing-machine"])
      #expect(serve.ending == .status(78))
      #expect(serve.errors.contains("\"rowing-machine\""))
      let emulate = try Program.run(Build.thenar, ["emulate", "rowing-machine", "--at", "unix:/tmp/nowhere.sock"])
      #expect(emulate.ending == .status(64))
      #expect(emulate.errors.contains("there are: go-direct, hid-force, line-profile, stackmat"))
    }

    @Test func whatARunningHubIsAskedFor() throws {
      let station = try RunningStation(["--emulate", "go-direct"])
      try station.consumer().take(1, of: "go-direct-emu00001")
      try oneHubPerSocket(station)
      try watch(station)
      try list(station)
      try socat(station)
      #expect(try station.stop() == .status(0))
    }

    private func oneHubPerSocket(_ station: RunningStation) throws {
      let second = try Program.run(
        Build.thenar,
        ["serve", "--no-discovery", "--socket", station.socket, "--state", station.folder.path + "/other"])
      #expect(second.ending == .status(69))
      #expect(
        second.errors.contains(
          "Another Thenar already serves \(station.socket): stop it first, or give this one another --socket."))
    }

    private func watch(_ station: RunningStation) throws {
      let watch = try Program.run(Build.thenar, ["watch", "--json", "--seconds", "2", "--socket", station.socket])
      #expect(watch.ending == .status(0) && watch.errors == "")
      let lines = watch.output.split(separator: "\n")
      let methods = try lines.map { try parse($0)["method"]?.string }
      #expect(methods.first == "welcome")
      #expect(methods.contains("measurement"))
      #expect(methods.contains("heartbeat"))
      #expect(!methods.contains(nil))
    }

    private func list(_ station: RunningStation) throws {
      let devices = try Program.run(Build.thenar, ["devices", "--socket", station.socket])
      #expect(devices.ending == .status(0) && devices.output.hasPrefix("go-direct-emu00001  streaming"))
      let drivers = try Program.run(Build.thenar, ["drivers", "--socket", station.socket])
      #expect(drivers.ending == .status(0))
      #expect(
        drivers.output.split(separator: "\n").filter { !$0.hasPrefix(" ") }.compactMap {
          $0.split(separator: " ").first
        }
          == ["go-direct", "hid-force", "line-profile", "stackmat"])
    }

    /// The line of the handbook.
    private func socat(_ station: RunningStation) throws {
      guard let socat = Build.program("socat") else {
        print("socat is missing, so the line of the handbook is not tried: install it, as scripts/setup does.")
        return
      }
      let reader = try Program(socat, ["-t", "5", "-", "UNIX:" + station.socket])
      defer { reader.destroy() }
      reader.tell(#"{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{}}"#)
      reader.endInput()
      try reader.waitUntilItSays(#""method":"snapshot_end""#)
      try reader.waitUntilItSays(#""method":"measurement""#)
      let lines = reader.output.split(separator: "\n").dropLast()
      #expect(
        try lines.map { try parse($0)["method"]?.string ?? "reply" }.prefix(4) == [
          "welcome", "reply", "device", "snapshot_end",
        ])
    }

    private func parse(_ line: Substring) throws -> JSONNode {
      try JSONNode(parsing: Array(line.utf8), limits: JSONLimits(depth: 32, bytes: 1 << 20, comments: false))
    }
  }

  /// The remedy: `make generate`.
  @Suite struct GeneratedFiles {
    @Test(arguments: [
      (["udev-rules"], "udev/60-thenar.rules"), (["supported-instruments"], "docs/supported-instruments.md"),
    ])
    func areUpToDate(_ command: [String], _ file: String) throws {
      let generated = try Program.run(Build.thenar, command)
      #expect(generated.ending == .status(0))
      let kept = try contents(of: Build.repository + "/" + file)
      #expect(generated.output == kept, "\(file) is not what the modules' manifests say: run `make generate`.")
    }

    @Test func udevRulesNameTheAdaptersOfTheConfiguration() throws {
      let folder = try TemporaryFolder()
      let file = try folder.write(
        "thenar.json", #"{"devices":[{"usb":"0403:6001","serial":"TIMER7","module":"stackmat"}]}"#)
      let rules = try Program.run(Build.thenar, ["udev-rules", "--config", file])
      #expect(rules.ending == .status(0) && rules.output.contains("TIMER7"))
    }
  }
}
