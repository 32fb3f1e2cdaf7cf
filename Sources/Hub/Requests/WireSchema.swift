/// The JSON Schema of everything that the hub sends. `docs/schemas/wire.schema.json` is this text, held by a test.
package enum WireSchema {
  /// The schema, as JSON.
  package static let text = #"""
    {"$schema":"https://json-schema.org/draft/2020-12/schema"}
    """#
}
