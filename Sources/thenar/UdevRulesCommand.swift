internal import ArgumentParser
internal import Configuration
internal import Manifests
internal import Matching
internal import Station

/// Prints the udev rules for the instruments of this station.
struct UdevRulesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "udev-rules",
    abstract: "Print udev rules that let Thenar open the instruments of this station.",
    discussion: """
      Made from the driver modules, and from the devices that the configuration names. To install them:
        thenar udev-rules --config /etc/thenar/thenar.json > 60-thenar.rules
        sudo groupadd --system --force thenar
        sudo cp 60-thenar.rules /etc/udev/rules.d/
        sudo udevadm control --reload

      Then plug the instruments in anew. The user who runs Thenar must be a member of the group thenar.

      Exit status: 0 when printed, 78 when the configuration is wrong.
      """)

  @Option(name: .customLong("config"), help: ArgumentHelp("The station's configuration file.", valueName: "file"))
  var configurationFile: String?

  @OptionGroup var folders: ModuleFolderOptions

  func run() throws {
    var configured: [ConfiguredDevice] = []
    if let configurationFile {
      do {
        configured = try StationConfiguration(file: configurationFile).devices
      } catch {
        StandardError.write("thenar: \(error.sentence)")
        throw ExitCode(78)
      }
    }
    let modules = try folders.catalogue(Installation()).modules.map(\.manifest)
    StandardOutput.write(Array(UdevRules.text(modules: modules, configured: configured).utf8))
  }
}
