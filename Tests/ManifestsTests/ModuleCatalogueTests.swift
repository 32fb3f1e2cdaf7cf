import Glibc
import Manifests
import ModuleSamples
import Platform
import Testing

@Suite struct ModuleCatalogueTests {
  private let grip = ManifestFile(folder: "/m/grip", text: Array(Sample.grip.utf8))
  private let timer = ManifestFile(folder: "/m/timer", text: Array(Sample.timer.utf8))
  private let sameID = ManifestFile(folder: "/m/copy", text: Array(Sample.grip.utf8))
  private let broken = ManifestFile(folder: "/m/broken", text: Array("{".utf8))

  @Test func sortsTheGoodFromTheRefused() {
    let catalogue = ModuleCatalogue([timer, broken, grip])
    #expect(catalogue.modules.map(\.manifest.id) == ["go-direct", "stackmat"])
    #expect(catalogue["stackmat"]?.folder == "/m/timer")
    #expect(
      catalogue.refused == [
        RefusedModule(
          folder: "/m/broken",
          sentence: "/m/broken/driver.json, line 1: column 2: a key in quotes is missing; correct the file there.")
      ])
  }

  @Test func twoOfOneIDAreBothRefused() {
    let catalogue = ModuleCatalogue([grip, timer, sameID])
    let sentence =
      "/m/copy/driver.json and /m/grip/driver.json have the same \"id\", \"go-direct\": remove all but one of them."
    #expect(catalogue.modules.map(\.manifest.id) == ["stackmat"])
    #expect(
      catalogue.refused == [
        RefusedModule(folder: "/m/copy", sentence: sentence), RefusedModule(folder: "/m/grip", sentence: sentence),
      ])
  }

  @Test func theOrderOfTheFilesMakesNoDifference() {
    #expect(ModuleCatalogue([grip, timer, sameID, broken]) == ModuleCatalogue([broken, sameID, timer, grip]))
  }

  @Test func knowsWhatWasSpoilt() {
    let before = ModuleCatalogue([grip, timer])
    #expect(ModuleCatalogue([grip, broken]).spoilt(since: before) == [])
    let spoilt = ModuleCatalogue([grip, ManifestFile(folder: "/m/timer", text: Array("{".utf8))])
    #expect(spoilt.spoilt(since: before).map(\.folder) == ["/m/timer"])
    #expect(spoilt.spoilt(since: spoilt) == [])
    #expect(ModuleCatalogue([grip, timer, sameID]).spoilt(since: before).map(\.folder) == ["/m/grip"])
    let unreadable = ModuleCatalogue([], refused: [RefusedModule(folder: "/m", sentence: "It cannot be read.")])
    #expect(unreadable.spoilt(since: before).count == 1)
  }

  @Test func findsALibraryInTheModulesFolderFirst() throws {
    let module = InstalledModule(manifest: try Sample.manifest(Sample.grip), folder: "/m/grip")
    let beside = "/usr/libexec/thenar/libGoDirect.so"
    #expect(
      try module.libraryPath(directories: ["/usr/libexec/thenar"]) { (path) throws(FileFailure) in
        if path != beside { throw .system(SystemFailure(code: ENOENT)) }
      } == beside)
    #expect(
      try module.libraryPath(directories: ["/usr/libexec/thenar"]) { _ in } == "/m/grip/libGoDirect.so")
    #expect {
      try module.libraryPath(directories: ["/a/"]) { (_) throws(FileFailure) in
        throw .system(SystemFailure(code: ENOENT))
      }
    } throws: {
      ($0 as? DocumentProblem)?.sentence
        == "/m/grip/driver.json: \"library\" names libGoDirect.so, which can be read in none of /m/grip/libGoDirect.so, "
        + "/a/libGoDirect.so; build the module, or put the library into /m/grip."
    }
  }

  @Test func readsFolders() throws {
    var template = Array("/tmp/thenar-modules-XXXXXX".utf8CString)
    let root = try #require(mkdtemp(&template).map { String(cString: $0) })
    for folder in ["grip", "empty", ".hidden", "pipe"] { mkdir("\(root)/\(folder)", 0o700) }
    for folder in ["grip", ".hidden"] {
      let file = fopen("\(root)/\(folder)/driver.json", "w")
      fputs(Sample.grip, file)
      fclose(file)
    }
    // A named pipe would keep a reader waiting for ever.
    mkfifo("\(root)/pipe/driver.json", 0o600)
    let catalogue = ModuleCatalogue(folders: [root, "\(root)/absent"])
    #expect(catalogue.modules.map(\.folder) == ["\(root)/grip"])
    #expect(
      catalogue.refused.map(\.sentence) == [
        "The folder \(root)/absent cannot be read (No such file or directory): create it, or take it out of "
          + "\"modules.folders\" in the station's configuration.",
        "\(root)/pipe/driver.json cannot be read (Invalid argument): let the account that runs Thenar read it.",
      ])
    for path in ["grip/driver.json", ".hidden/driver.json", "pipe/driver.json"] { unlink("\(root)/\(path)") }
    for folder in ["grip", "empty", ".hidden", "pipe", ""] { rmdir("\(root)/\(folder)") }
  }

  @Test func everyModuleOfThisRepositoryIsAccepted() {
    let plugins = repositoryPath("Plugins")
    guard access(plugins, R_OK) == 0 else { return }
    #expect(ModuleCatalogue(folders: [plugins]).refused == [])
  }
}
