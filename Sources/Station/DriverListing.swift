package import Manifests
internal import StrictJSON

extension ModuleCatalogue {
  /// Each module as `drivers.list` tells of it: a JSON object.
  package func listing(libraryDirectories: [String]) -> [[UInt8]] {
    modules.map { $0.listing(problem: $0.libraryProblem(libraryDirectories)) }
      + refused.map { refused in
        object { writer in
          writer.key("state")
          writer.string("refused")
          writer.key("text")
          writer.string(refused.sentence)
          writer.key("file")
          writer.string(refused.folder + "/driver.json")
        }
      }
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

  fileprivate func listing(problem: String?) -> [UInt8] {
    object { writer in
      writer.key("id")
      writer.string(manifest.id)
      writer.key("name")
      writer.string(manifest.name)
      writer.key("version")
      writer.string(manifest.version)
      writer.key("transport")
      writer.string(manifest.transport.rawValue)
      writer.key("state")
      writer.string(problem == nil ? "ok" : "refused")
      if let problem {
        writer.key("text")
        writer.string(problem)
      }
      writer.key("file")
      writer.string(manifestPath)
      writer.list("matches", manifest.rules) { $0.string($1.description) }
      writer.list("channels", manifest.channels) { writer, channel in
        writer.beginObject()
        writer.key("channel")
        writer.string(channel.name)
        writer.key("quantity")
        writer.string(channel.quantity)
        writer.key("unit")
        writer.string(channel.unit)
        writer.endObject()
      }
      writer.list("commands", manifest.commands) { $0.topic($1) }
      writer.list("settings", manifest.settings) { $0.topic($1) }
      writer.list("instruments", manifest.instruments) { writer, instrument in
        writer.beginObject()
        writer.key("name")
        writer.string(instrument.name)
        if let usb = instrument.usb {
          writer.key("usb")
          writer.string(usb.description)
        }
        writer.key("evidence")
        writer.string(instrument.evidence)
        writer.endObject()
      }
    }
  }
}

private func object(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
  var writer = JSONWriter()
  writer.beginObject()
  body(&writer)
  writer.endObject()
  return writer.bytes
}

extension JSONWriter {
  fileprivate mutating func list<Element>(
    _ key: StaticString, _ elements: [Element], _ write: (inout JSONWriter, Element) -> Void
  ) {
    self.key(key)
    beginArray()
    for element in elements { write(&self, element) }
    endArray()
  }

  fileprivate mutating func topic(_ topic: ManifestTopic) {
    beginObject()
    key("name")
    string(topic.name)
    key("description")
    string(topic.description)
    endObject()
  }
}
