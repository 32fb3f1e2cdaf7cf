internal import ArgumentParser
internal import Manifests
internal import Station

/// Prints the page of supported instruments, for the documentation.
struct SupportedInstrumentsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "supported-instruments", abstract: "Print the supported instruments as Markdown.",
    shouldDisplay: false)

  @OptionGroup var folders: ModuleFolderOptions

  func run() throws {
    let modules = try folders.catalogue(Installation()).modules.map(\.manifest)
    StandardOutput.write(Array(SupportedInstruments.markdown(modules: modules).utf8))
  }
}

/// Which driver modules a command is about.
struct ModuleFolderOptions: ParsableArguments {
  @Option(
    name: .customLong("modules"),
    help: ArgumentHelp("Folder of driver modules, instead of those that came with Thenar.", valueName: "dir"))
  var folders: [String] = []

  /// The modules; refused ones are told on standard error.
  func catalogue(_ installation: Installation) throws -> ModuleCatalogue {
    let catalogue = ModuleCatalogue(folders: folders.isEmpty ? installation.moduleFolders : folders)
    for refused in catalogue.refused { StandardError.write("thenar: \(refused.sentence)") }
    return catalogue
  }
}
