internal import ArgumentParser
internal import Glibc
internal import Manifests
internal import Platform
internal import Station

/// Runs one emulated instrument.
struct Emulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the emulated instrument of a driver module.",
    discussion: """
      The instrument listens on a Unix socket: SOCK_SEQPACKET for HID modules, one message per report; SOCK_STREAM for \
      serial modules. A serial instrument can also stand behind a pseudo-terminal.

      Examples:
        thenar emulate go-direct --at unix:/tmp/grip.sock
        thenar emulate stackmat --at pty:/tmp/timer --settings '{"mode":"gen4"}'

      Exit status: 0 when ended by a signal, 64 when the request is wrong.
      """)

  @Argument(help: "The module's id, as \"thenar drivers\" shows it.")
  var module: String

  @Option(help: ArgumentHelp("Where the instrument can be opened.", valueName: "unix:PATH|pty:LINK"))
  var at: String

  @Option(help: ArgumentHelp("Settings of the emulator: a JSON object.", valueName: "json"))
  var settings = "{}"

  @Option(
    help: ArgumentHelp(
      "How a HID instrument describes itself, in hexadecimal, where its settings make it another one than the module's "
        + "usual one.", valueName: "bytes"))
  var reportDescriptor: String?

  @OptionGroup var folders: ModuleFolderOptions

  func run() throws {
    let installation = Installation()
    let catalogue = try folders.catalogue(installation)
    guard let installed = catalogue[module], let emulator = installed.manifest.emulator else {
      let known = catalogue.modules.filter { $0.manifest.emulator != nil }.map(\.manifest.id).joined(separator: ", ")
      throw ValidationError("No module named \"\(module)\" brings an emulator; there are: \(known).")
    }
    let library: String
    do {
      library = try installed.libraryPath(directories: installation.libraryDirectories)
    } catch {
      throw ValidationError(error.sentence)
    }
    var arguments = [
      "emulate", "--library", library, "--module", module, "--transport", installed.manifest.transport.rawValue, "--at",
      at, "--settings", settings,
    ]
    let descriptor = reportDescriptor ?? hexadecimal(emulator.reportDescriptor)
    if !descriptor.isEmpty { arguments += ["--report-descriptor", descriptor] }
    try become(installation.worker, arguments)
  }
}

/// Turns this process into another program: drivers and emulators run in one without the weight of this one.
func become(_ program: String, _ arguments: [String]) throws {
  var argv: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
  execv(program, &argv)
  let reason = SystemFailure.last.text
  for argument in argv { free(argument) }
  throw ValidationError("The program \(program) cannot be started: \(reason). Build or install it beside thenar.")
}
