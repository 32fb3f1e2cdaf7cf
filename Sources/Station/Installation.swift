internal import Glibc

/// Where the parts of this installation lie: found from the executable, so that a checkout and a package both work.
package struct Installation: Sendable {
  /// The directory of the running executable.
  package var directory: String

  /// The installation of the running executable.
  package init() {
    let executable = realpath("/proc/self/exe", nil).map { resolved in
      defer { free(resolved) }
      return String(cString: resolved)
    }
    directory = parent(of: executable ?? CommandLine.arguments[0])
  }

  /// The program that runs drivers and emulators.
  package var worker: String {
    let packaged = directory + "/../libexec/thenar/thenar-worker"
    return access(packaged, X_OK) == 0 ? packaged : directory + "/thenar-worker"
  }

  /// Folders of driver modules: those of a package, else those of the checkout that the executable was built in.
  package var moduleFolders: [String] {
    let packaged = directory + "/../lib/thenar/modules"
    if isDirectory(packaged) { return [packaged] }
    return checkout.map { [$0 + "/Plugins"] } ?? []
  }

  /// The checkout that the executable was built in, if that is where it is.
  package var checkout: String? {
    var folder = directory
    while folder != "/" && !folder.isEmpty {
      if access(folder + "/Package.swift", R_OK) == 0, isDirectory(folder + "/Plugins") { return folder }
      folder = parent(of: folder)
    }
    return nil
  }

  /// Where the libraries of modules are that are not in the modules' own folders.
  package var libraryDirectories: [String] { [directory] }
}

func parent(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "" }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

func isDirectory(_ path: String) -> Bool {
  var information = stat()
  return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
}
