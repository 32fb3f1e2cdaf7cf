import CThenarDriver
import DeviceTestKit
import DriverKit
import Glibc
import Testing
import Worker

@Suite struct ModuleLoaderTests {
  @Test func theWantedModuleIsTaken() throws {
    let table = try checkTable(probeModule.table, library: "a.so", id: "probe-driver", version: "1.0.0")
    #expect(table == probeModule.table)
  }

  private static let spoilers: [(@Sendable (inout thenar_driver) -> Void, String)] = [
    ({ $0.abi_version = 7 }, "was made for driver contract 7, and this Thenar has 2: install a module built for it."),
    ({ $0.struct_size = 8 }, "has a table of 8 bytes, less than 120: build it again."),
    ({ $0.id.count -= 1 }, "says that its id is not probe-driver: correct the id in its driver.json."),
    ({ $0.id.bytes = nil }, "says that its id is not probe-driver: correct the id in its driver.json."),
    (
      { $0.version.count = 0 },
      "says that its version is not 1.0.0: install library and driver.json from one build."
    ),
    ({ $0.receive = nil }, "lacks a function that every driver must have: build it again."),
  ]

  @Test(arguments: spoilers.indices) func anotherTableIsRefused(_ index: Int) {
    var table = probeModule.table.pointee
    Self.spoilers[index].0(&table)
    #expect(
      throws: ModuleFailure(code: "module_mismatch", sentence: "The driver module a.so \(Self.spoilers[index].1)")
    ) { try checkTable(&table, library: "a.so", id: "probe-driver", version: "1.0.0") }
  }

  @Test func noTableIsRefused() {
    #expect(
      throws: ModuleFailure(
        code: "module_mismatch", sentence: "The driver module a.so gives no table: install the module again.")
    ) { try checkTable(nil, library: "a.so", id: "a", version: nil) }
  }

  @Test func aMissingFileIsNamed() {
    #expect(
      throws: ModuleFailure(
        code: "module_unloadable",
        sentence: "The driver module /nowhere/libA.so cannot be loaded: /nowhere/libA.so: cannot open shared object "
          + "file: No such file or directory. Install the module again.")
    ) { try loadModule(library: "/nowhere/libA.so", id: "a", version: nil) }
  }

  @Test func aTextFileIsNoModule() throws {
    let folder = try TestFolder()
    let path = folder.path + "/libText.so"
    let file = open(path, O_CREAT | O_WRONLY, 0o600)
    write(file, "this is no library", 18)
    close(file)
    defer { unlink(path) }
    let failure = #expect(throws: ModuleFailure.self) { try loadModule(library: path, id: "a", version: nil) }
    #expect(failure?.code == "module_unloadable" && failure?.sentence.contains(path) == true)
  }

  @Test func aLibraryWithoutTheEntryIsNoModule() {
    #expect(
      throws: ModuleFailure(
        code: "module_without_entry",
        sentence: "libc.so.6 has no function thenar_driver_go_direct: it is not the driver module go-direct; "
          + "correct its driver.json.")
    ) { try loadModule(library: "libc.so.6", id: "go-direct", version: "0.1.0") }
  }
}
