import Configuration
import DriverTestKit
import Manifests
import Matching
import ModuleSamples
import Platform
import Testing

/// What stands in the repository is what the manifests in it make.
@Suite struct GeneratedFilesTests {
  private let modules = ModuleCatalogue(folders: [repositoryPath("Plugins")]).modules.map(\.manifest)

  @Test(arguments: ["udev/60-thenar.rules", "docs/supported-instruments.md"])
  func isUpToDate(file: String) throws {
    let kept = String(decoding: try readSmallFile(repositoryPath(file)), as: UTF8.self)
    let isRules = file.hasPrefix("udev")
    let made = isRules ? UdevRules.text(modules: modules) : SupportedInstruments.markdown(modules: modules)
    #expect(kept == made, "make generate writes it anew")
  }
}
