internal import DriverKit
internal import Schemas

/// How bytes become lines.
struct Framing {
  enum Kind: String, CaseIterable { case line, fixed, startEnd = "start_end" }

  var kind = Kind.line
  /// Bytes that end a line; for `start_end` also the one that begins it.
  var delimiters = ByteSet([0x0A, 0x0D])
  /// Bytes of a line of fixed length.
  var length = 0
  /// Byte that begins a frame of kind `start_end`.
  var start: UInt8 = 0x02
  /// A pause that ends an incomplete line of fixed length.
  var gap: Microseconds = 50_000
  /// Longest line in bytes.
  var maximumLength = 256
  /// Blanks at both ends are dropped.
  var trims = true
  /// Letters become capitals before the rules see them.
  var foldsCase = false

  static var schema: Schema {
    let isLine = SchemaField.Condition("kind", ["line"], unlessSaid: "line")
    let isFixed = SchemaField.Condition("kind", ["fixed"], unlessSaid: "line")
    let isDelimited = SchemaField.Condition("kind", ["start_end"], unlessSaid: "line")
    let character = Schema.saying(
      "must be one ASCII character; for lines that end CR LF write \"\\n\"", .ascii(1...1))
    return .object([
      SchemaField("kind", .word(Kind.self), "How bytes become lines."),
      SchemaField(
        "terminators", .saying("must be a list of one or more characters", .list(character, least: 1)),
        "Kind line: characters that end a line.", only: isLine),
      .required("length", .integer(1...4096), "Kind fixed: bytes of a line.", only: isFixed),
      SchemaField("gap_ms", .integer(1...10_000), "Kind fixed: a pause that ends an incomplete line.", only: isFixed),
      SchemaField("start", character, "Kind start_end: the character before a line.", only: isDelimited),
      SchemaField("end", character, "Kind start_end: the character behind a line.", only: isDelimited),
      SchemaField("trim", .flag, "Drop blanks at both ends."),
      SchemaField("max_length", .integer(1...4096), "Longest line in bytes."),
      SchemaField("encoding", .words(["ascii-lossy"]), "The only one."),
      SchemaField("case_fold", .flag, "Small letters become capitals before the rules see them."),
    ])
  }

  init() {}

  init(_ value: CheckedValue) {
    func byte(_ text: String?) -> UInt8? { text?.utf8.first }
    kind = value.word("kind") ?? .line
    trims = value.flag("trim") ?? true
    foldsCase = value.flag("case_fold") ?? false
    maximumLength = Int(value.integer("max_length") ?? 256)
    switch kind {
    case .line:
      if let list = value["terminators"] { delimiters = ByteSet(list.elements.compactMap { byte($0.node.string) }) }
    case .fixed:
      length = Int(value.integer("length") ?? 1)
      gap = 1000 * (value.integer("gap_ms") ?? 50)
    case .startEnd:
      start = byte(value.text("start")) ?? start
      delimiters = ByteSet([start, byte(value.text("end")) ?? 0x03])
    }
  }
}
