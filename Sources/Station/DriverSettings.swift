package import Manifests
internal import Platform
package import StrictJSON

/// Why the settings of a device cannot be used.
package struct SettingsProblem: Error {
  /// One plain sentence that names the file and the fix.
  package var sentence: String
}

extension InstalledModule {
  /// The settings as the driver gets them: where a setting names a file of the module, the file's JSON stands instead.
  package func driverSettings(_ settings: JSONNode) throws(SettingsProblem) -> String {
    var members: [JSONMember] = []
    for member in settings.members ?? [] {
      if let folder = manifest.settingFiles[member.key], let name = member.node.string {
        members.append(JSONMember(member.key, try readSettingFile(name, in: folder)))
      } else {
        members.append(member)
      }
    }
    var writer = JSONWriter()
    writer.node(JSONNode(.object(members)))
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// A name means a file of the module; a path that begins with "/" means any file.
  private func readSettingFile(_ name: String, in settingFolder: String) throws(SettingsProblem) -> JSONNode {
    let isPath = name.hasPrefix("/")
    guard isPath || (!name.isEmpty && !name.contains("/") && !name.hasPrefix(".")) else {
      throw SettingsProblem(sentence: "\"\(name)\" is no name of a file in \(folder)/\(settingFolder).")
    }
    let path = isPath ? name : "\(folder)/\(settingFolder)/\(name).json"
    let text: [UInt8]
    do {
      text = try readSmallFile(path)
    } catch .untrusted(let explanation) {
      throw SettingsProblem(sentence: "\(explanation).")
    } catch {
      throw SettingsProblem(sentence: "\(path) cannot be read (\(error.text)): correct the name, or add the file.")
    }
    do {
      return try JSONNode(parsing: text, limits: .file)
    } catch {
      throw SettingsProblem(sentence: "\(path): \(error.sentence)")
    }
  }
}
