internal import DriverKit
package import Schemas

extension Profile {
  /// The keys of a profile.
  static var schema: Schema {
    let names = "is not small letters, digits and \"_\""
    return .object([
      SchemaField("$schema", .anyText),
      .required(
        "profile", .integer(1...1), "Version of this format.", missing: "is missing; this format is number 1"),
      .required("id", .name, "The file's name without .json."),
      .required("title", .name, "For a person."),
      SchemaField("notes", .anyText, "What a person should know of its timing and its limits."),
      SchemaField(
        "identity",
        .object([SchemaField("vendor", .anyText, "Maker."), SchemaField("model", .anyText, "Model.")]),
        "What is known without asking."),
      .required("serial", SerialLine.schema, "How the line is opened."),
      SchemaField("open", OpeningPlan.schema, "What is done when the line has been opened."),
      SchemaField("framing", Framing.schema, "How bytes become lines."),
      SchemaField("checksum", Checksum.schema, "What tells a damaged line."),
      SchemaField("poll", PollPlan.schema, "A question that is asked again and again."),
      SchemaField("watchdog", WatchdogPlan.schema, "How long the board may be silent."),
      SchemaField("clock", ClockPlan.schema, "The board's own clock."),
      SchemaField("fields", .map(FieldPlan.schema, names: names), "Conversion of named fields."),
      SchemaField("holes", .integer(1...64), "Holes are numbered from 1 to this."),
      SchemaField("trial_field", .name, "A stop belongs to a start when this field is the same in both."),
      SchemaField("rules", .list(RuleKeys.schema), "The first rule that matches counts."),
      SchemaField("json", JSONLines.schema, "Lines that are JSON objects."),
      SchemaField("commands", .map(CommandPlan.schema, names: names), "What can be written to the board."),
      SchemaField("unmatched", .word(Unmatched.self), "What a line is that no rule knows."),
      SchemaField(
        "limits", .object([SchemaField("max_lines_per_second", .integer(1...100_000), "More are dropped.")]),
        "What is more is dropped."),
    ])
  }
}

extension SerialLine {
  private enum ParityWord: String, CaseIterable { case none, odd, even }

  static var schema: Schema {
    .object([
      .required("baud", .integer(50...4_000_000), "Bits per second."),
      SchemaField("data_bits", .integer(5...8), "5 to 8."),
      SchemaField("parity", .word(ParityWord.self), "Parity."),
      SchemaField("stop_bits", .integer(1...2), "1 or 2."),
      SchemaField("dtr", .flag, "DTR after opening."),
      SchemaField("rts", .flag, "RTS after opening."),
    ])
  }

  init(_ value: CheckedValue?) {
    let parity: Parity =
      switch value?.word("parity") ?? ParityWord.none {
      case .none: .none
      case .odd: .odd
      case .even: .even
      }
    self.init(
      baud: UInt32(value?.integer("baud") ?? 0), dataBits: UInt32(value?.integer("data_bits") ?? 8), parity: parity,
      stopBits: UInt32(value?.integer("stop_bits") ?? 1), dtr: value?.flag("dtr") ?? true,
      rts: value?.flag("rts") ?? true)
  }
}

/// `docs/schemas/profile.schema.json`.
package var profileSchemaDocument: SchemaDocument {
  SchemaDocument(
    file: "profile.schema.json", title: "Line profile",
    about: "How a board or timer that speaks in lines of text is understood: docs/line-profiles.md.", Profile.schema)
}
