internal import DriverKit
internal import Schemas

/// What is done when the line has been opened.
struct OpeningPlan {
  /// A board that resets when it is opened needs this long (PROTOCOL.md 8.1).
  var settle: Microseconds = 0
  /// Lines that come while it settles are dropped; otherwise the first one ends settling.
  var discardsInput = true
  /// The instrument is there when a line like this comes, however early.
  var expect: LinePattern?
  /// Written after settling.
  var send: [[UInt8]] = []
  /// How long an answer may take.
  var replyTimeout: Microseconds = 1_000_000
  /// How often `send` is tried until `expect` comes.
  var attempts = 3

  static var schema: Schema {
    .object([
      SchemaField("settle_ms", .integer(0...30_000), "How long a board takes to start after opening."),
      SchemaField("discard_input", .flag, "Lines that come meanwhile are dropped."),
      SchemaField("expect", LinePattern.schema, "The instrument is there when a line matches, however early."),
      SchemaField(
        "send", .list(.saying("must hold ASCII texts that are not empty", .ascii(1...256))), "Written after settling."),
      SchemaField("reply_timeout_ms", .integer(1...60_000), "How long an answer may take, also to commands."),
      SchemaField("attempts", .integer(1...100), "How often send is tried."),
    ])
  }

  init() {}

  init(_ value: CheckedValue) throws(JSONMismatch) {
    settle = 1000 * (value.integer("settle_ms") ?? 0)
    discardsInput = value.flag("discard_input") ?? true
    expect = try value["expect"]?.pattern()
    send = value["send"]?.elements.map { Array(($0.node.string ?? "").utf8) } ?? []
    replyTimeout = 1000 * (value.integer("reply_timeout_ms") ?? 1000)
    attempts = Int(value.integer("attempts") ?? 3)
  }
}

/// A question that is asked again and again.
struct PollPlan {
  var send: [UInt8]
  var interval: Microseconds
  /// An answer; `nil`: any line.
  var expect: LinePattern?
  var timeout: Microseconds

  static var schema: Schema {
    .object([
      .required("send", .saying("must be an ASCII text that is not empty", .ascii(1...256)), "The question."),
      SchemaField("every_ms", .integer(5...3_600_000), "Its interval."),
      SchemaField("expect", LinePattern.schema, "An answer; without it any line is one."),
      SchemaField("timeout_ms", .integer(1...60_000), "How long an answer may take."),
    ])
  }

  init(_ value: CheckedValue) throws(JSONMismatch) {
    send = Array((value.text("send") ?? "").utf8)
    interval = 1000 * (value.integer("every_ms") ?? 1000)
    expect = try value["expect"]?.pattern()
    timeout = 1000 * (value.integer("timeout_ms") ?? 1000)
  }
}

/// How long an instrument may be silent.
struct WatchdogPlan {
  /// Until it is told; 0: for ever.
  var silence: Microseconds = 0
  /// Until the line is opened anew; 0: for ever.
  var restart: Microseconds = 0

  static var schema: Schema {
    .object([
      SchemaField("silence_ms", .integer(0...86_400_000), "Silence until it is told; 0: never."),
      SchemaField("restart_ms", .integer(0...86_400_000), "Silence until the line is opened anew; 0: never."),
    ])
  }

  init() {}

  init(_ value: CheckedValue) {
    silence = 1000 * (value.integer("silence_ms") ?? 0)
    restart = 1000 * (value.integer("restart_ms") ?? 0)
  }
}
