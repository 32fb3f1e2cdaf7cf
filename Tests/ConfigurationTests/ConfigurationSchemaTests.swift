import Configuration
import Manifests
import Platform
import StrictJSON
import Testing

/// The published schema and the reader must know the same keys. What the reader knows is taken from its own words about a
/// key that it does not know.
@Suite struct ConfigurationSchemaTests {
  private let schema: JSONNode

  init() throws {
    schema = try JSONNode(
      parsing: readSmallFile(repositoryPath("docs/schemas/configuration.schema.json")), limits: .file)
  }

  @Test(arguments: [
    (#"{ "unheard_of": 1 }"#, "properties"),
    (#"{ "socket": { "unheard_of": 1 } }"#, "properties/socket/properties"),
    (#"{ "roles": { "unheard_of": 1 } }"#, "properties/roles/properties"),
    (#"{ "roles": { "operator": { "unheard_of": 1 } } }"#, "$defs/members/properties"),
    (#"{ "roles": { "admin": { "unheard_of": 1 } } }"#, "$defs/members/properties"),
    (#"{ "modules": { "unheard_of": 1 } }"#, "properties/modules/properties"),
    (#"{ "devices": [{ "port": "1-1", "unheard_of": 1 }] }"#, "properties/devices/items/properties"),
    (#"{ "trials": { "unheard_of": 1 } }"#, "properties/trials/properties"),
    (#"{ "records": { "unheard_of": 1 } }"#, "properties/records/properties"),
  ])
  func knowsTheSameKeys(_ text: String, _ pointer: String) throws {
    let problem = #expect(throws: DocumentProblem.self) {
      try StationConfiguration(parsing: Array(text.utf8), file: "x")
    }
    let list = problem?.problem.split(separator: "known here: ").last?.split(separator: ";").first ?? ""
    let node = try self.node(at: pointer)
    #expect(
      list.split(separator: ", ").map(String.init)
        == (node.members ?? []).map(\.key).filter { $0 != "$schema" }.sorted())
  }

  /// A configuration made of the schema's defaults is the configuration that an empty file makes.
  @Test func statesTheSameDefaults() throws {
    var sections: [JSONMember] = []
    for section in try node(at: "properties").members ?? [] {
      if let value = section.node["default"] {
        sections.append(JSONMember(section.key, value))
      } else if let keys = section.node["properties"]?.members {
        let values = keys.compactMap { key in key.node["default"].map { JSONMember(key.key, $0) } }
        sections.append(JSONMember(section.key, JSONNode(.object(values))))
      }
    }
    var writer = JSONWriter()
    writer.node(JSONNode(.object(sections)))
    #expect(try StationConfiguration(parsing: writer.bytes, file: "thenar.json") == StationConfiguration())
    #expect(sections.map(\.key) == ["socket", "roles", "modules", "trials", "records"])
  }

  private func node(at pointer: String) throws -> JSONNode {
    var node = schema
    for key in pointer.split(separator: "/") { node = try #require(node[String(key)]) }
    return node
  }
}

/// Path of a file of this repository.
func repositoryPath(_ path: String) -> String {
  #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/" + path
}
