internal import DriverKit
internal import StrictJSON

/// What is done when the line has been opened.
struct OpeningPlan {
  /// A board that resets when it is opened needs this long (fact sheet on serial devices, 7.5).
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

  init() {}

  init(_ fields: inout JSONFields) throws(JSONMismatch) {
    settle = 1000 * (try fields.integer("settle_ms", in: 0...30_000) ?? 0)
    discardsInput = try fields.flag("discard_input") ?? true
    expect = try fields.pattern("expect")
    send = try fields.asciiTexts("send")
    replyTimeout = 1000 * (try fields.integer("reply_timeout_ms", in: 1...60_000) ?? 1000)
    attempts = Int(try fields.integer("attempts", in: 1...100) ?? 3)
    try fields.end()
  }
}

/// A question that is asked again and again.
struct PollPlan {
  var send: [UInt8]
  var interval: Microseconds
  /// An answer; `nil`: any line.
  var expect: LinePattern?
  var timeout: Microseconds

  init(_ fields: inout JSONFields) throws(JSONMismatch) {
    let node = try fields.required("send")
    guard let text = node.string, let bytes = asciiBytes(text) else {
      throw fields.mismatch("send", node, "must be an ASCII text that is not empty")
    }
    send = bytes
    interval = 1000 * (try fields.integer("every_ms", in: 5...3_600_000) ?? 1000)
    expect = try fields.pattern("expect")
    timeout = 1000 * (try fields.integer("timeout_ms", in: 1...60_000) ?? 1000)
    try fields.end()
  }
}

/// How long an instrument may be silent.
struct WatchdogPlan {
  /// Until it is told; 0: for ever.
  var silence: Microseconds = 0
  /// Until the line is opened anew; 0: for ever.
  var restart: Microseconds = 0

  init() {}

  init(_ fields: inout JSONFields) throws(JSONMismatch) {
    silence = 1000 * (try fields.integer("silence_ms", in: 0...86_400_000) ?? 0)
    restart = 1000 * (try fields.integer("restart_ms", in: 0...86_400_000) ?? 0)
    try fields.end()
  }
}

extension JSONFields {
  fileprivate mutating func asciiTexts(_ key: String) throws(JSONMismatch) -> [[UInt8]] {
    var texts: [[UInt8]] = []
    for element in try list(key) {
      guard let text = element.string, let bytes = asciiBytes(text) else {
        throw mismatch(key, element, "must hold ASCII texts that are not empty")
      }
      texts.append(bytes)
    }
    return texts
  }
}

private func asciiBytes(_ text: String) -> [UInt8]? {
  !text.isEmpty && text.utf8.count <= 256 && text.utf8.allSatisfy { $0 < 0x80 } ? Array(text.utf8) : nil
}
