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

  @Test func featureReportsGoBothWays() {
    let station = VirtualStation(featureModule, hid: true)
    station.open()
    #expect(station.recorder.featureRequests == [3, 4])
    #expect(station.recorder.featureWrites == [[3, 7]])
    #expect(station.recorder.eventNames == ["feature.given", "feature.refused"])
    #expect(station.recorder.events.map { $0.fields["value"] } == [.integer(7), nil])
  }
}

private struct Asking: Driver {
  init(setup: DriverSetup, host: DriverHost) throws(SetupRefusal) {}
  mutating func start(at now: Microseconds, host: DriverHost) {
    host.writeFeature([3, 7])
    host.requestFeature(3)
    host.requestFeature(4)
  }
  mutating func receive(_ bytes: Span<UInt8>, at time: Microseconds, host: DriverHost) {}
  mutating func receiveFeature(_ report: UInt8, _ bytes: Span<UInt8>, at time: Microseconds, host: DriverHost) {
    if bytes.isEmpty { return host.event(Event("feature.refused", at: time)) }
    host.event(Event("feature.given", at: time, fields: [("value", .integer(Int64(bytes[1])))]))
  }
}

private struct Answering: Emulator {
  private var value: UInt8 = 0
  init(setup: DriverSetup, host: EmulatorHost) throws(SetupRefusal) {}
  mutating func wake(at now: Microseconds, host: EmulatorHost) {}
  mutating func featureWritten(_ bytes: Span<UInt8>, at now: Microseconds, host: EmulatorHost) { value = bytes[1] }
  mutating func featureRequested(_ report: UInt8, at now: Microseconds, host: EmulatorHost) {
    if report == 3 { host.sendFeature([3, value]) } else { host.refuseFeature(report) }
  }
}

private let featureModule = DriverModule(id: "asking", version: "1", driver: Asking.self, emulator: Answering.self)
