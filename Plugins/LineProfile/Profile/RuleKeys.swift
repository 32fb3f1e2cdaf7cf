internal import DriverKit
internal import Schemas

/// The keys of a rule.
enum RuleKeys {
  /// A rule that a pattern finds.
  static var schema: Schema { .part("rule", .object([.required("regex", LinePattern.schema)] + all)) }

  /// What every rule can have.
  static var all: [SchemaField] {
    [
      SchemaField(
        "event", .saying(EventNames.sentence, .either([EventNames.schema, .null])),
        "The event that the line makes; null: known and ignored."),
      SchemaField("set", constants, "Fields with the same value each time."),
      SchemaField("default", constants, "Values for fields that the line leaves out."),
      SchemaField(
        "when", .map(condition),
        "The rule matches only if each field is one of these texts or numbers, or in a range such as \"1..18\"."),
      SchemaField(
        "identify",
        .object([
          SchemaField("model", .anyText, "Field with the model."),
          SchemaField("serial", .anyText, "Field with the serial number."),
          SchemaField("firmware", .anyText, "Field with the firmware's version."),
        ]), "Which fields tell who the board is."),
      SchemaField(
        "banner", .flag, "The board says this when it starts; unasked it means that the board began anew."),
      SchemaField("abort", .anyText, "A trial that is running ends with trial.aborted and this reason."),
      SchemaField("sample", sample, "A field is a measurement."),
      SchemaField("edge", edge, "Levels become events."),
      SchemaField("bits", bits, "Each bit is a contact."),
    ]
  }

  private static var constants: Schema {
    let sentence = "must be a field name with a text, a number, true or false"
    return .saying(
      "must be an object of at most 8 fields", .map(.saying(sentence, .scalar), count: 0...8, names: sentence))
  }

  private static var condition: Schema {
    .saying(
      "must be a text, a number, a range such as \"1..18\", or a list of these", .either([.scalar, .list(.scalar)]))
  }

  private static var sample: Schema {
    .part(
      "sample",
      .object([
        .required("channel", .name, "Name of the channel."),
        .required("quantity", .name, "What it measures: force, time, count, ..."),
        .required("field", .name, "Field with the number; its entry in fields gives unit and conversion."),
        SchemaField(
          "quality",
          .object([
            .required("field", .name, "Field whose text tells the quality."),
            .required(
              "map",
              .map(
                .saying(
                  "must be one of \(Quality.named.map(\.word).joined(separator: ", "))",
                  .words(Quality.named.map(\.word)))), "What its texts mean."),
          ]), "What the line says of the quality."),
      ]))
  }

  private static var edge: Schema {
    let isLevel = SchemaField.Condition("mode", ["level"], unlessSaid: "level")
    let isDrop = SchemaField.Condition("mode", ["drop"], unlessSaid: "level")
    let sentence = "must be a number, or an object of numbers with a \"default\""
    let falls = Schema.map(.saying("must be a number from 0 on", .number(0...1e12)), required: ["default"])
    return .part(
      "edge",
      .object([
        .required("field", .name, "Field with the level."),
        SchemaField("index", .name, "Field that tells which sensor it is."),
        SchemaField(
          "mode", .word(EdgeRule.Mode.self), "level: two thresholds; drop: a fall from one line to the next."),
        .required("on_above", .anyNumber, "Level mode: on above this.", only: isLevel),
        SchemaField("off_below", .anyNumber, "Level mode: off below this.", only: isLevel),
        SchemaField(
          "hold_ms", .integer(0...60_000),
          "Level mode: how long the level must stay; the event has the time of its beginning.", only: isLevel),
        .required(
          "delta",
          .saying(
            sentence, .either([.saying("must not be negative", .number(0...1e12)), .saying(sentence, falls)])),
          "Drop mode: how far the level must fall, for all sensors or by sensor.", only: isDrop),
        SchemaField("also_when_equal", .anyNumber, "Drop mode: on also at exactly this level.", only: isDrop),
        .required("on", EventNames.schema, "The event when it goes on."),
        SchemaField("off", EventNames.schema, "The event when it goes off."),
      ]))
  }

  private static var bits: Schema {
    .part(
      "bits",
      .object([
        .required("field", .name, "Field with the mask."),
        SchemaField("base", .integer(2...16), "Base of its digits."),
        SchemaField("count", .integer(1...63), "How many bits it has."),
        SchemaField("first", .integer(0...1000), "Number of the lowest bit."),
        SchemaField("index", .anyText, "Key of the number in the events."),
        .required("set", EventNames.schema, "The event when a bit is set."),
        .required("clear", EventNames.schema, "The event when a bit is cleared."),
        SchemaField(
          "reconcile", .flag,
          "The mask repeats what other lines said of holes: a difference is a line that was lost."),
      ]))
  }
}

extension Quality {
  /// The words that a profile may use: all but that of what nobody sent.
  static let named = words.map { (word: $0, flag: Quality(words: [$0])) }.filter { $0.flag != .inferred }
}
