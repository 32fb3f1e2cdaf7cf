import CThenarDriver
import ContractCoding
import DriverKit
import DriverTestKit
import FirstContract
import Testing
import Worker

/// A module that was built before contract 2 goes on as it was.
@Suite struct FirstContractTests {
  private var table: UnsafeRawPointer { UnsafeRawPointer(thenar_driver_first_contract()) }

  @Test func itIsLoaded() throws {
    let table = table.assumingMemoryBound(to: thenar_driver.self)
    #expect(table.pointee.struct_size == 120 && table.pointee.abi_version == 1)
    #expect(try checkTable(table, library: "a.so", id: "first-contract", version: "1.0.0") == table)
  }

  @Test func itSaysWhatItAlwaysSaid() throws {
    let driver = DriverInstance(table: table)
    driver.start()
    driver.receive([42], at: 7)
    driver.receiveFeature(1, [1, 2])
    let said = driver.recorder
    #expect(said.channels == [0: Channel(name: "force", quantity: "force", unit: "N", interval: 10_000)])
    #expect(said.identity == Identity(model: "First"))
    #expect(said.samples == [.init(channel: 0, values: [42], time: 7)])
    #expect(said.eventNames == ["first.heard"] && said.readyCount == 1 && said.breaches.isEmpty)
  }

  @Test func itsEmulatorRefusesFeatureReports() throws {
    let emulator = try #require(EmulatorInstance(table: table))
    emulator.connected()
    emulator.receive([9])
    emulator.requestFeature(3)
    emulator.receiveFeature([3, 4])
    #expect(emulator.takeSent() == [[42], [9]])
    #expect(emulator.takeFeatures().map(\.report) == [3])
  }

  @Test func itMeetsItsEmulator() throws {
    let station = VirtualStation(table: table, hid: true)
    station.open()
    #expect(station.recorder.values(of: 0) == [42])
  }

  @Test func aDriverOfTodayMeetsAnOlderHost() throws {
    // What stands behind the table of an older host is not the host's: the driver must not look at it.
    let memory = UnsafeMutableRawPointer.allocate(byteCount: MemoryLayout<thenar_host>.size, alignment: 8)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 0xA5, count: MemoryLayout<thenar_host>.size)
    memory.storeBytes(of: UInt32(thenar_host.firstSize), as: UInt32.self)
    let host = DriverHost(table: memory.assumingMemoryBound(to: thenar_host.self))
    #expect(!host.requestFeature(1) && !host.writeFeature([1, 2]))
  }
}
