import Glibc
import Platform

/// Where driver modules lie. A module is a subfolder that holds a `driver.json`.
package struct ModuleFolders: Sendable {
  /// The manifests that were found, by folder and then by name.
  package private(set) var files: [ManifestFile] = []
  /// What could not be read.
  package private(set) var refused: [RefusedModule] = []

  /// Looks into each folder. Subfolders without a `driver.json`, and those whose name begins with a dot, are passed
  /// over.
  package init(_ folders: [String]) {
    for folder in folders { look(into: folder) }
  }

  private mutating func look(into folder: String) {
    let names: [String]
    do {
      names = try subfolderNames(of: folder)
    } catch .untrusted(let explanation) {
      return refused.append(RefusedModule(folder: folder, sentence: "\(explanation)."))
    } catch {
      refused.append(
        RefusedModule(
          folder: folder,
          sentence: "The folder \(folder) cannot be read (\(error.text)): create it, or take it out of "
            + "\"modules.folders\" in the station's configuration."))
      return
    }
    for name in names {
      let module = joinPath(folder, name)
      if access(module + "/driver.json", F_OK) != 0, SystemFailure.last.isAbsence { continue }
      do {
        files.append(ManifestFile(folder: module, text: try readSmallFile(module + "/driver.json")))
      } catch .untrusted(let explanation) {
        refused.append(RefusedModule(folder: module, sentence: "\(explanation)."))
      } catch {
        refused.append(
          RefusedModule(
            folder: module,
            sentence: "\(module)/driver.json cannot be read (\(error.text)): let the account that runs Thenar read it.")
        )
      }
    }
  }
}

private func subfolderNames(of folder: String) throws(FileFailure) -> [String] {
  let descriptor = try FileTrust.ofThisProcess.open(folder, O_RDONLY | O_DIRECTORY)
  guard let directory = fdopendir(descriptor) else {
    defer { close(descriptor) }
    throw .system(.last)
  }
  defer { closedir(directory) }
  var names: [String] = []
  while let entry = readdir(directory) {
    // d_name is a NUL-terminated array inside the entry, valid until the next readdir.
    let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
        String(cString: $0)
      }
    }
    if !name.hasPrefix(".") { names.append(name) }
  }
  return names.sorted()
}
