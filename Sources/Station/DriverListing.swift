internal import Manifests
internal import Readings
package import Wire

extension ModuleCatalogue {
  /// Each module as `drivers.list` tells of it.
  package func listing(libraryDirectories: [String]) -> [DriverReport] {
    modules.map { $0.listing(problem: $0.libraryProblem(libraryDirectories)) }
      + refused.map { DriverReport(refused: $0.sentence, file: $0.folder + "/driver.json") }
  }
}

extension InstalledModule {
  /// Why the module's library cannot be loaded, as far as files tell.
  fileprivate func libraryProblem(_ directories: [String]) -> String? {
    do {
      _ = try libraryPath(directories: directories)
      return nil
    } catch {
      return error.sentence
    }
  }

  fileprivate func listing(problem: String?) -> DriverReport {
    var report = DriverReport(
      id: manifest.id, name: manifest.name, version: manifest.version, transport: manifest.transport.rawValue,
      file: manifestPath)
    if let problem {
      report.state = "refused"
      report.sentence = problem
    }
    report.matches = manifest.rules.map(\.description)
    report.channels = manifest.channels.map { Channel(name: $0.name, quantity: $0.quantity, unit: $0.unit) }
    report.commands = manifest.commands.map { .init(name: $0.name, description: $0.description) }
    report.settings = manifest.settings.map { .init(name: $0.name, description: $0.description) }
    report.instruments = manifest.instruments.map {
      .init(name: $0.name, usb: $0.usb?.description ?? "", evidence: $0.evidence)
    }
    return report
  }
}
