// Prints a document of docs/schemas, made from what the reader of such a file checks: `scripts/generate`.
import Glibc
import LineProfile
import Schemas

/// Every document that is generated.
let documents = ["profile": profileSchemaDocument]

guard CommandLine.arguments.count == 2, let document = documents[CommandLine.arguments[1]] else {
  print("usage: thenar-schemas \(documents.keys.sorted().joined(separator: "|"))")
  exit(64)
}
print(document.text, terminator: "")
