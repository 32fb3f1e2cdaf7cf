import Manifests
import ModuleSamples
import Platform
import StrictJSON
import Testing

/// The published schema and the parser must know the same keys. What the parser knows is taken from its own words about
/// a key that it does not know.
@Suite struct SchemaTests {
  private let schema: JSONNode

  init() throws {
    let path = repositoryPath("docs/schemas/driver.schema.json")
    schema = try JSONNode(parsing: readSmallFile(path), limits: .file)
  }

  @Test(arguments: [
    ("", #""id":"#, "properties"),
    ("match[0].", #""usb_vendor": "08F7""#, "properties/match/items/properties"),
    ("channels[0].", #""quantity""#, "properties/channels/items/properties"),
    ("commands[0].", #""description": "Sets"#, "properties/commands/items/properties"),
    ("settings[0].", #""description": "Between"#, "properties/settings/items/properties"),
    ("instruments[0].", #""evidence""#, "properties/instruments/items/properties"),
    ("emulator.", #""manufacturer""#, "properties/emulator/properties"),
  ])
  func knowsTheSameKeys(_ path: String, _ place: String, _ pointer: String) throws {
    let text = Sample.grip.replacing(place, with: "\"unheard_of\": 1, \(place)", maxReplacements: 1)
    #expect(try knownKeys(text, path) == keys(at: pointer))
  }

  @Test func knowsTheSameKeysOfASerialLine() throws {
    let text = Sample.timer.replacing(#""baud""#, with: #""unheard_of": 1, "baud""#)
    #expect(try knownKeys(text, "serial.") == keys(at: "properties/serial/properties"))
  }

  @Test func agreesOnWhatMustBeThere() throws {
    let whole = try JSONNode(parsing: Array(Sample.grip.utf8), limits: .file)
    let members = whole.members ?? []
    let needed = members.map(\.key).filter { key in
      var writer = JSONWriter()
      writer.node(JSONNode(.object(members.filter { $0.key != key })))
      return (try? ModuleManifest(parsing: writer.bytes, file: "x")) == nil
    }
    #expect(needed.sorted() == schema["required"]?.elements?.compactMap(\.string).sorted())
  }

  @Test func examplesOfTheSchemaAreManifests() throws {
    let examples = try #require(schema["examples"]?.elements)
    let ids = try examples.map { example in
      var writer = JSONWriter()
      writer.node(example)
      return try ModuleManifest(parsing: writer.bytes, file: "example").id
    }
    #expect(ids == ["example-grip", "example-timer"])
  }

  private func knownKeys(_ text: String, _ path: String) throws -> [String] {
    let problem = #expect(throws: DocumentProblem.self) { try Sample.manifest(text) }
    let words = try #require(problem)
    #expect(words.key == path + "unheard_of")
    let list = words.problem.split(separator: "known here: ").last?.split(separator: ";").first ?? ""
    return list.split(separator: ", ").map(String.init)
  }

  private func keys(at pointer: String) throws -> [String] {
    var node = schema
    for key in pointer.split(separator: "/") { node = try #require(node[String(key)]) }
    return (node.members ?? []).map(\.key).filter { $0 != "$schema" }.sorted()
  }
}
