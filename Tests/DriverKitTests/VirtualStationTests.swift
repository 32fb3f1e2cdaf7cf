import DriverKit
import DriverTestKit
import Testing

private struct Writer: Driver {
  init(setup: DriverSetup, host: DriverHost) throws(SetupRefusal) {}
  mutating func receive(_ bytes: Span<UInt8>, at time: Microseconds, host: DriverHost) {
    host.event(Event("heard", at: time, fields: [("byte", .integer(Int64(bytes[0])))]))
  }
  mutating func stop(at now: Microseconds, host: DriverHost) { host.write([7]) }
}

private struct Echo: Emulator {
  init(setup: DriverSetup, host: EmulatorHost) throws(SetupRefusal) {}
  mutating func receive(_ bytes: Span<UInt8>, at now: Microseconds, host: EmulatorHost) { host.send([bytes[0]]) }
  mutating func wake(at now: Microseconds, host: EmulatorHost) {}
}

private let module = DriverModule(id: "writer", version: "1", driver: Writer.self, emulator: Echo.self)

@Suite struct VirtualStationTests {
  @Test func forgettingWhatWasSaidLosesNothingOnTheLine() {
    let station = VirtualStation(module, hid: false)
    station.open()
    station.recorder.clear()
    station.close()
    #expect(station.recorder.events.map(\.fields) == [["byte": .integer(7)]])
  }
}
