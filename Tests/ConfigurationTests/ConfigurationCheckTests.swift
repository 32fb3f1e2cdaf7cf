import Configuration
import Manifests
import Testing

@Suite struct ConfigurationCheckTests {
  private let catalogue = ModuleCatalogue([
    ManifestFile(
      folder: "/m",
      text: Array(
        #"""
        { "id": "stackmat", "name": "StackMat", "version": "0.1.0", "abi": 1, "library": "libStackMat.so",
          "transport": "serial", "match": [], "probe_writes": false, "channels": [], "instruments": [],
          "settings": [ { "name": "generation", "description": "3 or 4." } ] }
        """#.utf8))
  ])

  @Test func saysWhatTheModulesDoNotKnow() throws {
    let configuration = try StationConfiguration(
      parsing: Array(
        #"""
        {
          "devices": [
            { "port": "1-1", "module": "stackmat", "settings": { "generation": 4,
              "generations": 3 } },
            { "port": "1-2", "module": "line-profile" },
            { "usb": "08f7:0010", "settings": { "anything": 1 } }
          ],
          "modules": { "disabled": ["stackmat",
            "stakmat"] }
        }
        """#.utf8), file: "thenar.json")
    #expect(
      configuration.problems(with: catalogue).map(\.sentence) == [
        #"thenar.json, line 4: "devices[0].settings.generations" is not a setting of the module stackmat; its settings: generation."#,
        #"thenar.json, line 5: "devices[1].module" names the module line-profile, which is not installed or was refused; installed: stackmat."#,
        #"thenar.json, line 9: "modules.disabled[1]" names the module stakmat, which is not installed; installed: stackmat."#,
      ])
  }

  @Test func hasNothingToSayOfTheDefaults() {
    #expect(StationConfiguration().problems(with: ModuleCatalogue([])) == [])
  }
}
