extension InstalledModule {
  /// Path of the module's shared library: in the module's own folder, else in the first of `directories` that has it.
  ///
  /// Thenar's own modules lie beside the executable, those of others usually in their own folder.
  package func libraryPath(
    directories: [String], isReadable: (String) -> Bool
  ) throws(DocumentProblem) -> String {
    let candidates = ([folder] + directories).map { joinPath($0, manifest.library) }
    if let path = candidates.first(where: isReadable) { return path }
    throw DocumentProblem(
      file: manifestPath, line: 0, key: "library",
      problem: "names \(manifest.library), which can be read in none of \(candidates.joined(separator: ", ")); "
        + "build the module, or put the library into \(folder)")
  }
}

/// A name in a folder.
func joinPath(_ folder: String, _ name: String) -> String {
  folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
}
