import CThenarDriver
import DriverKit
import DriverTestKit
import StrictJSON
import Testing

/// A driver that uses every function of the host once.
private struct EchoDriver: Driver {
  let greeting: String

  init(setup: DriverSetup, host: DriverHost) throws(SetupRefusal) {
    guard let greeting = setup.settings["greeting"]?.string else {
      throw SetupRefusal("The setting \"greeting\" is missing: give it a text.")
    }
    self.greeting = greeting
  }

  var serialLine: SerialLine? { SerialLine(baud: 1200, dataBits: 7, parity: .even, stopBits: 2, dtr: false) }

  mutating func start(at now: Microseconds, host: DriverHost) {
    host.declare(
      Channel(number: 3, name: "force", quantity: "force", unit: "N", rawUnit: "kgf", range: 0...850, interval: 10_000))
    host.identify(Identity(vendor: "Maker", model: greeting, batteryPercent: 87))
    host.wake(at: now + 500)
    host.ready()
  }

  mutating func receive(_ bytes: Span<UInt8>, at time: Microseconds, host: DriverHost) {
    host.sample(channel: 3, value: Double(bytes[0]), raw: 2, quality: .stable, at: time, deviceTime: 7)
    host.samples(channel: 3, values: [1, .nan], quality: [[], .noData], at: time, interval: 10_000)
    host.event(
      Event(
        "peg.inserted", at: time, deviceTime: 5, uncertainty: 9, quality: .inferred,
        fields: [("hole", .integer(4)), ("level", .number(0.5)), ("side", .text("left")), ("on", .flag(true))],
        raw: "I,5,4"))
    host.lost(channel: 3, count: 2, reason: "device_dropped")
    host.tally("checksum_errors")
  }

  mutating func wake(at now: Microseconds, host: DriverHost) { host.fault(.restart, "silent", "Nothing came.") }

  mutating func perform(_ command: DriverCommand, at now: Microseconds, host: DriverHost) {
    if command.name == "zero" { host.finish(command) } else { host.fail(command, because: "No \(command.arguments).") }
  }

  mutating func stop(at now: Microseconds, host: DriverHost) { host.write([9]) }
}

private let module = DriverModule(id: "echo", version: "1.2.3", driver: EchoDriver.self)

@Suite struct DriverModuleTests {
  @Test func theTableSaysWhoItIs() {
    let table = module.table.pointee
    #expect(table.abi_version == THENAR_DRIVER_ABI)
    #expect(table.struct_size == UInt32(MemoryLayout<thenar_driver>.size))
    #expect(table.emulator == nil)
  }

  @Test func aRefusedSetupNamesTheSetting() {
    let instance = DriverInstance(module)
    #expect(instance.isRefused)
    #expect(
      instance.recorder.faults == [
        .init(severity: .refuse, code: "setup", sentence: "The setting \"greeting\" is missing: give it a text.")
      ])
  }

  @Test func settingsThatAreNotJSONAreRefused() {
    let instance = DriverInstance(module, settings: "{")
    #expect(instance.recorder.faults.first?.sentence.hasPrefix("The settings cannot be read: Line 1") == true)
  }

  @Test func everythingThatADriverSaysArrives() throws {
    let instance = DriverInstance(module, settings: #"{"greeting":"Grip 1"}"#)
    #expect(instance.serialLine == SerialLine(baud: 1200, dataBits: 7, parity: .even, stopBits: 2, dtr: false))
    instance.start(at: 100)
    instance.receive([42], at: 200)
    instance.wake(at: 600)
    instance.command("zero", number: 8)
    instance.command("dance", "{\"a\":1}", number: 9)
    instance.stop(at: 700)

    let said = instance.recorder
    #expect(said.readyCount == 1)
    #expect(said.identity == Identity(vendor: "Maker", model: "Grip 1", batteryPercent: 87))
    #expect(said.channels[3]?.range == 0...850)
    #expect(said.channels[3]?.rawUnit == "kgf")
    #expect(
      said.samples == [
        .init(channel: 3, values: [42], raw: [2], quality: [.stable], time: 200, interval: 0, deviceTime: 7),
        .init(
          channel: 3, values: [1, nil], raw: [], quality: [[], .noData], time: 200, interval: 10_000, deviceTime: nil),
      ])
    let event = try #require(said.events.first)
    #expect(event.fields == ["hole": .integer(4), "level": .number(0.5), "side": .text("left"), "on": .flag(true)])
    #expect(event.raw == "I,5,4" && event.deviceTime == 5 && event.uncertainty == 9 && event.quality == .inferred)
    #expect(said.lost == [.init(channel: 3, count: 2, reason: "device_dropped")])
    #expect(said.tallies == ["checksum_errors": 1])
    #expect(said.faults == [.init(severity: .restart, code: "silent", sentence: "Nothing came.")])
    #expect(said.outcomes == [8: "", 9: "No {\"a\":1}."])
    #expect(said.writes == [[9]])
  }
}
