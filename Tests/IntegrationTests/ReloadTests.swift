import Glibc
import Testing
import ThenarClient

extension Integration {
  /// A configuration that changes while the station runs.
  @Suite struct Reload {
    private static let dynamometer = "go-direct-emu00001"

    /// A board's line, to be opened by path; nobody answers there.
    private func configuration(_ devices: String, extra: String = "") -> String {
      "{ \"devices\": [\n\(devices)\n]\(extra) }\n"
    }

    @Test func whatChangesIsDoneAndTheRestGoesOn() throws {
      let folder = try TemporaryFolder()
      let board = #"{ "name": "NAME", "module": "stackmat", "path": "\#(folder.path)/line" }"#
      func named(_ name: String) -> String { board.replacing("NAME", with: name) }
      try folder.write("thenar.json", configuration(""))
      let station = try RunningStation(
        ["--modules", Build.modules, "--emulate", "go-direct", "--config", folder.path + "/thenar.json"], in: folder)
      let other = try station.consumer(of: Self.dynamometer)
      let consumer = try station.consumer(kinds: [.device])
      try other.next(Self.dynamometer, is: .streaming)

      // A device that is new.
      try folder.write("thenar.json", configuration(named("bench"), extra: #", "station": "room-3""#))
      station.hub.signal(SIGHUP)
      try consumer.next("bench", is: .starting)
      try station.hub.waitUntilItSays("Reloaded: bench is driven now.")
      try station.hub.waitUntilItSays("\"station\" was changed in \(folder.path)/thenar.json")

      // What cannot be used changes nothing, and is told with its place.
      try folder.write("thenar.json", configuration(named("table") + ",\n" + #"{ "serial": "X" }"#))
      station.hub.signal(SIGHUP)
      try station.hub.waitUntilItSays("Nothing was reloaded, and what was read before stays in force: ")
      try station.hub.waitUntilItSays("thenar.json, line 3: \"devices[1].serial\" needs the USB id")

      // Nor does what others could have written.
      let file = try folder.write("thenar.json", configuration(named("table")))
      chmod(file, 0o666)
      station.hub.signal(SIGHUP)
      try station.hub.waitUntilItSays("can be written by everybody")
      #expect(try !consumer.client.devices().contains { $0.name == "table" })

      // The other device went on all the while.
      let present = try other.client.ping()
      try other.next("samples of the present") { content -> Void? in
        if case .measurement(let batch) = content, batch.samples.time > present { () } else { nil }
      }
      #expect(other.states(of: Self.dynamometer) == ["found", "starting", "ready", "streaming"])
      #expect(other.measurements(of: Self.dynamometer).first?.firstSample == 0)
      #expect(other.faults == [] && other.gaps == [])
      #expect(try station.stop() == .status(0))
    }

    @Test func filesThatOthersCanWriteAreRefusedAtTheStart() throws {
      let folder = try TemporaryFolder()
      let file = try folder.write("thenar.json", configuration(""))
      chmod(file, 0o646)
      let serve = try Program.run(Build.thenar, ["serve", "--config", file, "--socket", folder.path + "/s"])
      #expect(serve.ending == .status(78))
      #expect(
        serve.errors
          == "thenar: \(file): is not used: \(file) can be written by everybody, who could change what Thenar "
          + "does: chmod go-w \(file).\n")
    }

    /// Standard error that nobody reads holds up neither the readings nor the end.
    @Test func aLogThatNobodyReadsHoldsUpNothing() throws {
      var ends: [Int32] = [-1, -1]
      try #require(pipe(&ends) == 0)
      defer { for end in ends { close(end) } }
      let folder = try TemporaryFolder()
      let full = [UInt8](repeating: 0x78, count: 65_536)
      #expect(write(ends[1], full, full.count) == full.count)
      let socket = folder.path + "/run/consumer.sock"
      let hub = try Program(
        "/bin/sh",
        [
          "-c", "exec \"$0\" \"$@\" 2>/proc/\(getpid())/fd/\(ends[1])", Build.thenar, "serve", "--no-discovery",
          "--socket", socket, "--state", folder.path + "/state", "--emulate", "go-direct",
        ])
      defer { hub.destroy() }
      try waitForSocket(socket)
      let consumer = try Consumer(socket)
      try consumer.take(10, of: Self.dynamometer)
      hub.signal(SIGTERM)
      #expect(try hub.end() == .status(0))
    }

    private func waitForSocket(_ path: String) throws {
      for _ in 0..<Int(patience * 100) {
        if access(path, F_OK) == 0 { return }
        usleep(10_000)
      }
      throw DidNotHappen(description: "There is no \(path).")
    }
  }
}
