internal import ArgumentParser
internal import DriverTemplate
internal import Glibc
internal import Platform
internal import Station

/// Writes a driver module to begin with.
struct NewDriver: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Write a driver module that builds and passes its tests, to begin with.",
    discussion: """
      The module is a package of its own: a made-up pinch gauge with its emulator and its tests, to be replaced by \
      yours piece by piece. docs/write-a-driver.md explains each part.

      Examples:
        thenar drivers new pinch-gauge
        thenar drivers new pinch-gauge --path ~/pinch-gauge --thenar https://example.org/thenar.git

      Exit status: 0 when the module was written, 64 when the id or the place will not do, 1 when a file cannot be \
      written.
      """)

  @Argument(help: "The module's id: small letters and digits, words joined by \"-\".")
  var id: String

  @Option(help: ArgumentHelp("Where the package is written; must not be there yet. Absent: ./ID", valueName: "dir"))
  var path: String?

  @Option(
    help: ArgumentHelp(
      "Thenar's own package, a checkout or the URL of a repository. Absent: the checkout that this program is from.",
      valueName: "path-or-url"))
  var thenar: String?

  func run() throws {
    let template: DriverTemplate
    do throws(DriverTemplateFailure) {
      template = try DriverTemplate(id: id, thenar: try package)
    } catch {
      throw ValidationError(error.sentence)
    }
    let folder = path ?? id
    var status = stat()
    if lstat(folder, &status) == 0 {
      throw ValidationError("\(folder) is there already: name a folder that is not, with --path.")
    }
    for file in template.files { try write(file, in: folder) }
    StandardOutput.write(lines: ["\(folder) has a driver module: README.md says how to build, test and run it."])
  }

  /// Where the module's package finds DriverKit.
  private var package: ThenarPackage {
    get throws(DriverTemplateFailure) {
      guard let thenar else { return Installation().checkout.map { .checkout(path: $0) } ?? .unknown }
      if thenar.contains("://") || thenar.hasPrefix("git@") { return .repository(url: thenar) }
      guard let resolved = realpath(thenar, nil) else { throw .noCheckout(thenar) }
      defer { free(resolved) }
      let folder = String(cString: resolved)
      if access(folder + "/Package.swift", R_OK) != 0 { throw .noCheckout(thenar) }
      return .checkout(path: folder)
    }
  }

  private func write(_ file: DriverTemplate.File, in folder: String) throws {
    let path = "\(folder)/\(file.path)"
    do throws(SystemFailure) {
      if let slash = path.lastIndex(of: "/") { try makeDirectories(String(path[..<slash]), mode: 0o755) }
      try create(path, Array(file.text.utf8))
    } catch {
      StandardError.write("thenar: \(path) cannot be written: \(error.text).")
      throw ExitCode(1)
    }
  }

  private func create(_ path: String, _ bytes: [UInt8]) throws(SystemFailure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    if descriptor < 0 { throw .last }
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 { throw .last }
      rest = rest.dropFirst(count)
    }
  }
}
