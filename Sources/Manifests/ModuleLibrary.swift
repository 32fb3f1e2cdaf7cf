import Glibc
package import Platform

extension InstalledModule {
  /// Path of the module's shared library: in the module's own folder, else in the first of `directories` that has it.
  ///
  /// Thenar's own modules lie beside the executable, those of others usually in their own folder.
  ///
  /// `check` says why a file cannot be used: one that others could have changed is not passed over but refused.
  package func libraryPath(
    directories: [String], check: (String) throws(FileFailure) -> Void = checkReadable
  ) throws(DocumentProblem) -> String {
    let candidates = ([folder] + directories).map { joinPath($0, manifest.library) }
    for path in candidates {
      do {
        try check(path)
        return path
      } catch .untrusted(let explanation) {
        throw DocumentProblem(
          file: manifestPath, line: 0, key: "library", problem: "names a file that is not loaded: \(explanation)")
      } catch {
        continue
      }
    }
    throw DocumentProblem(
      file: manifestPath, line: 0, key: "library",
      problem: "names \(manifest.library), which can be read in none of \(candidates.joined(separator: ", ")); "
        + "build the module, or put the library into \(folder)")
  }
}

/// Whether a file can be read, and only by those changed who are trusted.
package func checkReadable(_ path: String) throws(FileFailure) {
  close(try FileTrust.ofThisProcess.open(path))
}

/// A name in a folder.
func joinPath(_ folder: String, _ name: String) -> String {
  folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
}
