package import CThenarDriver
internal import Glibc

/// Why a driver module cannot be used.
package struct ModuleFailure: Error, Equatable {
  /// One word.
  package var code: String
  /// One plain sentence that names the file and the fix.
  package var sentence: String

  /// A failure; see the properties.
  package init(code: String, sentence: String) {
    self.code = code
    self.sentence = sentence
  }
}

/// Opens a driver module for the life of the process and checks that it is the wanted one. `version` of `nil`: any.
///
/// It is never closed: code that registered Swift types cannot be taken out of a process again.
package func loadModule(
  library: String, id: String, version: String?
) throws(ModuleFailure) -> UnsafePointer<thenar_driver> {
  // RTLD_NODELETE, which Swift's Glibc module does not show.
  let neverUnload: Int32 = 0x1000
  guard let handle = dlopen(library, RTLD_NOW | RTLD_LOCAL | neverUnload) else {
    let reason = dlerror().map { String(cString: $0) } ?? "no reason given"
    throw ModuleFailure(
      code: "module_unloadable",
      sentence: "The driver module \(library) cannot be loaded: \(reason). Install the module again.")
  }
  let symbol = "thenar_driver_" + String(id.map { $0 == "-" ? "_" : $0 })
  guard let found = dlsym(handle, symbol) else {
    throw ModuleFailure(
      code: "module_without_entry",
      sentence: "\(library) has no function \(symbol): it is not the driver module \(id); correct its driver.json.")
  }
  let entry = unsafeBitCast(found, to: thenar_driver_entry.self)
  return try checkTable(entry(), library: library, id: id, version: version)
}

/// Checks the table that a module's entry returned.
package func checkTable(
  _ table: UnsafePointer<thenar_driver>?, library: String, id: String, version: String?
) throws(ModuleFailure) -> UnsafePointer<thenar_driver> {
  func mismatch(_ what: String) -> ModuleFailure {
    ModuleFailure(code: "module_mismatch", sentence: "The driver module \(library) \(what)")
  }
  guard let table else { throw mismatch("gives no table: install the module again.") }
  // Before anything else of the table is looked at: a table of another contract has other things in these places.
  let raw = UnsafeRawPointer(table)
  let size = Int(raw.load(as: UInt32.self))
  let abi = raw.load(fromByteOffset: 4, as: UInt32.self)
  guard abi == THENAR_DRIVER_ABI else {
    throw mismatch(
      "was made for driver contract \(abi), and this Thenar has \(THENAR_DRIVER_ABI): install a module built for it.")
  }
  guard size >= MemoryLayout<thenar_driver>.size else {
    throw mismatch("has a table of \(size) bytes instead of \(MemoryLayout<thenar_driver>.size): build it again.")
  }
  let driver = table.pointee
  guard sameText(driver.id, id) else {
    throw mismatch("says that its id is not \(id): correct the id in its driver.json.")
  }
  if let version, !sameText(driver.version, version) {
    throw mismatch("says that its version is not \(version): install library and driver.json from one build.")
  }
  guard driver.create != nil, driver.start != nil, driver.receive != nil, driver.wake != nil, driver.stop != nil,
    driver.destroy != nil
  else { throw mismatch("lacks a function that every driver must have: build it again.") }
  return table
}

private func sameText(_ text: thenar_text, _ wanted: String) -> Bool {
  text.count == wanted.utf8.count
    && (text.count == 0
      || text.bytes.map { bytes in
        wanted.utf8.elementsEqual(
          UnsafeBufferPointer(start: bytes, count: text.count).lazy.map(UInt8.init(bitPattern:)))
      } ?? false)
}
