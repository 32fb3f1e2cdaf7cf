/// A manifest as it was found.
package struct ManifestFile: Equatable, Sendable {
  /// The module's folder.
  package let folder: String
  /// The text of its `driver.json`.
  package let text: [UInt8]

  /// The text of the `driver.json` in a folder.
  package init(folder: String, text: [UInt8]) {
    self.folder = folder
    self.text = text
  }
}

/// A module that can be used.
package struct InstalledModule: Equatable, Sendable {
  /// What its manifest says.
  package let manifest: ModuleManifest
  /// Where it lies.
  package let folder: String

  /// A module in a folder.
  package init(manifest: ModuleManifest, folder: String) {
    self.manifest = manifest
    self.folder = folder
  }

  /// Path of its manifest.
  package var manifestPath: String { joinPath(folder, "driver.json") }
}

/// A module that cannot be used.
package struct RefusedModule: Equatable, Sendable {
  /// Where it lies.
  package let folder: String
  /// Why, and what to do about it, in one plain sentence.
  package let sentence: String

  /// A module in a folder, and why it cannot be used.
  package init(folder: String, sentence: String) {
    self.folder = folder
    self.sentence = sentence
  }
}

/// The modules of a station.
package struct ModuleCatalogue: Equatable, Sendable {
  /// Modules that can be used, by id.
  package let modules: [InstalledModule]
  /// Modules that cannot, by folder.
  package let refused: [RefusedModule]

  /// Sorts manifests into those that can be used and those that cannot. The order of `files` makes no difference.
  package init(_ files: [ManifestFile], refused: [RefusedModule] = []) {
    var read: [InstalledModule] = []
    var refused = refused
    for file in files {
      let path = joinPath(file.folder, "driver.json")
      do {
        read.append(InstalledModule(manifest: try ModuleManifest(parsing: file.text, file: path), folder: file.folder))
      } catch {
        refused.append(RefusedModule(folder: file.folder, sentence: error.sentence))
      }
    }
    var usable: [InstalledModule] = []
    for (id, sameID) in [String: [InstalledModule]](grouping: read, by: \.manifest.id) {
      if let module = sameID.first, sameID.count == 1 {
        usable.append(module)
        continue
      }
      // Which of them is meant cannot be known, and the wrong one could misread an instrument.
      let paths = sameID.map(\.manifestPath).sorted().joined(separator: " and ")
      for module in sameID {
        refused.append(
          RefusedModule(
            folder: module.folder, sentence: "\(paths) have the same \"id\", \"\(id)\": remove all but one of them."))
      }
    }
    modules = usable.sorted { $0.manifest.id < $1.manifest.id }
    self.refused = refused.sorted { ($0.folder, $0.sentence) < ($1.folder, $1.sentence) }
  }

  /// The modules that lie in folders.
  package init(folders: [String]) {
    let found = ModuleFolders(folders)
    self.init(found.files, refused: found.refused)
  }

  /// What can no longer be used of what could be before: somebody made a mistake in it.
  package func spoilt(since before: ModuleCatalogue) -> [RefusedModule] {
    refused.filter { refused in
      before.modules.contains { $0.folder == refused.folder || $0.folder.hasPrefix(joinPath(refused.folder, "")) }
    }
  }

  /// The module with that id, if it can be used.
  package subscript(id: String) -> InstalledModule? { modules.first { $0.manifest.id == id } }
}
