/// What a value of a JSON document may be. A document's keys are described once, with it: what a reader refuses
/// (``CheckedValue``) and the JSON Schema that editors use (``SchemaDocument``) both follow from the description.
package indirect enum Schema {
  /// A text of so many characters.
  case text(ClosedRange<Int>)
  /// A text of so many ASCII characters.
  case ascii(ClosedRange<Int>)
  /// Small letters, digits and `_`, beginning with a letter, at most 32: what a field of an event is called.
  case fieldName
  /// A whole number in a range.
  case integer(ClosedRange<Int64>)
  /// A number in a range.
  case number(ClosedRange<Double>)
  /// Yes or no.
  case flag
  /// One of some words.
  case words([String])
  /// A text, a number, true or false.
  case scalar
  /// A list of at least so many elements.
  case list(Schema, least: Int = 0)
  /// An object with known keys.
  case object([SchemaField])
  /// An object with keys of the writer's own choice. `names` says what is wrong with a key that is no field name; without
  /// it every key will do.
  case map(Schema, count: ClosedRange<Int> = 0...Int.max, required: [String] = [], names: String? = nil)
  /// A value of one of these; which one is meant, its kind tells.
  case either([Schema])
  /// An object, or the value of one of its keys alone, of one of the kinds that may stand alone.
  case short(key: String, [Schema], Schema)
  /// Nothing. A key without a value is as good as none, so this only tells an editor that it makes sense to say so.
  case null
  /// A part that stands in several places of a document, under a name of its own.
  case part(String, Schema)
  /// With a sentence of its own for what is wrong.
  case saying(String, Schema)

  /// A text that is not empty.
  package static var name: Schema { .text(1...Int.max) }
  /// Any text.
  package static var anyText: Schema { .text(0...Int.max) }
  /// Any number that is no astronomer's.
  package static var anyNumber: Schema { .number(-1e12...1e12) }

  /// One of the words of a type.
  package static func word<Word: RawRepresentable & CaseIterable>(_: Word.Type) -> Schema
  where Word.RawValue == String {
    .words(Word.allCases.map(\.rawValue))
  }

  /// Without the names and sentences around it.
  var bare: Schema {
    switch self {
    case .part(_, let schema), .saying(_, let schema): schema.bare
    default: self
    }
  }
}

/// A key of an object.
package struct SchemaField {
  /// The key can be there only when another one has one of these words.
  package struct Condition {
    let key: String
    let words: [String]
    /// The word that it has unless said.
    let unlessSaid: String

    /// A condition; see the properties.
    package init(_ key: String, _ words: [String], unlessSaid: String) {
      self.key = key
      self.words = words
      self.unlessSaid = unlessSaid
    }
  }

  let key: String
  let value: Schema
  /// For the writer of a document.
  let about: String
  /// What is wrong when it is not there; `nil`: nothing.
  let missing: String?
  let condition: Condition?

  /// A key that may be left out.
  package init(_ key: String, _ value: Schema, _ about: String = "", only condition: Condition? = nil) {
    self.init(key, value, about, missing: nil, condition)
  }

  /// A key that must be there.
  package static func required(
    _ key: String, _ value: Schema, _ about: String = "", only condition: Condition? = nil,
    missing: String = "is missing"
  ) -> SchemaField {
    SchemaField(key, value, about, missing: missing, condition)
  }

  private init(_ key: String, _ value: Schema, _ about: String, missing: String?, _ condition: Condition?) {
    self.key = key
    self.value = value
    self.about = about
    self.missing = missing
    self.condition = condition
  }
}

/// Whether a name is one that ``Schema/fieldName`` describes.
package func isFieldName(_ name: String) -> Bool {
  func isSmall(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") }
  guard let first = name.utf8.first, isSmall(first), name.utf8.count <= 32 else { return false }
  return name.utf8.allSatisfy {
    isSmall($0) || ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")) || $0 == UInt8(ascii: "_")
  }
}
