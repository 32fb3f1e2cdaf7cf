package import Manifests
import StrictJSON

extension StationConfiguration {
  /// What in the configuration does not fit the modules that are installed, in order of the lines.
  package func problems(with catalogue: ModuleCatalogue) -> [DocumentProblem] {
    var problems: [DocumentProblem] = []
    let ids = catalogue.modules.map(\.manifest.id)
    let installed = ids.isEmpty ? "none" : ids.joined(separator: ", ")
    for (index, module) in modules.disabled.enumerated() where catalogue[module.id] == nil {
      problems.append(
        DocumentProblem(
          file: file, line: module.line, key: "modules.disabled[\(index)]",
          problem: "names the module \(module.id), which is not installed; installed: \(installed)"))
    }
    for (index, device) in devices.enumerated() {
      guard let id = device.module else { continue }
      guard let manifest = catalogue[id]?.manifest else {
        problems.append(
          DocumentProblem(
            file: file, line: device.line, key: "devices[\(index)].module",
            problem: "names the module \(id), which is not installed or was refused; installed: \(installed)"))
        continue
      }
      for member in device.settings.members ?? [] where !manifest.settings.contains(where: { $0.name == member.key }) {
        let known = manifest.settings.isEmpty ? "none" : manifest.settings.map(\.name).joined(separator: ", ")
        problems.append(
          DocumentProblem(
            file: file, line: member.node.line, key: "devices[\(index)].settings.\(member.key)",
            problem: "is not a setting of the module \(id); its settings: \(known)"))
      }
    }
    return problems.sorted { ($0.line, $0.key) < ($1.line, $1.key) }
  }
}
